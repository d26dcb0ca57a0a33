namespace Sluice.Errors;

/// <summary>The one exception family at the library's edge. Inside, failures are values.</summary>
public class SluiceException : Exception
{
    /// <summary>Wraps a failure.</summary>
    public SluiceException(GatewayError error, Exception? inner = null)
        : base(error?.Message, inner) => Error = error ?? throw new ArgumentNullException(nameof(error));

    /// <summary>The failure with its facts.</summary>
    public GatewayError Error { get; }
}
