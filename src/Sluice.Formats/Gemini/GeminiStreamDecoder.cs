using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Reads a streamed answer: each frame is an answer by itself that holds what is new. There is no end mark: the stream is over when it closes, and whole
/// when every candidate gave a finish reason. Every chunk counts tokens anew and only the last count is right, so usage is told twice: first and last.
/// </summary>
internal sealed class GeminiStreamDecoder(TranslationContext context) : IStreamDecoder
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };
    private readonly SortedDictionary<int, GeminiCandidateDecoder> _candidates = [];
    private readonly ArrayBufferWriter<byte> _usage = new(512);
    private readonly GeminiPartReader _parts = new(context);
    private GeminiToolCalls? _calls;
    private Usage? _told;
    private bool _isStarted;
    private bool _isBlocked;
    private bool _isOver;
    private bool _hasNewUsage;
    private bool _hasToldUsage;

    public void Decode(in StreamFrame frame, List<StreamEvent> events)
    {
        if (_isOver || frame.Data.IsEmpty || frame.Data.Span.SequenceEqual("[DONE]"u8)) return;
        try
        {
            using var document = JsonDocument.Parse(frame.Data, Options);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                Chunk(root, events);
                return;
            }
            if (root.ValueKind != JsonValueKind.Array) throw new WireFormatException("", "a chunk is not a JSON object");
            foreach (var chunk in root.EnumerateArray())
            {
                if (chunk.ValueKind != JsonValueKind.Object) throw new WireFormatException("", "a chunk is not a JSON object");
                if (!_isOver) Chunk(chunk, events);
            }
        }
        catch (WireFormatException e)
        {
            Fail(e.ToAnswerError(), events);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Fail(new GatewayError(ErrorKind.MalformedAnswer, "the provider's stream holds a chunk that is not valid JSON"), events);
        }
    }

    public void Complete(List<StreamEvent> events)
    {
        if (_isOver) return;
        bool isWhole = _candidates.Count == 0 ? _isBlocked : _candidates.Values.All(c => c.IsFinished || _isBlocked);
        if (!isWhole)
        {
            Fail(new GatewayError(ErrorKind.Network, "the provider's stream ended before the answer was complete"), events);
            return;
        }
        if (_candidates.Count == 0) events.Add(new CandidateFinished(0, FinishReason.ContentFilter));
        foreach (var candidate in _candidates.Values) candidate.Finish(events);
        TellUsage(events);
        events.Add(new ResponseEnded());
        _isOver = true;
    }

    private void Fail(GatewayError error, List<StreamEvent> events)
    {
        if (_isStarted) TellUsage(events);
        events.Add(new StreamFailed(error));
        _isOver = true;
    }

    private void Chunk(JsonElement root, List<StreamEvent> events)
    {
        if (root.Get("error"u8) is { } error)
        {
            Fail(GeminiErrors.Read(0, error) with { Raw = RawJson.From(root), RawFormat = WireFormatId.GeminiGenerate }, events);
            return;
        }
        if (!_isStarted) Start(root, events);
        foreach (var member in root.EnumerateObject())
        {
            if (member.NameEquals("candidates"u8)) Candidates(member.Value, events);
            else if (member.NameEquals("usageMetadata"u8)) KeepUsage(member.Value, events);
            else if (member.NameEquals("promptFeedback"u8)) _isBlocked |= GeminiResponseReader.IsBlock(member.Value);
        }
    }

    private void Start(JsonElement root, List<StreamEvent> events)
    {
        _isStarted = true;
        var notes = default(GeminiNotesBuilder);
        foreach (var member in root.EnumerateObject())
        {
            if (notes.Name(member) is "promptFeedback") notes.Keep(member);
        }
        var usage = root.Get("usageMetadata"u8);
        events.Add(new ResponseStarted
        {
            Id = root.Text("responseId"u8) ?? "",
            Model = root.Text("modelVersion"u8) ?? "",
            CreatedAt = root.Get("createTime"u8) is { } time ? GeminiResponseReader.Time(time) : null,
            ServiceTier = usage is { } counts ? GeminiUsage.ServiceTier(counts) : null,
            Notes = notes.Build(),
        });
    }

    private void Candidates(JsonElement candidates, List<StreamEvent> events)
    {
        if (candidates.ValueKind != JsonValueKind.Array) return;
        int position = 0;
        foreach (var json in candidates.EnumerateArray())
        {
            if (json.ValueKind != JsonValueKind.Object) throw new WireFormatException("candidates", "must hold objects");
            int index = json.Get("index"u8) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int given) ? given : position;
            if (!_candidates.TryGetValue(index, out var candidate)) _candidates[index] = candidate = new GeminiCandidateDecoder(index, _parts);
            candidate.Decode(json, events);
            if (json.Get("groundingMetadata"u8) is { ValueKind: JsonValueKind.Object } grounding) (_calls ??= new GeminiToolCalls()).Add(grounding);
            position++;
        }
    }

    // The bytes of the last count, which are read only once.
    private void KeepUsage(JsonElement usage, List<StreamEvent> events)
    {
        if (usage.ValueKind != JsonValueKind.Object) return;
        if (!_hasToldUsage)
        {
            _hasToldUsage = true;
            events.Add(new UsageReported(_told = GeminiUsage.Read(usage)));
            return;
        }
        _usage.ResetWrittenCount();
        _usage.Write(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(usage));
        _hasNewUsage = true;
    }

    private void TellUsage(List<StreamEvent> events)
    {
        if (!_hasNewUsage && _calls is null) return;
        if (_hasNewUsage)
        {
            using var document = JsonDocument.Parse(_usage.WrittenMemory, Options);
            _told = GeminiUsage.Read(document.RootElement);
        }
        if (_told is not { } told) return;
        events.Add(new UsageReported(_calls?.With(told) ?? told));
        (_hasNewUsage, _calls) = (false, null);
    }
}
