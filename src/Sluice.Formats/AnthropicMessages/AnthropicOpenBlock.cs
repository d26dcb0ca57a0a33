using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>A content block of a stream between its start and its stop.</summary>
internal sealed class AnthropicOpenBlock
{
    private readonly Part _part;
    private readonly string _startInput = "";
    private readonly StringBuilder? _customInput;
    private List<RawJson>? _rawDeltas;
    private bool _hasInput;

    /// <summary>Opens a block.</summary>
    /// <param name="number">Its number among the parts.</param>
    /// <param name="part">What its start says. The input of a call is held back: pieces of it follow, except from servers that send it whole.</param>
    public AnthropicOpenBlock(int number, Part part)
    {
        Number = number;
        _part = part;
        if (part is not ToolCallPart call) return;
        _startInput = call.Arguments == "{}" ? "" : call.Arguments;
        _part = call with { Arguments = "" };
        if (call.IsCustom) _customInput = new StringBuilder();
    }

    /// <summary>Its number among the parts, from 0.</summary>
    public int Number { get; }

    /// <summary>Tells the start.</summary>
    public void Start(List<StreamEvent> events) => events.Add(new PartStarted(0, Number, _part));

    /// <summary>Tells a delta.</summary>
    public void Add(JsonElement delta, List<StreamEvent> events)
    {
        string type = delta.RequiredString("type"u8, "delta");
        switch (type)
        {
            case "text_delta" when _part is TextPart:
                Tell(new TextDelta(delta.RequiredString("text"u8, "delta")), events);
                break;
            case "thinking_delta" when _part is ReasoningPart:
                Tell(new ReasoningDelta(delta.RequiredString("thinking"u8, "delta")), events);
                break;
            case "signature_delta" when _part is ReasoningPart:
                string signature = delta.RequiredString("signature"u8, "delta");
                if (AnthropicSignatures.Read(signature, out _) is { } payload) Tell(new SignatureDelta(payload), events);
                break;
            case "input_json_delta" when _part is ToolCallPart or ServerToolCallPart:
                AddInput(delta.RequiredString("partial_json"u8, "delta"), events);
                break;
            case "citations_delta" when _part is TextPart:
                var citation = delta.Object("citation"u8, "delta") ?? throw new WireFormatException("delta.citation", "is missing; an object was expected");
                Tell(new CitationDelta(AnthropicCitations.Read(citation, "delta.citation")), events);
                break;
            default:
                var raw = RawJson.From(delta);
                (_rawDeltas ??= []).Add(raw);
                Tell(new RawDelta(AnthropicNames.Id, type, raw), events);
                break;
        }
    }

    /// <summary>Tells the end. A block that only this format knows is told whole, with its deltas put in.</summary>
    public void End(List<StreamEvent> events)
    {
        if (_customInput is not null)
        {
            string text = AnthropicCalls.FreeText(_customInput.Length > 0 ? _customInput.ToString() : _startInput);
            if (text.Length > 0) Tell(new ArgumentsDelta(text), events);
        }
        else if (!_hasInput && _startInput.Length > 0)
        {
            Tell(new ArgumentsDelta(_startInput), events);
        }
        bool rebuilt = _part is RawPart && _rawDeltas is not null;
        events.Add(new PartEnded(0, Number) { Final = rebuilt ? Rebuild((RawPart)_part) : null });
    }

    private void AddInput(string json, List<StreamEvent> events)
    {
        _hasInput |= json.Length > 0;
        if (_customInput is not null) _customInput.Append(json);
        else if (json.Length > 0) Tell(new ArgumentsDelta(json), events);
    }

    private void Tell(Delta delta, List<StreamEvent> events) => events.Add(new PartDelta(0, Number, delta));

    // compaction_delta {"content": "..."} fills the block's content: text is appended to text, anything else is set.
    private RawPart Rebuild(RawPart start)
    {
        var members = new Dictionary<string, object>(StringComparer.Ordinal);
        Collect(start.Json, members, includeType: true);
        foreach (var delta in _rawDeltas!) Collect(delta, members, includeType: false);
        return start with
        {
            Json = JsonOutput.ToRaw(members, static (writer, all) =>
            {
                writer.WriteStartObject();
                foreach (var (name, value) in all)
                {
                    writer.WritePropertyName(name);
                    if (value is StringBuilder text) writer.WriteStringValue(text.ToString());
                    else ((RawJson)value).WriteTo(writer);
                }
                writer.WriteEndObject();
            }),
        };
    }

    private static void Collect(RawJson json, Dictionary<string, object> members, bool includeType)
    {
        using var document = JsonDocument.Parse(json.Utf8, Decoding.Pieces);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.Name == "type" && !includeType) continue;
            if (member.Value.ValueKind != JsonValueKind.String) members[member.Name] = RawJson.From(member.Value);
            else if (members.TryGetValue(member.Name, out object? value) && value is StringBuilder text) text.Append(member.Value.GetString());
            else members[member.Name] = new StringBuilder(member.Value.GetString());
        }
    }
}
