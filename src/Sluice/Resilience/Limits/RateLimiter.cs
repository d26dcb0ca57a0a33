using Sluice.Configuration;

namespace Sluice.Resilience.Limits;

/// <summary>
/// What has been used of one set of rates: requests and tokens per minute, calls at once; and the calls that wait for room, in order. Thread-safe;
/// used through <see cref="LimitSet"/>, which passes several limiters as one.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class RateLimiter(TimeProvider time)
{
    // When a call under way ends is not known; a client that asks again so soon does no harm.
    private static readonly TimeSpan ConcurrencyWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);
    private static long s_count;
    private readonly TokenBucket _requests = new(time);
    private readonly TokenBucket _tokens = new(time);
    private readonly LinkedList<LimitWaiter> _queue = [];
    private long _queuedTokens;
    private int _busy;

    /// <summary>Calls under way that passed it.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Calls that wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (Gate) return _queue.Count;
        }
    }

    /// <summary>Guards all state. Where several are taken they are taken by rising <see cref="Order"/>.</summary>
    internal Lock Gate { get; } = new();

    internal long Order { get; } = Interlocked.Increment(ref s_count);

    internal TimeProvider Time => time;

    /// <summary>The longest wait that a limit asks for; <see langword="null"/> where the call may pass. Under the lock.</summary>
    /// <param name="scope">The rates, and the name for the refusal.</param>
    /// <param name="tokens">What the call is thought to use.</param>
    /// <param name="self">The call's own place in a queue; <see langword="null"/> for one that has just come, behind everyone.</param>
    internal LimitRefusal? Check(LimitScope scope, long tokens, LimitWaiter? self)
    {
        var limits = scope.Limits;
        bool isBehind = _queue.First is { } first && first.Value != self && (self is null || first.Value.Since <= self.Since);
        (int calls, long ahead) = isBehind ? (_queue.Count, _queuedTokens) : (0, 0);
        LimitRefusal? longest = null;
        bool changed = false;
        if (limits.Rpm is { } rpm)
        {
            changed |= _requests.SetRate(rpm, limits.Burst);
            longest = Later(longest, scope, "rpm", rpm, _requests.WaitFor(1, calls), isBehind);
        }
        if (limits.Tpm is { } tpm)
        {
            changed |= _tokens.SetRate(tpm, limits.Burst);
            longest = Later(longest, scope, "tpm", tpm, _tokens.WaitFor(tokens, ahead), isBehind);
        }
        if (limits.Concurrency is { } most) longest = Later(longest, scope, "concurrency", most, _busy + calls >= most ? ConcurrencyWait : TimeSpan.Zero, isBehind);
        // A raised rate may have made room for the one who waits longest.
        if (changed && isBehind) WakeFirst();
        return longest;
    }

    /// <summary>Takes room that <see cref="Check"/> has found. Under the lock.</summary>
    internal void Take(LimitsConfig limits, long tokens)
    {
        if (limits.Rpm is not null) _requests.Take(1);
        if (limits.Tpm is not null) _tokens.Take(tokens);
        _busy++;
    }

    /// <summary>Ends a call that was let in; its tokens are corrected by what it used.</summary>
    internal void Exit(LimitsConfig limits, long reserved, long used)
    {
        lock (Gate)
        {
            _busy--;
            if (limits.Tpm is not null) _tokens.Take(used - reserved);
            WakeFirst();
        }
    }

    /// <summary>Takes back a call that was let in and never made.</summary>
    internal void Undo(LimitsConfig limits, long reserved)
    {
        lock (Gate)
        {
            _busy--;
            if (limits.Rpm is not null) _requests.Take(-1);
            if (limits.Tpm is not null) _tokens.Take(-reserved);
            WakeFirst();
        }
    }

    /// <summary>Puts a call into the queue by its seniority; false where the queue is full. Under the lock.</summary>
    internal bool TryJoin(LimitWaiter waiter, int most)
    {
        if (_queue.Count >= most) return false;
        var before = _queue.Last;
        while (before is not null && before.Value.Since > waiter.Since) before = before.Previous;
        if (before is null) _queue.AddFirst(waiter);
        else _queue.AddAfter(before, waiter);
        _queuedTokens += waiter.Tokens;
        waiter.QueuedAt = this;
        return true;
    }

    /// <summary>Takes a call out of the queue; the next may look whether there is room. Under the lock.</summary>
    internal void Leave(LimitWaiter waiter)
    {
        if (!_queue.Remove(waiter)) return;
        _queuedTokens -= waiter.Tokens;
        waiter.QueuedAt = null;
        WakeFirst();
    }

    /// <summary>Whether a call is the next to be served. Under the lock.</summary>
    internal bool IsFirst(LimitWaiter waiter) => _queue.First?.Value == waiter;

    private void WakeFirst() => _queue.First?.Value.Wake();

    private static LimitRefusal? Later(LimitRefusal? first, LimitScope scope, string name, long value, TimeSpan wait, bool isBehind)
    {
        // Room that is there belongs to those who wait: it is taken at once.
        if (isBehind && wait < LeastWait) wait = LeastWait;
        return wait > TimeSpan.Zero && (first is not { } known || wait > known.Wait) ? new LimitRefusal(scope.Name, name, value, wait) : first;
    }
}
