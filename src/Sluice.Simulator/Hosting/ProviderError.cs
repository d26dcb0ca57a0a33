namespace Sluice.Simulator.Hosting;

/// <summary>An error that a vendor is to put into its own words.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">See <see cref="Fault.Code"/>.</param>
/// <param name="Message">The text, or null for the vendor's usual one.</param>
/// <param name="Param">The field at fault, where the vendor names it.</param>
internal sealed record ProviderError(int Status, string? Code = null, string? Message = null, string? Param = null)
{
    /// <summary>The seconds that the error's own text or details speak of.</summary>
    public int RetryAfterSeconds { get; init; } = 20;
}
