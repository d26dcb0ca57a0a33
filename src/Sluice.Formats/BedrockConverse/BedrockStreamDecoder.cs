using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.AnthropicMessages;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>
/// Reads a stream. Blocks of text and reasoning have no start: their first delta begins them. The stop reason comes before the usage, so the stream
/// is over with <c>metadata</c>, or when it closes after <c>messageStop</c>.
/// </summary>
internal sealed class BedrockStreamDecoder(TranslationContext context) : IStreamDecoder
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    private readonly Dictionary<int, Block> _open = [];
    private CandidateFinished? _finish;
    private int _blocks;
    private bool _isStopped;
    private bool _started;
    private bool _over;

    /// <inheritdoc/>
    public void Decode(in StreamFrame frame, List<StreamEvent> events)
    {
        if (_over) return;
        try
        {
            if (frame.IsException)
            {
                Fail(BedrockErrors.ReadFrame(frame.Event, frame.Data), events);
                return;
            }
            using var document = JsonDocument.Parse(frame.Data, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new WireFormatException("", "an event is not an object");
            Decode(frame.Event.Span, document.RootElement, events);
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
        if (_isStopped) End(events);
        else Fail(new GatewayError(ErrorKind.Network, "the provider's stream ended before the answer was complete"), events);
    }

    private void Decode(ReadOnlySpan<byte> name, JsonElement root, List<StreamEvent> events)
    {
        if (name.SequenceEqual("contentBlockDelta"u8)) Delta(root, events);
        else if (name.SequenceEqual("contentBlockStart"u8)) StartBlock(root, events);
        else if (name.SequenceEqual("contentBlockStop"u8)) StopBlock(root, events);
        else if (name.SequenceEqual("messageStart"u8)) Start(events);
        else if (name.SequenceEqual("messageStop"u8)) Finish(root);
        else if (name.SequenceEqual("metadata"u8)) Metadata(root, events);
        else events.Add(new RawEvent(WireFormatId.BedrockConverse, Encoding.UTF8.GetString(name), RawJson.From(root)));
    }

    private void Start(List<StreamEvent> events)
    {
        if (_started) throw new WireFormatException("", "a second answer begins in the stream");
        _started = true;
        events.Add(new ResponseStarted { Model = context.UpstreamModel });
    }

    private void StartBlock(JsonElement root, List<StreamEvent> events)
    {
        RequireStart();
        int index = Index(root);
        if (root.Object("start"u8) is not { } start) return;
        foreach (var member in start.EnumerateObject())
        {
            Part part = member.Name switch
            {
                "toolUse" => BedrockBlockReader.ToolUse(member.Value, "start.toolUse", context),
                "toolResult" => BedrockBlockReader.ToolResult(member.Value),
                _ => new RawPart(WireFormatId.BedrockConverse, member.Name, RawJson.From(start)),
            };
            Open(index, part is ToolCallPart call ? call with { Arguments = "" } : part, events);
            return;
        }
    }

    private void Delta(JsonElement root, List<StreamEvent> events)
    {
        RequireStart();
        int index = Index(root);
        var delta = root.Object("delta"u8) ?? throw new WireFormatException("delta", "is missing; an object was expected");
        foreach (var member in delta.EnumerateObject())
        {
            switch (member.Name)
            {
                case "text": Text(index, delta.RequiredString("text"u8, "delta"), events); break;
                case "toolUse": Input(index, member.Value.RequiredString("input"u8, "delta.toolUse"), events); break;
                case "reasoningContent": Reasoning(index, member.Value, events); break;
                case "toolResult": Result(index, member.Value); break;
                case "citation": Tell(OpenOr(index, static () => new TextPart(""), events), new CitationDelta(BedrockBlockReader.Citation(member.Value)), events); break;
                default: Tell(OpenOr(index, () => new RawPart(WireFormatId.BedrockConverse, member.Name, RawJson.From(delta)), events), new RawDelta(WireFormatId.BedrockConverse, member.Name, RawJson.From(delta)), events); break;
            }
            return;
        }
    }

    // An empty text before the reasoning is no part of the answer.
    private void Text(int index, string text, List<StreamEvent> events)
    {
        if (text.Length > 0) Tell(OpenOr(index, static () => new TextPart(""), events), new TextDelta(text), events);
    }

    private void Input(int index, string json, List<StreamEvent> events)
    {
        if (!_open.TryGetValue(index, out var block)) throw new WireFormatException("contentBlockIndex", "names a tool use that is not open");
        if (block.CustomInput is not null) block.CustomInput.Append(json);
        else if (json.Length > 0) Tell(block, new ArgumentsDelta(json), events);
    }

    private void Reasoning(int index, JsonElement reasoning, List<StreamEvent> events)
    {
        if (reasoning.Text("redactedContent"u8) is { } redacted)
        {
            var signature = BedrockBlockReader.Redacted(redacted);
            Tell(OpenOr(index, static () => new ReasoningPart("") { IsRedacted = true }, events), new SignatureDelta(signature), events);
            return;
        }
        var block = OpenOr(index, static () => new ReasoningPart(""), events);
        if (reasoning.Text("text"u8) is { Length: > 0 } text) Tell(block, new ReasoningDelta(text), events);
        if (reasoning.Text("signature"u8) is { Length: > 0 } value) Tell(block, new SignatureDelta(new Signature(value, AnthropicNames.Family)), events);
    }

    private void Result(int index, JsonElement content)
    {
        if (_open.TryGetValue(index, out var block) && block.Part is ServerToolResultPart result) block.Part = result with { Content = RawJson.From(content) };
    }

    private void StopBlock(JsonElement root, List<StreamEvent> events)
    {
        RequireStart();
        if (_open.Remove(Index(root), out var block)) Close(block, events);
    }

    private void Finish(JsonElement root)
    {
        _isStopped = true;
        string? reason = root.String("stopReason"u8);
        if (reason is not null || _blocks > 0) _finish = new CandidateFinished(0, BedrockFinish.Read(reason ?? "end_turn"));
    }

    private void Metadata(JsonElement root, List<StreamEvent> events)
    {
        RequireStart();
        if (BedrockUsage.ReadFrom(root) is { } usage) events.Add(new UsageReported(usage));
        if (_isStopped) End(events);
    }

    private void End(List<StreamEvent> events)
    {
        RequireStart();
        foreach (var block in _open.Values.OrderBy(b => b.Number)) Close(block, events);
        _open.Clear();
        if (_finish is not null) events.Add(_finish);
        events.Add(new ResponseEnded());
        _over = true;
    }

    private Block OpenOr(int index, Func<Part> part, List<StreamEvent> events) => _open.TryGetValue(index, out var block) ? block : Open(index, part(), events);

    private Block Open(int index, Part part, List<StreamEvent> events)
    {
        if (_open.Remove(index, out var before)) Close(before, events);
        var block = new Block(_blocks++, part);
        _open[index] = block;
        events.Add(new PartStarted(0, block.Number, part));
        return block;
    }

    private static void Tell(Block block, Delta delta, List<StreamEvent> events) => events.Add(new PartDelta(0, block.Number, delta));

    private static void Close(Block block, List<StreamEvent> events)
    {
        if (block.CustomInput is { Length: > 0 } input) Tell(block, new ArgumentsDelta(AnthropicCalls.FreeText(input.ToString())), events);
        events.Add(new PartEnded(0, block.Number) { Final = block.Part is ServerToolResultPart { Content.IsAbsent: false } result ? result : null });
    }

    private void Fail(GatewayError error, List<StreamEvent> events)
    {
        events.Add(new StreamFailed(error));
        _over = true;
    }

    private void RequireStart()
    {
        if (!_started) throw new WireFormatException("", "content comes before messageStart");
    }

    private static int Index(JsonElement root) => root.Int32("contentBlockIndex"u8) ?? throw new WireFormatException("contentBlockIndex", "is missing; a number was expected");

    /// <summary>A block between its first event and its stop.</summary>
    private sealed class Block(int number, Part part)
    {
        public int Number { get; } = number;

        public Part Part { get; set; } = part;

        /// <summary>The input so far of a tool that stands for one of free text: it can be unwrapped only when it is whole.</summary>
        public StringBuilder? CustomInput { get; } = part is ToolCallPart { IsCustom: true } ? new StringBuilder() : null;
    }
}
