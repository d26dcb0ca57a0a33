using System.Buffers;
using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Formats.OpenAIChat;

/// <summary>The chunks of one choice: its number, and its role in the first of them.</summary>
internal sealed class CandidateChunks(int candidate, ChatChunkWriter chunks)
{
    private bool _hasRole;

    /// <summary>True until the first chunk is written.</summary>
    public bool IsEmpty => !_hasRole;

    /// <summary>A chunk whose delta is one string.</summary>
    public void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> member, string text) => chunks.WriteText(output, candidate, member, text, First());

    /// <summary>A chunk whose delta is written by the caller, members only.</summary>
    public void WriteDelta<TState>(IBufferWriter<byte> output, TState state, Action<Utf8JsonWriter, TState> write) => chunks.WriteDelta(output, candidate, First(), state, write);

    /// <summary>A chunk of token probabilities.</summary>
    public void WriteLogprobs(IBufferWriter<byte> output, IReadOnlyList<TokenLogprob> tokens) => chunks.WriteLogprobs(output, candidate, First(), tokens);

    /// <summary>The last chunk.</summary>
    public void WriteFinish(IBufferWriter<byte> output, string reason, Usage? usage) => chunks.WriteFinish(output, candidate, First(), reason, usage);

    private bool First()
    {
        bool first = !_hasRole;
        _hasRole = true;
        return first;
    }
}
