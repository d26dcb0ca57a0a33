using System.Buffers;

namespace Sluice.Engine.KeepAlive;

/// <summary>
/// A client's stream that gets a ping while nobody has anything to tell it: connections that are silent for long are cut by proxies and clients. A ping before the answer has
/// begun sends its head; another target may still answer then, and an error goes into the stream.
/// </summary>
/// <param name="inner">The client.</param>
/// <param name="ping">What is sent, whole events only.</param>
/// <param name="early">The head of a stream whose answer has not begun.</param>
/// <param name="time">The clock.</param>
/// <param name="cancelled">The client has left.</param>
internal sealed class PingedSink(ICallSink inner, ReadOnlyMemory<byte> ping, Func<AnswerHead> early, TimeProvider time, CancellationToken cancelled) : ICallSink
{
    /// <summary>How long a client hears nothing before it gets a ping.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    // Who does not take even that is cut off.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private Task _pinging = Task.CompletedTask;
    private long _last = time.GetTimestamp();
    private int _claims;
    private bool _isTouched;

    /// <summary>True once the head has gone out, with the answer or with a ping before it.</summary>
    public bool IsOpen { get; private set; }

    /// <inheritdoc/>
    public bool HasStarted { get; private set; }

    /// <inheritdoc/>
    public IBufferWriter<byte> Body
    {
        get
        {
            _isTouched = true;
            return inner.Body;
        }
    }

    /// <inheritdoc/>
    public void Start(AnswerHead head)
    {
        HasStarted = true;
        if (IsOpen) return;
        IsOpen = true;
        inner.Start(head);
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_isTouched) _last = time.GetTimestamp();
        _isTouched = false;
        return inner.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Abort() => inner.Abort();

    /// <summary>Keeps pings out while somebody may write; waits for one that is on its way.</summary>
    public ValueTask ClaimAsync()
    {
        lock (_gate)
        {
            _claims++;
            return _pinging.IsCompleted ? default : new ValueTask(_pinging);
        }
    }

    /// <summary>Lets pings in again: a wait begins.</summary>
    public void Release()
    {
        lock (_gate) _claims--;
    }

    /// <summary>Sends a ping where it is time for one.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (_claims > 0 || !_pinging.IsCompleted || cancelled.IsCancellationRequested || time.GetElapsedTime(_last) < Silence) return;
            _last = time.GetTimestamp();
            _pinging = PingAsync();
        }
    }

    private async Task PingAsync()
    {
        try
        {
            if (!IsOpen) inner.Start(early());
            IsOpen = true;
            inner.Body.Write(ping.Span);
            await ClientFlush.WithinAsync(inner, Patience, time, cancelled).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SlowClientException or InvalidOperationException)
        {
            // The client has left, which the call learns by itself.
        }
    }
}
