namespace Sluice.Resilience.Limits;

/// <summary>A call that waits for room. It stands in one limiter's queue at a time and keeps its seniority when it moves to another's.</summary>
internal sealed class LimitWaiter(long tokens, long since)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the call is thought to use.</summary>
    public long Tokens => tokens;

    /// <summary>Time stamp of its arrival.</summary>
    public long Since => since;

    /// <summary>The limiter in whose queue it stands; changed only under that limiter's lock.</summary>
    public RateLimiter? QueuedAt { get; set; }

    /// <summary>Gets ready for the next signal. What the signal tells of must be looked at after this, or it would be missed.</summary>
    public Task Arm()
    {
        lock (_gate) return (_signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Makes it look again.</summary>
    public void Wake()
    {
        lock (_gate) _signal.TrySetResult();
    }
}
