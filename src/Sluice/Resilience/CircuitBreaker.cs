using Sluice.Configuration;

namespace Sluice.Resilience;

/// <summary>The state of a breaker.</summary>
public enum BreakerState
{
    /// <summary>Calls pass.</summary>
    Closed,

    /// <summary>The target rests.</summary>
    Open,

    /// <summary>A few calls probe whether it is well again.</summary>
    HalfOpen,
}

/// <summary>
/// Lets a target rest that fails again and again: open after so many failures in a row, or by their share within a window; after a while a few probes
/// decide. Client errors and rate limits are no failures. Thread-safe; time comes from outside.
/// </summary>
public sealed class CircuitBreaker(TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _inARow;
    private int _calls;
    private int _failures;
    private int _probes;
    private long _windowStart;
    private long? _openedAt;

    /// <summary>Its state now.</summary>
    public BreakerState State(BreakerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        lock (_gate) return _openedAt is not { } opened ? BreakerState.Closed : time.GetElapsedTime(opened) < config.OpenFor ? BreakerState.Open : BreakerState.HalfOpen;
    }

    /// <summary>Asks for one call. Every admitted call must be reported with <see cref="Report"/>.</summary>
    /// <param name="config">The settings in force.</param>
    /// <param name="rest">How long the target still rests, where the answer is no.</param>
    public bool TryEnter(BreakerConfig config, out TimeSpan rest)
    {
        ArgumentNullException.ThrowIfNull(config);
        rest = TimeSpan.Zero;
        if (!config.Enabled) return true;
        lock (_gate)
        {
            if (_openedAt is not { } opened) return true;
            rest = config.OpenFor - time.GetElapsedTime(opened);
            if (rest > TimeSpan.Zero) return false;
            rest = TimeSpan.FromSeconds(1);
            if (_probes >= config.Probes) return false;
            _probes++;
            return true;
        }
    }

    /// <summary>Reports what became of an admitted call.</summary>
    /// <param name="config">The settings in force.</param>
    /// <param name="healthy">True when the target answered, false when it failed, <see langword="null"/> when the call says nothing about it.</param>
    public void Report(BreakerConfig config, bool? healthy)
    {
        ArgumentNullException.ThrowIfNull(config);
        lock (_gate)
        {
            bool probing = _openedAt is not null;
            if (_probes > 0) _probes--;
            if (healthy is null) return;
            if (healthy == true)
            {
                _inARow = 0;
                if (probing) Close();
                else Count(config, failed: false);
                return;
            }
            _inARow++;
            Count(config, failed: true);
            bool byRatio = config.FailureRatio is { } ratio && _calls >= config.MinCalls && _failures >= ratio * _calls;
            if (probing || _inARow >= config.Failures || byRatio) _openedAt = time.GetTimestamp();
        }
    }

    private void Close()
    {
        _openedAt = null;
        _calls = _failures = 0;
        _windowStart = time.GetTimestamp();
    }

    private void Count(BreakerConfig config, bool failed)
    {
        if (time.GetElapsedTime(_windowStart) > config.Window)
        {
            _calls = _failures = 0;
            _windowStart = time.GetTimestamp();
        }
        _calls++;
        if (failed) _failures++;
    }
}
