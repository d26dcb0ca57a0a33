namespace Sluice.Upstream;

/// <summary>Which wait an attempt is in.</summary>
public enum AttemptPhase
{
    /// <summary>The request is sent, nothing of the answer has come.</summary>
    FirstToken,

    /// <summary>Between two pieces of the answer.</summary>
    Idle,
}

/// <summary>
/// The timeouts of one attempt in one cancellation source: to the first piece of the answer, between two pieces, and in all. Re-armed by
/// traffic. The client's leaving cancels it too.
/// </summary>
internal sealed class AttemptTimer : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationTokenRegistration _stopping;
    private readonly TimeProvider _time;
    private readonly CancellationToken _client;
    private readonly CancellationToken _stop;
    private readonly TimeSpan _idle;
    private readonly long _end;
    private readonly long _slack;
    private long _armedAt;
    private bool _bounded;

    /// <summary>Starts the wait for the first piece.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="firstToken">Most time until the first piece.</param>
    /// <param name="idle">Most time between two pieces.</param>
    /// <param name="total">Most time in all; what is left of the call's own deadline where that is less.</param>
    /// <param name="client">Cancelled when the client leaves.</param>
    /// <param name="stop">Cancelled when the host must stop.</param>
    public AttemptTimer(TimeProvider time, TimeSpan firstToken, TimeSpan idle, TimeSpan total, CancellationToken client, CancellationToken stop = default)
    {
        (_time, _client, _stop, _idle) = (time, client, stop, idle);
        _slack = (long)(Slack.TotalSeconds * time.TimestampFrequency);
        _end = time.GetTimestamp() + (long)(total.TotalSeconds * time.TimestampFrequency);
        _bounded = total <= firstToken;
        _source = new CancellationTokenSource(Min(firstToken, total), time);
        _registration = client.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _source);
        _stopping = stop.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public TimeProvider Time => _time;

    public AttemptPhase Phase { get; private set; } = AttemptPhase.FirstToken;

    /// <summary>What is left of the total timeout.</summary>
    public TimeSpan Left => TimeSpan.FromSeconds(Math.Max(0, (_end - _time.GetTimestamp()) / (double)_time.TimestampFrequency));

    /// <summary>True when the timer itself ended the attempt.</summary>
    public bool HasExpired => _source.IsCancellationRequested && !_client.IsCancellationRequested && !_stop.IsCancellationRequested;

    /// <summary>True when the host's stop ended the attempt.</summary>
    public bool IsStopped => _stop.IsCancellationRequested && !_client.IsCancellationRequested;

    /// <summary>What ran out, for the error: <c>first_token</c>, <c>idle</c> or <c>total</c>.</summary>
    public string Expired => _bounded ? "total" : Phase == AttemptPhase.FirstToken ? "first_token" : "idle";

    // Re-arming a timer for every piece of a fast stream would cost more than relaying it: a little late is early enough.
    private TimeSpan Slack => Min(_idle / 16, TimeSpan.FromSeconds(1));

    /// <summary>A piece of the answer has come: the idle timeout starts anew.</summary>
    public void Progress()
    {
        long now = _time.GetTimestamp();
        if (Phase == AttemptPhase.Idle && _armedAt != 0 && now - _armedAt < _slack) return;
        Phase = AttemptPhase.Idle;
        _armedAt = now;
        Arm(_idle + Slack, now);
    }

    /// <summary>The provider is not waited for now, a slow client is: only the total timeout goes on, until the next <see cref="Progress"/>.</summary>
    public void Hold()
    {
        _armedAt = 0;
        Arm(TimeSpan.MaxValue, _time.GetTimestamp());
    }

    public void Dispose()
    {
        _registration.Dispose();
        _stopping.Dispose();
        _source.Dispose();
    }

    private void Arm(TimeSpan wait, long now)
    {
        var left = TimeSpan.FromSeconds(Math.Max(0, (_end - now) / (double)_time.TimestampFrequency));
        _bounded = left <= wait;
        _source.CancelAfter(Min(wait, left));
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
