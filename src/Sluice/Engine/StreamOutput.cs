using System.Buffers;
using Sluice.Engine.Buffers;
using Sluice.Engine.Continuing;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Transforms.Streams;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Writes events in the client's format, and keeps what a later turn may need of them.</summary>
internal sealed class StreamOutput(Attempt attempt, IStreamEncoder encoder, CommitGate gate, ConversationMemory memory, bool remembers)
{
    private readonly StreamFolder? _folder = remembers ? new StreamFolder() : null;
    private readonly bool _stores = ConversationMemory.Stores(attempt.Call);
    private readonly TransformedOutput? _transformed = TransformedOutput.Of(attempt);

    /// <summary>What the client was told; <see langword="null"/> where nobody may go on with it.</summary>
    public StreamSoFar? SoFar { get; } = Continuations.Concern(attempt.Call) ? new StreamSoFar() : null;

    /// <summary>True where another target may go on with this stream.</summary>
    public bool CanGoOn => gate.IsOpen && Failure is null && SoFar?.CanGoOn == true;

    /// <summary>Why a rule broke the stream off.</summary>
    public GatewayError? Failure => _transformed?.Failure;

    public void Write(StreamEvent next)
    {
        _folder?.Add(next);
        SoFar?.Add(next);
        if (next is not ResponseEnded)
        {
            Encode(next, gate.Output);
            return;
        }
        if (_folder is not null) memory.RememberAnswer(attempt, _folder.ToResponse());
        if (_stores) WriteEndAndStore(next);
        else Encode(next, gate.Output);
    }

    private void Encode(StreamEvent next, IBufferWriter<byte> output)
    {
        if (_transformed is null) encoder.Encode(next, output);
        else _transformed.Encode(encoder, next, output);
    }

    // The last event of a Responses stream repeats the whole response: that is what is kept.
    private void WriteEndAndStore(StreamEvent end)
    {
        using var written = new PooledBuffer();
        Encode(end, written);
        memory.RememberStream(attempt, written.Written);
        gate.Output.Write(written.Written.Span);
    }
}
