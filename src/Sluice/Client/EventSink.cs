using System.Buffers;
using System.Threading.Channels;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Streaming;

namespace Sluice.Client;

/// <summary>Hands events to the caller once the answer is committed. Bytes are not expected.</summary>
internal sealed class EventSink(DirectFormat format, ChannelWriter<StreamEvent>? events) : ICallSink
{
    public bool HasStarted { get; private set; }

    public IBufferWriter<byte> Body { get; } = new ArrayBufferWriter<byte>();

    public void Start(AnswerHead head) => HasStarted = true;

    // Never told as complete: the reader gets it after what came before.
    public void Abort() => events?.TryComplete(new SluiceException(new GatewayError(ErrorKind.Timeout, "the stream was not read within timeout.total") { Code = "client_too_slow" }));

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (events is null) return;
        foreach (var next in format.Waiting) await events.WriteAsync(next, cancellationToken).ConfigureAwait(false);
        format.Waiting.Clear();
    }
}
