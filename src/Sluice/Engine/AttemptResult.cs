using Sluice.Errors;

namespace Sluice.Engine;

/// <summary>What became of an attempt, for the loop that may make another.</summary>
/// <param name="Error">Why it failed; <see langword="null"/> on success.</param>
/// <param name="IsCommitted">True when bytes have gone to the client: nothing else may answer.</param>
internal readonly record struct AttemptResult(GatewayError? Error, bool IsCommitted)
{
    public static AttemptResult Success { get; } = new(null, true);

    public static AttemptResult Failed(GatewayError error) => new(error, false);
}
