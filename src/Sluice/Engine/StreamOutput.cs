using System.Buffers;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Writes events in the client's format, and keeps what a later turn may need of them.</summary>
internal sealed class StreamOutput(Attempt attempt, IStreamEncoder encoder, CommitGate gate, ConversationMemory memory, bool remembers)
{
    private readonly StreamFolder? _folder = remembers ? new StreamFolder() : null;
    private readonly bool _stores = ConversationMemory.Stores(attempt.Call);

    public void Write(StreamEvent next)
    {
        _folder?.Add(next);
        if (next is not ResponseEnded)
        {
            encoder.Encode(next, gate.Output);
            return;
        }
        if (_folder is not null) memory.RememberAnswer(attempt, _folder.ToResponse());
        if (_stores) WriteEndAndStore(next);
        else encoder.Encode(next, gate.Output);
    }

    // The last event of a Responses stream repeats the whole response: that is what is kept.
    private void WriteEndAndStore(StreamEvent end)
    {
        using var written = new PooledBuffer();
        encoder.Encode(end, written);
        memory.RememberStream(attempt.Call, written.Written);
        gate.Output.Write(written.Written.Span);
    }
}
