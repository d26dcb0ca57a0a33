using Sluice.Configuration;

namespace Sluice.Resilience.Limits;

/// <summary>Holds calls to requests per minute, tokens per minute and concurrency, all or none. Thread-safe and exact: N pass where N may.</summary>
internal sealed class RateLimiter(TimeProvider time)
{
    // When a call under way ends is not known; a client that asks again so soon does no harm.
    private static readonly TimeSpan ConcurrencyWait = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly TokenBucket _requests = new(time);
    private readonly TokenBucket _tokens = new(time);
    private int _busy;

    /// <summary>Admits a call, or says which limit is reached. An admitted call must be given to <see cref="Exit"/>.</summary>
    /// <param name="limits">The rates in force.</param>
    /// <param name="tokens">What the call is thought to use.</param>
    public LimitRefusal? TryEnter(LimitsConfig limits, long tokens)
    {
        lock (_gate)
        {
            if (Refuse(limits, tokens) is { } refusal) return refusal;
            if (limits.Rpm is not null) _requests.Take(1);
            if (limits.Tpm is not null) _tokens.Take(tokens);
            _busy++;
            return null;
        }
    }

    /// <summary>Ends an admitted call.</summary>
    /// <param name="limits">The rates that it entered with.</param>
    /// <param name="reserved">The tokens that it entered with.</param>
    /// <param name="used">The tokens that it used.</param>
    public void Exit(LimitsConfig limits, long reserved, long used)
    {
        lock (_gate)
        {
            _busy--;
            if (limits.Tpm is not null) _tokens.Take(used - reserved);
        }
    }

    /// <summary>Takes back an admitted call that was never made.</summary>
    public void Undo(LimitsConfig limits, long reserved)
    {
        lock (_gate)
        {
            _busy--;
            if (limits.Rpm is not null) _requests.Take(-1);
            if (limits.Tpm is not null) _tokens.Take(-reserved);
        }
    }

    private LimitRefusal? Refuse(LimitsConfig limits, long tokens)
    {
        LimitRefusal? longest = null;
        if (limits.Rpm is { } rpm)
        {
            _requests.SetRate(rpm, limits.Burst);
            longest = Later(longest, "rpm", rpm, _requests.WaitFor(1));
        }
        if (limits.Tpm is { } tpm)
        {
            _tokens.SetRate(tpm, limits.Burst);
            longest = Later(longest, "tpm", tpm, _tokens.WaitFor(tokens));
        }
        if (limits.Concurrency is { } most && _busy >= most) longest = Later(longest, "concurrency", most, ConcurrencyWait);
        return longest;
    }

    private static LimitRefusal? Later(LimitRefusal? first, string name, long value, TimeSpan wait) =>
        wait > TimeSpan.Zero && (first is not { } known || wait > known.Wait) ? new LimitRefusal(name, value, wait) : first;
}
