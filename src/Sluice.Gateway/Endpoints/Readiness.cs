using Sluice.Gateway.Hosting;

namespace Sluice.Gateway.Endpoints;

/// <summary>Asks all checks at once. An answer holds for a second: probes may come often, and from anybody.</summary>
internal sealed class Readiness(IReadOnlyList<IReadinessCheck> checks, GatewayLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private Task<IReadOnlyList<CheckResult>>? _asked;
    private long _askedAt;

    /// <summary>In a word, for <c>status</c>.</summary>
    public string Word(IReadOnlyList<CheckResult> results) => !lifetime.IsReady ? "stopping" : results.All(r => r.Fault is null) ? "ready" : "not_ready";

    /// <summary>What each check says.</summary>
    public Task<IReadOnlyList<CheckResult>> AskAsync()
    {
        lock (_gate)
        {
            if (_asked is { IsCompleted: false } || (_asked is not null && time.GetElapsedTime(_askedAt) < Lifetime)) return _asked;
            _askedAt = time.GetTimestamp();
            return _asked = AskAllAsync();
        }
    }

    private async Task<IReadOnlyList<CheckResult>> AskAllAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        // A configuration with faults never comes into force.
        return [new CheckResult("configuration", null), .. await Task.WhenAll(checks.Select(check => AskAsync(check, patience.Token)))];
    }

    private static async Task<CheckResult> AskAsync(IReadinessCheck check, CancellationToken patience)
    {
        try
        {
            // Whoever ignores the token is not waited for.
            return new CheckResult(check.Name, await check.CheckAsync(patience).AsTask().WaitAsync(patience));
        }
        catch (OperationCanceledException)
        {
            return new CheckResult(check.Name, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }
}

/// <summary>A check's result.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Fault">Why it failed; <see langword="null"/> where it did not.</param>
internal sealed record CheckResult(string Name, string? Fault);
