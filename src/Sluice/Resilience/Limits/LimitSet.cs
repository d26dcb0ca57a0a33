namespace Sluice.Resilience.Limits;

/// <summary>
/// Limits that a call passes together: all of them or none, exactly as many calls as they allow, at any parallelism. Immutable; make one for each
/// combination and keep it. Every call that was let in must be given to <see cref="Exit"/> or <see cref="Undo"/> once.
/// </summary>
public sealed class LimitSet
{
    private readonly LimitScope[] _scopes;

    private LimitSet(LimitScope[] scopes)
    {
        _scopes = scopes;
        CountsTokens = scopes.Any(s => s.Limits.Tpm is not null);
    }

    /// <summary>Nothing is limited.</summary>
    public static LimitSet Empty { get; } = new([]);

    /// <summary>Whether every call passes.</summary>
    public bool IsEmpty => _scopes.Length == 0;

    /// <summary>Whether tokens are limited, so that an estimate is needed; without it any number will do.</summary>
    public bool CountsTokens { get; }

    /// <summary>The limits that apply together; scopes without any rate are left out.</summary>
    public static LimitSet Of(params IEnumerable<LimitScope> scopes)
    {
        // One order for all sets: two calls that share limiters cannot wait for each other's locks.
        LimitScope[] limited = [.. scopes.Where(s => !s.Limits.IsEmpty).DistinctBy(s => s.Limiter).OrderBy(s => s.Limiter.Order)];
        return limited.Length == 0 ? Empty : new LimitSet(limited);
    }

    /// <summary>Lets a call in now, or says which limit holds it longest.</summary>
    /// <param name="tokens">What the call is thought to use.</param>
    public LimitRefusal? TryEnter(long tokens) => IsEmpty ? null : Pass(tokens, null).Refusal;

    /// <summary>
    /// Lets a call in as soon as there is room, first come first served; or says which limit holds it: at once where the wait is longer than
    /// <paramref name="patience"/> or the limiter's queue is full (<c>limits.queue</c>), else when the patience is over.
    /// </summary>
    /// <param name="tokens">What the call is thought to use.</param>
    /// <param name="patience">The longest wait.</param>
    /// <param name="cancellationToken">The client has left.</param>
    /// <exception cref="OperationCanceledException">The client has left; the call was not let in.</exception>
    public ValueTask<LimitRefusal?> EnterAsync(long tokens, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (IsEmpty || TryEnter(tokens) is not { } refusal) return ValueTask.FromResult<LimitRefusal?>(null);
        return refusal.Wait >= patience ? ValueTask.FromResult<LimitRefusal?>(refusal) : new ValueTask<LimitRefusal?>(WaitAsync(tokens, patience, cancellationToken));
    }

    /// <summary>Ends a call that was let in.</summary>
    /// <param name="reserved">The tokens that it came in with.</param>
    /// <param name="used">The tokens that it used.</param>
    public void Exit(long reserved, long used)
    {
        foreach (var scope in _scopes) scope.Limiter.Exit(scope.Limits, reserved, used);
    }

    /// <summary>Takes back a call that was let in and never made: it counts for nothing.</summary>
    /// <param name="reserved">The tokens that it came in with.</param>
    public void Undo(long reserved)
    {
        foreach (var scope in _scopes) scope.Limiter.Undo(scope.Limits, reserved);
    }

    private async Task<LimitRefusal?> WaitAsync(long tokens, TimeSpan patience, CancellationToken cancellationToken)
    {
        var time = _scopes[0].Limiter.Time;
        long began = time.GetTimestamp();
        var waiter = new LimitWaiter(tokens, began);
        using var timer = time.CreateTimer(static w => ((LimitWaiter)w!).Wake(), waiter, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var left = cancellationToken.UnsafeRegister(static w => ((LimitWaiter)w!).Wake(), waiter);
        try
        {
            while (true)
            {
                // Armed before looking: what happens from here on is not missed.
                var signal = waiter.Arm();
                cancellationToken.ThrowIfCancellationRequested();
                var (refusal, isOver, due) = Pass(tokens, waiter, patience - time.GetElapsedTime(began));
                if (refusal is null || isOver) return refusal;
                timer.Change(due, Timeout.InfiniteTimeSpan);
                await signal.ConfigureAwait(false);
            }
        }
        finally
        {
            if (waiter.QueuedAt is { } limiter)
            {
                lock (limiter.Gate) limiter.Leave(waiter);
            }
        }
    }

    // Under the locks of all limiters: looks, and takes from all or queues at the one that holds the call longest.
    private (LimitRefusal? Refusal, bool IsOver, TimeSpan Due) Pass(long tokens, LimitWaiter? waiter, TimeSpan patience = default)
    {
        int locked = 0;
        try
        {
            for (; locked < _scopes.Length; locked++) _scopes[locked].Limiter.Gate.Enter();
            LimitScope? by = null;
            LimitRefusal? longest = null;
            foreach (var scope in _scopes)
            {
                if (scope.Limiter.Check(scope, tokens, waiter) is { } refusal && (longest is not { } known || refusal.Wait > known.Wait)) (longest, by) = (refusal, scope);
            }
            if (longest is null) Take(tokens, waiter);
            return longest is not { } held || waiter is null ? (longest, true, default) : Queue(waiter, by!, held, patience);
        }
        finally
        {
            while (locked > 0) _scopes[--locked].Limiter.Gate.Exit();
        }
    }

    private void Take(long tokens, LimitWaiter? waiter)
    {
        foreach (var scope in _scopes) scope.Limiter.Take(scope.Limits, tokens);
        if (waiter is not null) waiter.QueuedAt?.Leave(waiter);
    }

    private static (LimitRefusal? Refusal, bool IsOver, TimeSpan Due) Queue(LimitWaiter waiter, LimitScope by, LimitRefusal refusal, TimeSpan patience)
    {
        if (patience <= TimeSpan.Zero) return (refusal, true, default);
        if (waiter.QueuedAt != by.Limiter)
        {
            waiter.QueuedAt?.Leave(waiter);
            if (!by.Limiter.TryJoin(waiter, by.Limits.Queue)) return (refusal with { Queue = $" and limits.queue = {by.Limits.Queue} calls wait already" }, true, default);
        }
        // Only the first knows when there is room; the others are woken by the one before them.
        var due = by.Limiter.IsFirst(waiter) && refusal.Wait < patience ? refusal.Wait : patience;
        // Timers count whole milliseconds: rounded down, they would come too early again and again.
        return (refusal, false, TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds)));
    }
}
