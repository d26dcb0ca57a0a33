using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// Reads a stream (the SDK's <c>RawMessageStreamEvent</c>). Events are told apart by <c>type</c> in the data, since some servers send no event
/// names. The answer is complete with <c>message_stop</c>, or when the stream closes after a stop reason.
/// </summary>
internal sealed class AnthropicStreamDecoder(TranslationContext context) : IStreamDecoder
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    private readonly Dictionary<int, AnthropicOpenBlock> _open = [];
    private RawJson _usage;
    private CandidateFinished? _finish;
    private int _blocks;
    private bool _started;
    private bool _over;

    /// <inheritdoc/>
    public void Decode(in StreamFrame frame, List<StreamEvent> events)
    {
        if (_over || frame.Data.IsEmpty) return;
        try
        {
            if (frame.IsException)
            {
                Fail(BedrockConverse.BedrockErrors.ReadFrame(frame.Event, frame.Data), events);
                return;
            }
            using var document = JsonDocument.Parse(frame.Data, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new WireFormatException("", "an event is not an object");
            Decode(document.RootElement, events);
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
        if (_over) return;
        if (_finish is not null && _open.Count == 0) End(events);
        else Fail(new GatewayError(ErrorKind.Network, "the provider's stream ended before the answer was complete"), events);
    }

    private void Decode(JsonElement root, List<StreamEvent> events)
    {
        string type = root.RequiredString("type"u8);
        switch (type)
        {
            case "content_block_delta": Delta(root, events); break;
            case "content_block_start": Start(root, events); break;
            case "content_block_stop": Stop(root, events); break;
            case "ping": events.Add(KeepAlive.Instance); break;
            case "message_start": StartMessage(root, events); break;
            case "message_delta": FinishMessage(root, events); break;
            case "message_stop": End(events); break;
            case "error": Fail(AnthropicErrors.Read(0, root), events); break;
            default: events.Add(new RawEvent(AnthropicNames.Id, type, RawJson.From(root))); break;
        }
    }

    private void StartMessage(JsonElement root, List<StreamEvent> events)
    {
        if (_started) throw new WireFormatException("", "a second answer begins in the stream");
        var message = root.Object("message"u8) ?? throw new WireFormatException("message", "is missing; an object was expected");
        _started = true;
        var usage = message.Object("usage"u8, "message");
        var notes = AnthropicResponseReader.Notes(message, AnthropicNames.Response);
        events.Add(new ResponseStarted
        {
            Id = message.String("id"u8) ?? "",
            Model = message.String("model"u8) ?? "",
            ServiceTier = usage?.Text("service_tier"u8),
            Notes = usage is null ? notes : notes with { Shape = "usage=" + usage.Value.GetRawText() },
        });
        if (usage is not null) Report(usage.Value, events);
        if (message.Get("content"u8) is { ValueKind: JsonValueKind.Array } content)
        {
            foreach (var block in content.EnumerateArray()) Whole(block, events);
        }
    }

    // No server is known to send content with the start; a legal reading costs little.
    private void Whole(JsonElement block, List<StreamEvent> events)
    {
        events.Add(new PartStarted(0, _blocks, Undo(AnthropicBlockReader.Read(block, "message.content"))));
        events.Add(new PartEnded(0, _blocks++));
    }

    private void Start(JsonElement root, List<StreamEvent> events)
    {
        RequireStart();
        int index = Index(root);
        if (_open.Remove(index, out var before)) before.End(events);
        var block = root.Object("content_block"u8) ?? throw new WireFormatException("content_block", "is missing; an object was expected");
        var open = new AnthropicOpenBlock(_blocks++, Undo(AnthropicBlockReader.Read(block, "content_block")));
        _open[index] = open;
        open.Start(events);
    }

    private void Delta(JsonElement root, List<StreamEvent> events)
    {
        RequireStart();
        if (!_open.TryGetValue(Index(root), out var open)) throw new WireFormatException("index", "names a content block that is not open");
        open.Add(root.Object("delta"u8) ?? throw new WireFormatException("delta", "is missing; an object was expected"), events);
    }

    private void Stop(JsonElement root, List<StreamEvent> events)
    {
        RequireStart();
        if (_open.Remove(Index(root), out var open)) open.End(events);
    }

    private void FinishMessage(JsonElement root, List<StreamEvent> events)
    {
        RequireStart();
        if (root.Object("delta"u8) is { } delta && delta.String("stop_reason"u8, "delta") is { } reason)
        {
            _finish = new CandidateFinished(0, AnthropicFinish.Read(reason))
            {
                StopSequence = delta.String("stop_sequence"u8, "delta"),
                Notes = WithContextManagement(AnthropicResponseReader.EndNotes(delta, reason), root),
            };
        }
        if (root.Object("usage"u8) is { } usage) Report(usage, events);
    }

    // In a stream it stands beside the delta, in a whole answer among the message's members.
    private static WireNotes WithContextManagement(WireNotes notes, JsonElement root) =>
        root.TryGetProperty("context_management"u8, out var management) ? notes with { Fields = [.. notes.Fields, new("context_management", RawJson.From(management))] } : notes;

    private void Report(JsonElement usage, List<StreamEvent> events)
    {
        var report = AnthropicUsage.Merge(_usage, usage);
        _usage = report.Raw;
        events.Add(new UsageReported(report));
    }

    private void End(List<StreamEvent> events)
    {
        RequireStart();
        foreach (var open in _open.Values.OrderBy(b => b.Number)) open.End(events);
        _open.Clear();
        if (_finish is not null) events.Add(_finish);
        events.Add(new ResponseEnded());
        _over = true;
    }

    private void Fail(GatewayError error, List<StreamEvent> events)
    {
        events.Add(new StreamFailed(error));
        _over = true;
    }

    private Part Undo(Part part)
    {
        if (part is not ToolCallPart call) return part;
        string arguments = call.Arguments;
        var undone = AnthropicCalls.Undo(call, context);
        return undone.IsCustom ? undone with { Arguments = arguments } : undone;
    }

    private void RequireStart()
    {
        if (!_started) throw new WireFormatException("", "content comes before message_start");
    }

    private static int Index(JsonElement root) => root.Int32("index"u8) ?? throw new WireFormatException("index", "is missing; a number was expected");
}
