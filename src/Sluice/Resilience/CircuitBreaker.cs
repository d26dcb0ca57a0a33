using Sluice.Configuration;

namespace Sluice.Resilience;

/// <summary>
/// Lets a target rest that fails again and again: open after so many failures in a row, or by their share within a window; after a while a few probes
/// decide. Client errors and rate limits are no failures. A call that was let in before the breaker opened or closed no longer counts when it ends.
/// Thread-safe; time comes from outside.
/// </summary>
public sealed class CircuitBreaker(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly OutcomeWindow _window = new(time);
    private volatile bool _isOpen;
    private volatile BreakerConfig _settings = BreakerConfig.Default;
    private int _inARow;
    private int _probes;
    private int _era;
    private long _openedAt;

    /// <summary>Its state now, by the settings that it was last asked with.</summary>
    public BreakerState Current => State(_settings);

    /// <summary>Its state now.</summary>
    public BreakerState State(BreakerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        lock (_gate) return StateUnderLock(config);
    }

    /// <summary>Its state now with what led to it, by the settings that it was last asked with; for people.</summary>
    public BreakerStatus Status()
    {
        var config = _settings;
        lock (_gate)
        {
            var state = StateUnderLock(config);
            return new BreakerStatus(state, _inARow, state == BreakerState.Open ? Left(config) : TimeSpan.Zero);
        }
    }

    /// <summary>Whether every call would be refused now.</summary>
    /// <param name="config">The settings in force.</param>
    /// <param name="rest">How long the target still rests, where the answer is yes.</param>
    public bool IsOpen(BreakerConfig config, out TimeSpan rest)
    {
        ArgumentNullException.ThrowIfNull(config);
        rest = TimeSpan.Zero;
        if (!_isOpen || !config.Enabled) return false;
        lock (_gate)
        {
            if (_isOpen) rest = Left(config);
            return rest > TimeSpan.Zero;
        }
    }

    /// <summary>Asks for one call. Every call that is let in must be reported once with <see cref="Report"/>.</summary>
    /// <param name="config">The settings in force.</param>
    /// <param name="pass">What to report it with.</param>
    /// <param name="rest">How long the target still rests, where the answer is no.</param>
    public bool TryEnter(BreakerConfig config, out BreakerPass pass, out TimeSpan rest)
    {
        ArgumentNullException.ThrowIfNull(config);
        rest = TimeSpan.Zero;
        pass = default;
        _settings = config;
        if (!config.Enabled) return true;
        lock (_gate)
        {
            pass = new BreakerPass { Era = _era, IsProbe = _isOpen };
            if (!_isOpen) return true;
            rest = Left(config);
            if (rest > TimeSpan.Zero) return false;
            rest = TimeSpan.FromSeconds(1);
            if (_probes >= config.Probes) return false;
            _probes++;
            return true;
        }
    }

    /// <summary>Reports what became of a call that was let in.</summary>
    /// <param name="config">The settings in force.</param>
    /// <param name="pass">Its pass.</param>
    /// <param name="healthy">True when the target answered, false when it failed, <see langword="null"/> when the call says nothing about it.</param>
    public void Report(BreakerConfig config, BreakerPass pass, bool? healthy)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!config.Enabled) return;
        lock (_gate)
        {
            if (pass.Era != _era) return;
            if (pass.IsProbe) _probes--;
            if (healthy is not { } well) return;
            _inARow = well ? 0 : _inARow + 1;
            if (pass.IsProbe)
            {
                Turn(open: !well);
                return;
            }
            if (config.FailureRatio is not null) _window.Add(config.Window, !well);
            if (!well && (_inARow >= config.Failures || IsTooManyOf(config))) Turn(open: true);
        }
    }

    private BreakerState StateUnderLock(BreakerConfig config) =>
        !config.Enabled || !_isOpen ? BreakerState.Closed : Left(config) > TimeSpan.Zero ? BreakerState.Open : BreakerState.HalfOpen;

    private bool IsTooManyOf(BreakerConfig config) => config.FailureRatio is { } ratio && _window.Calls >= config.MinCalls && _window.Failures >= ratio * _window.Calls;

    private void Turn(bool open)
    {
        _isOpen = open;
        _openedAt = time.GetTimestamp();
        _era++;
        _probes = 0;
        _window.Clear();
    }

    private TimeSpan Left(BreakerConfig config) => config.OpenFor - time.GetElapsedTime(_openedAt);
}
