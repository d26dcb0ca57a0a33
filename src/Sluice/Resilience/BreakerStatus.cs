namespace Sluice.Resilience;

/// <summary>A breaker as health and the command line show it.</summary>
/// <param name="State">Its state.</param>
/// <param name="Failures">Failures in a row, up to the last call that counted.</param>
/// <param name="OpenFor">How long the target still rests; zero where it does not.</param>
public readonly record struct BreakerStatus(BreakerState State, int Failures, TimeSpan OpenFor);
