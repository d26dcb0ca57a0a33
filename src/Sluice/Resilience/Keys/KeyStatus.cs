namespace Sluice.Resilience.Keys;

/// <summary>A key as health, metrics and logs show it; never the key itself.</summary>
/// <param name="Name">Its name in the configuration, else <c>PROVIDER#2</c>.</param>
/// <param name="Condition">What it is good for now.</param>
/// <param name="Left">How long that lasts; zero for a good one.</param>
/// <param name="Reason">The kind of error that set it aside; <see langword="null"/> for a good one.</param>
public sealed record KeyStatus(string Name, KeyCondition Condition, TimeSpan Left, string? Reason);
