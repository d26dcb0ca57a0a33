using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Writes a streamed answer: chunks that each are an answer with what is new, text as it comes, calls whole (this format streams no pieces of them by default).
/// The last chunk has the finish reasons and the usage, and is written only when the answer is complete.
/// </summary>
internal sealed class GeminiStreamEncoder(TranslationContext context) : IStreamEncoder
{
    private readonly SortedDictionary<int, GeminiCandidateEncoder> _candidates = [];
    private readonly List<StreamEvent> _ready = [];
    private readonly GeminiChunkFraming _framing = new(context.StreamStyle);
    private GeminiCandidateEncoder? _first;
    private GeminiChunkTail _tail = new(new ResponseStarted());
    private Usage? _usage;

    public void Encode(StreamEvent next, IBufferWriter<byte> output)
    {
        switch (next)
        {
            case ResponseStarted e:
                _tail = new GeminiChunkTail(e);
                context.Losses.Unknown(e.Notes, WireFormatId.GeminiGenerate, "");
                break;
            case PartStarted e: Part(e.Candidate, e, output); break;
            case PartDelta e: Part(e.Candidate, e, output); break;
            case PartEnded e: Part(e.Candidate, e, output); break;
            case CandidateFinished e: Candidate(e.Candidate).End = e; break;
            case UsageReported e: _usage = e.Usage; break;
            case ResponseEnded: End(output); break;
            case StreamFailed e: _framing.Error(e.Error, output); break;
            case RawEvent e: context.Losses.Dropped($"stream.{e.Name}", $"only {e.Format} has this event"); break;
            default: break;
        }
    }

    private void Part(int candidate, StreamEvent next, IBufferWriter<byte> output)
    {
        var encoder = Candidate(candidate);
        _ready.Clear();
        encoder.Sequencer.Add(next, _ready);
        foreach (var ready in _ready)
        {
            if (encoder.Take(ready, context.Losses) is not { } content) continue;
            _framing.Chunk(output, (encoder.Index, content, _tail), static (writer, s) => WriteChunk(writer, s.Index, s.content, s._tail));
        }
    }

    private GeminiCandidateEncoder Candidate(int index)
    {
        if (_first?.Index == index) return _first;
        if (!_candidates.TryGetValue(index, out var candidate))
        {
            _candidates[index] = candidate = new GeminiCandidateEncoder(index);
            _first ??= candidate;
        }
        return candidate;
    }

    private void End(IBufferWriter<byte> output)
    {
        Candidate(_first?.Index ?? 0);
        _framing.Chunk(output, this, static (writer, e) => e.WriteLast(writer));
        _framing.End(output);
    }

    private static void WriteChunk(Utf8JsonWriter writer, int index, in GeminiContent content, GeminiChunkTail tail)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("candidates"u8);
        writer.WriteStartObject();
        writer.WriteStartObject("content"u8);
        writer.WriteStartArray("parts"u8);
        content.Write(writer);
        writer.WriteEndArray();
        writer.WriteString("role"u8, "model"u8);
        writer.WriteEndObject();
        writer.WriteNumber("index"u8, index);
        writer.WriteEndObject();
        writer.WriteEndArray();
        tail.Write(writer);
        writer.WriteEndObject();
    }

    private void WriteLast(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("candidates"u8);
        foreach (var candidate in _candidates.Values) candidate.WriteEnd(writer, context.Losses);
        writer.WriteEndArray();
        if (_usage is not null)
        {
            writer.WritePropertyName("usageMetadata"u8);
            GeminiUsage.Write(writer, _usage);
        }
        _tail.Write(writer);
        writer.WriteEndObject();
    }
}
