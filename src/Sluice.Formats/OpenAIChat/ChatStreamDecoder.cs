using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Reads a streamed answer of any vendor of this shape. Usage is taken from any chunk and a second <c>finish_reason</c> is the same end; so an answer
/// is told as finished only at <c>[DONE]</c>, or where the stream closes after every choice gave its reason.
/// </summary>
internal sealed class ChatStreamDecoder(ChatDialect dialect, ChatErrors errors, TranslationContext context) : IStreamDecoder
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    // OpenAI allows 128 choices.
    private const int MaxCandidates = 1024;

    private readonly List<ChatCandidateDecoder> _candidates = [];
    private string? _tier;
    private bool _started;
    private bool _over;

    /// <inheritdoc/>
    public void Decode(in StreamFrame frame, List<StreamEvent> events)
    {
        if (_over) return;
        var data = frame.Data.Span.Trim(" \t\r\n"u8);
        if (data.IsEmpty) return;
        if (data.SequenceEqual("[DONE]"u8))
        {
            End(events, _candidates.Count > 0);
            return;
        }
        try
        {
            using var document = JsonDocument.Parse(frame.Data, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new WireFormatException("", "a chunk is not a JSON object");
            if (IsError(frame, root))
            {
                // OpenRouter's last chunk has usage beside the error: it is paid for.
                ReadUsage(root, events);
                Fail(errors.Decode(0, frame.Data), events);
                return;
            }
            ReadChunk(root, events);
        }
        catch (WireFormatException e)
        {
            Fail(e.ToAnswerError(), events);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Fail(new GatewayError(ErrorKind.MalformedAnswer, "the provider's stream holds data that is not valid JSON"), events);
        }
    }

    /// <inheritdoc/>
    public void Complete(List<StreamEvent> events)
    {
        if (_over) return;
        End(events, _candidates.Count > 0 && _candidates.TrueForAll(c => c.HasReason));
    }

    private static bool IsError(in StreamFrame frame, JsonElement root)
    {
        if (frame.Event.Span.SequenceEqual("error"u8) || frame.IsException) return true;
        if (root.Get("error"u8) is { } error) return error.ValueKind is JsonValueKind.Object ? error.GetPropertyCount() > 0 : error.ValueKind is JsonValueKind.String && !error.ValueEqualsEmpty();
        return root.Text("object"u8) == "error";
    }

    private void ReadChunk(JsonElement root, List<StreamEvent> events)
    {
        var choices = root.Get("choices"u8);
        if (choices is { ValueKind: not JsonValueKind.Array }) throw new WireFormatException("choices", "must be an array");
        if (choices is null && root.Text("object"u8) != "chat.completion.chunk" && root.Get("usage"u8) is null)
        {
            if (root.Text("type"u8) is "keepalive" or "ping" or "heartbeat") events.Add(KeepAlive.Instance);
            else events.Add(new RawEvent(dialect.Id, root.Text("object"u8) ?? root.Text("type"u8) ?? "event", RawJson.From(root)));
            return;
        }
        Start(root, events);
        if (choices is { } list)
        {
            foreach (var choice in list.EnumerateArray()) ReadChoice(choice, events);
            // OpenAI tells the outcome of a moderation that was asked for in a chunk of its own.
            if (list.GetArrayLength() == 0 && root.Get("moderation"u8) is not null) events.Add(new RawEvent(dialect.Id, "moderation", RawJson.From(root)));
        }
        ReadUsage(root, events);
    }

    private void Start(JsonElement root, List<StreamEvent> events)
    {
        if (_started) return;
        _started = true;
        _tier = ServiceTiers.Of(root);
        events.Add(new ResponseStarted
        {
            Id = root.Text("id"u8) ?? "",
            Model = root.Text("model"u8) ?? "",
            CreatedAt = ChatResponseReader.ReadCreated(root),
            ServiceTier = _tier,
            SystemFingerprint = root.Text("system_fingerprint"u8) is { Length: > 0 } fingerprint ? fingerprint : null,
        });
    }

    private void ReadChoice(JsonElement choice, List<StreamEvent> events)
    {
        if (choice.ValueKind != JsonValueKind.Object) throw new WireFormatException("choices", "must hold objects");
        int index = (int)(choice.Count("index"u8) ?? 0);
        CandidateOf(index).Read(choice, events);
    }

    private ChatCandidateDecoder CandidateOf(int index)
    {
        foreach (var known in _candidates)
        {
            if (known.Index == index) return known;
        }
        if (_candidates.Count == MaxCandidates) throw new WireFormatException("choices", "has too many choices");
        var candidate = new ChatCandidateDecoder(index, dialect, context);
        _candidates.Add(candidate);
        return candidate;
    }

    private void ReadUsage(JsonElement root, List<StreamEvent> events)
    {
        if (ChatUsage.ReadFrom(root, dialect.Id) is not { } usage) return;
        Start(root, events);
        events.Add(new UsageReported(usage.ServiceTier is null && _tier is not null ? usage with { ServiceTier = _tier } : usage));
    }

    private void End(List<StreamEvent> events, bool complete)
    {
        if (!complete)
        {
            Fail(new GatewayError(ErrorKind.Network, "the provider's stream ended before the answer was complete"), events);
            return;
        }
        foreach (var candidate in _candidates) candidate.End(events);
        events.Add(new ResponseEnded());
        _over = true;
    }

    private void Fail(GatewayError error, List<StreamEvent> events)
    {
        _over = true;
        events.Add(new StreamFailed(error));
    }
}
