using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>
/// Reads a stream of the Responses API. Items are told apart by <c>output_index</c>, never by order: OpenRouter opens one before it closes the
/// other, and MCP listings overlap. Whatever a stream leaves out (missing "added", "done" or deltas) is taken from the later events that repeat it.
/// </summary>
internal sealed class ResponsesStreamDecoder(TranslationContext context) : IStreamDecoder
{
    private const int MaxIndex = 1 << 20;

    private readonly SortedDictionary<int, StreamedItem> _items = [];
    private bool _started;
    private bool _over;

    /// <inheritdoc/>
    public void Decode(in StreamFrame frame, List<StreamEvent> events)
    {
        if (_over) return;
        var data = frame.Data.Span;
        if (data.SequenceEqual("[DONE]"u8) || data.IsEmpty) return;
        try
        {
            using var document = JsonDocument.Parse(frame.Data, new JsonDocumentOptions { MaxDepth = 128 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new WireFormatException("", "an event is not a JSON object");
            Read(root, frame, events);
        }
        catch (WireFormatException e)
        {
            Fail(e.ToAnswerError(), events);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Fail(new GatewayError(ErrorKind.MalformedAnswer, "the provider's stream holds an event that is not valid JSON"), events);
        }
    }

    /// <inheritdoc/>
    public void Complete(List<StreamEvent> events)
    {
        if (!_over) Fail(new GatewayError(ErrorKind.Network, "the provider's stream ended before the answer was complete"), events);
    }

    private void Read(JsonElement root, in StreamFrame frame, List<StreamEvent> events)
    {
        if (!root.TryGetProperty("type"u8, out var type) || type.ValueKind != JsonValueKind.String)
        {
            if (root.Get("error"u8) is not null) Fail(ResponsesErrors.Read(0, root), events);
            else if (!frame.Event.IsEmpty) Dispatch(System.Text.Encoding.UTF8.GetString(frame.Event.Span), root, events);
            return;
        }
        // The three kinds that make up nearly all of a stream, without a string for the type.
        if (type.ValueEquals("response.output_text.delta"u8)) ItemOf(root, "message", events).AddText(root, events);
        else if (type.ValueEquals("response.function_call_arguments.delta"u8)) ItemOf(root, "function_call", events).AddArguments(root, events);
        else if (type.ValueEquals("response.reasoning_summary_text.delta"u8)) ItemOf(root, "reasoning", events).AddSummary(root, events);
        else Dispatch(type.GetString()!, root, events);
    }

    private void Dispatch(string type, JsonElement root, List<StreamEvent> events)
    {
        switch (type)
        {
            case "response.created" or "response.queued" or "response.in_progress":
                Start(root.Get("response"u8) ?? default, events);
                break;
            case "response.output_item.added":
                Start(default, events);
                Add(root, events);
                break;
            case "response.output_item.done":
                if (root.Object("item"u8) is { } done) ItemOf(root, done.Text("type"u8) ?? "message", events, done).End(done, events);
                break;
            case "response.content_part.added": ItemOf(root, "message", events).StartContent(root, events); break;
            case "response.content_part.done": ItemOf(root, "message", events).EndContent(root, events); break;
            case "response.refusal.delta": ItemOf(root, "message", events).AddRefusal(root, events); break;
            case "response.output_text.annotation.added": ItemOf(root, "message", events).AddAnnotation(root, events); break;
            case "response.reasoning_text.delta": ItemOf(root, "reasoning", events).AddReasoning(root, events); break;
            case "response.custom_tool_call_input.delta": ItemOf(root, "custom_tool_call", events).AddArguments(root, events); break;
            case "response.output_text.done" or "response.refusal.done" or "response.reasoning_text.done" or "response.reasoning_summary_text.done"
                or "response.reasoning_summary_part.added" or "response.reasoning_summary_part.done" or "response.function_call_arguments.done"
                or "response.custom_tool_call_input.done":
                break; // the item's own end repeats all of it
            case "response.completed" or "response.incomplete" or "response.cancelled": Finish(root.Object("response"u8) ?? root, events); break;
            case "response.failed": FinishFailed(root.Object("response"u8) ?? root, events); break;
            case "error": Fail(ResponsesErrors.Read(0, root), events); break;
            case var progress when context.ClientFormat != WireFormatId.OpenAIResponses && IsProgress(progress): events.Add(KeepAlive.Instance); break;
            default:
                Start(default, events);
                events.Add(new RawEvent(WireFormatId.OpenAIResponses, type, RawJson.From(root)));
                break;
        }
    }

    // What the provider's own tools are doing: their items tell at their end what came of it.
    private static bool IsProgress(string type) =>
        type is "keepalive" or "ping" or "heartbeat" || (type.StartsWith("response.", StringComparison.Ordinal) && (type.Contains("_call", StringComparison.Ordinal) || type.StartsWith("response.mcp_list_tools.", StringComparison.Ordinal)));

    private void Start(JsonElement response, List<StreamEvent> events)
    {
        if (_started) return;
        _started = true;
        bool known = response.ValueKind == JsonValueKind.Object;
        events.Add(new ResponseStarted
        {
            Id = known ? response.Text("id"u8) ?? "" : "",
            Model = known ? response.Text("model"u8) ?? "" : "",
            CreatedAt = known ? ResponsesResponseReader.CreatedAt(response) : null,
            // At the start this is the class that was asked for; only the end names the one that answered.
            Notes = known ? ResponsesResponseReader.ReadNotes(response, context) : null,
        });
    }

    private void Add(JsonElement root, List<StreamEvent> events)
    {
        if (root.Object("item"u8) is not { } item) throw new WireFormatException("item", "is missing; an object is required");
        int index = IndexOf(root);
        if (_items.ContainsKey(index)) return;
        var added = _items[index] = StreamedItem.Create(index, item.Text("type"u8) ?? "message", context);
        added.Open(item, events);
    }

    private StreamedItem ItemOf(JsonElement root, string type, List<StreamEvent> events, JsonElement item = default)
    {
        Start(default, events);
        int index = IndexOf(root);
        if (_items.TryGetValue(index, out var known)) return known;
        var added = _items[index] = StreamedItem.Create(index, type, context);
        added.Open(item, events);
        return added;
    }

    private static int IndexOf(JsonElement root)
    {
        int index = root.Int32("output_index"u8) ?? 0;
        return index is >= 0 and < MaxIndex ? index : throw new WireFormatException("output_index", "is out of range");
    }

    private void Finish(JsonElement response, List<StreamEvent> events)
    {
        Start(response, events);
        CloseItems(response, events);
        if (ResponsesUsage.Read(response) is { } usage) events.Add(new UsageReported(usage));
        var parts = _items.Values.SelectMany(i => i.Ended).ToList();
        if ((ResponsesFinish.Read(response, parts) ?? ResponsesFinish.Completed(parts, _items.Count > 0)) is { } reason) events.Add(new CandidateFinished(0, reason));
        events.Add(new ResponseEnded { ServiceTier = response.Text("service_tier"u8), Notes = ResponsesResponseReader.ReadNotes(response, context) });
        _over = true;
    }

    // Items whose "done" never came, or that no event told of at all, end as the final response has them.
    private void CloseItems(JsonElement response, List<StreamEvent> events)
    {
        if (response.Array("output"u8) is { } output)
        {
            int index = 0;
            foreach (var item in output.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.Object) throw new WireFormatException("response.output", "must hold objects");
                if (!_items.TryGetValue(index, out var open))
                {
                    open = _items[index] = StreamedItem.Create(index, item.Text("type"u8) ?? "message", context);
                    open.Open(item, events);
                }
                open.End(item, events);
                index++;
            }
        }
        foreach (var item in _items.Values) item.End(default, events);
    }

    private void FinishFailed(JsonElement response, List<StreamEvent> events)
    {
        if (ResponsesUsage.Read(response) is { } usage)
        {
            Start(response, events);
            events.Add(new UsageReported(usage));
        }
        Fail(ResponsesResponseReader.Failure(response) ?? new GatewayError(ErrorKind.Upstream, "the provider says that the answer failed, and not why"), events);
    }

    private void Fail(GatewayError error, List<StreamEvent> events)
    {
        events.Add(new StreamFailed(error));
        _over = true;
    }
}
