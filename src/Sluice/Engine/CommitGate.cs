using System.Buffers;
using Sluice.Engine.Buffers;
using Sluice.Upstream;

namespace Sluice.Engine;

/// <summary>
/// Holds an answer's bytes back until its first content: until then another target may still answer. After <see cref="Commit"/> everything goes
/// straight to the client.
/// </summary>
internal sealed class CommitGate(Attempt attempt, string contentType, TimeProvider time) : IDisposable
{
    private PooledBuffer? _held;

    public bool IsOpen { get; private set; }

    /// <summary>Where bytes are written now.</summary>
    public IBufferWriter<byte> Output => IsOpen ? attempt.Sink.Body : _held ??= new PooledBuffer(account: attempt.Call.Buffers);

    /// <summary>Lets everything through from here on.</summary>
    public void Commit()
    {
        if (IsOpen) return;
        attempt.Commit(time);
        IsOpen = true;
        attempt.Sink.Start(AnswerHeads.Of(attempt.Call, contentType, null, stream: true));
        if (_held is null) return;
        attempt.Sink.Body.Write(_held.Written.Span);
        _held.Dispose();
        _held = null;
    }

    /// <summary>Sends the end of what was let through.</summary>
    public ValueTask FlushLastAsync() => IsOpen ? ClientFlush.WithinAsync(attempt.Sink, attempt.Target.Timeouts.Total, time, attempt.Cancelled) : ValueTask.CompletedTask;

    /// <summary>Sends what was let through, and takes the time that a slow client needs for it from no provider's timeout but the total one.</summary>
    public ValueTask FlushAsync(AttemptTimer timer)
    {
        if (!IsOpen) return ValueTask.CompletedTask;
        var flush = ClientFlush.WithinAsync(attempt.Sink, timer.Left, time, attempt.Cancelled);
        return flush.IsCompletedSuccessfully ? ValueTask.CompletedTask : HeldAsync(flush, timer);
    }

    private static async ValueTask HeldAsync(ValueTask flush, AttemptTimer timer)
    {
        timer.Hold();
        await flush.ConfigureAwait(false);
        timer.Progress();
    }

    public void Dispose() => _held?.Dispose();
}
