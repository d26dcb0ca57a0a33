using System.Text;
using System.Text.Json;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>Events of the Responses API, by OpenAI's API reference and the SDK's <c>ResponseStreamEvent</c>. Items may be open side by side; each is told by its index.</summary>
internal sealed class ResponsesJudge : Judge
{
    private static readonly string[] ErrorCodes =
    [
        "context_length_exceeded", // not in the published set, but sent, and what Codex looks for
        "server_error", "rate_limit_exceeded", "invalid_prompt", "vector_store_timeout", "invalid_image", "invalid_image_format", "invalid_base64_image", "invalid_image_url",
        "image_too_large", "image_too_small", "image_parse_error", "image_content_policy_violation", "invalid_image_mode", "image_file_too_large", "unsupported_image_media_type",
        "empty_image_file", "failed_to_download_image", "image_file_not_found", "bio_policy",
    ];

    private readonly List<Item> _items = [];
    private string? _id;
    private int _sequence;
    private int _events;
    private string? _terminal;

    public override void Read(string body)
    {
        foreach (var (name, data) in Events(body)) Take(name, Parse(data));
        Must(_terminal is not null || Seen.Error is not null, "no terminal event");
        Must(_terminal is not null || _id is null, "an answer that began ends with a terminal event");
        foreach (var item in _items.OrderBy(i => i.Index)) Tell(item);
    }

    private void Take(string name, JsonElement data)
    {
        string type = Text(data, "type");
        Must(name == type, $"event: {name}, but type {type}");
        Must(Int(data, "sequence_number") == _sequence++, $"sequence_number has a gap: {data}");
        Must(_terminal is null, $"{type} after {_terminal}");
        Must(Seen.Error is null || type == "response.failed", $"{type} after an error");
        if (_events++ == 0) Must(type is "response.created" or "error", $"{type} comes first");
        string kind = type.StartsWith("response.", StringComparison.Ordinal) ? type[9..] : type;
        switch (kind)
        {
            case "created" or "in_progress" or "queued":
                Must(_items.Count == 0 && Envelope(data, "in_progress").GetArrayLength() == 0, "output at the start");
                break;
            case "completed" or "incomplete" or "failed": End(kind, data); break;
            case "error":
                Seen.Error = Filled(data, "message");
                Member(data, "code", JsonValueKind.String, JsonValueKind.Null);
                Member(data, "param", JsonValueKind.String, JsonValueKind.Null);
                break;
            case "output_item.added": Add(data); break;
            case "output_item.done": ItemDone(data); break;
            default: Inside(kind, data); break;
        }
    }

    private JsonElement Envelope(JsonElement data, string status)
    {
        var response = Member(data, "response");
        Must((_id ??= Filled(response, "id")) == Text(response, "id"), "the id changes");
        Must(Text(response, "object") == "response" && Text(response, "status") == status, $"object or status: {response}");
        Filled(response, "model");
        Member(response, "created_at", JsonValueKind.Number);
        return Member(response, "output", JsonValueKind.Array);
    }

    private void End(string kind, JsonElement data)
    {
        var output = Envelope(data, kind);
        var response = Member(data, "response");
        _terminal = kind;
        if (kind == "failed")
        {
            Must(ErrorCodes.Contains(Text(Member(response, "error"), "code")), $"no such code: {Member(response, "error")}");
            Seen.Error = Filled(Member(response, "error"), "message");
            return;
        }
        Seen.IsComplete = true;
        Seen.Candidate(0).Finish = kind;
        Must(_items.TrueForAll(i => i.Done is not null), "items are left open");
        if (kind == "incomplete") Must(Text(Member(response, "incomplete_details"), "reason") is "max_output_tokens" or "content_filter", "incomplete_details");
        if (Has(response, "usage", out var usage))
        {
            Seen.OutputTokens = Int(usage, "output_tokens");
            Int(usage, "input_tokens");
            Int(usage, "total_tokens");
            Int(Member(usage, "input_tokens_details"), "cached_tokens");
            Int(Member(usage, "output_tokens_details"), "reasoning_tokens");
        }
        var expected = _items.OrderBy(i => i.Index).Select(i => i.Done!.Value).ToList();
        Must(output.GetArrayLength() == expected.Count && output.EnumerateArray().Zip(expected).All(p => JsonElement.DeepEquals(p.First, p.Second)), "the output differs from the items that were told");
    }

    private void Add(JsonElement data)
    {
        var json = Member(data, "item");
        int index = Int(data, "output_index");
        Must(index == _items.Count, $"output_index is not contiguous: {data}");
        string id = Filled(json, "id");
        Must(!_items.Exists(i => i.Id == id), $"the item's id is used twice: {data}");
        var item = new Item(index, id, Filled(json, "type"));
        if (item.Type == "message") Must(!Items(json, "content").Any() && Text(json, "role") == "assistant" && Text(json, "status") == "in_progress", $"a message starts empty: {json}");
        if (item.Type == "function_call") Must(Text(json, "arguments").Length == 0 && Filled(json, "name").Length > 0 && Filled(json, "call_id").Length > 0, $"a call starts empty: {json}");
        _items.Add(item);
    }

    private Item Open(JsonElement data)
    {
        int index = Int(data, "output_index");
        Must(index < _items.Count && _items[index].Done is null, $"no such item is open: {data}");
        var item = _items[index];
        if (data.TryGetProperty("item_id", out var id)) Must(id.GetString() == item.Id, $"item_id is of another item: {data}");
        return item;
    }

    private void ItemDone(JsonElement data)
    {
        var item = Open(data);
        var json = Member(data, "item");
        Must(Text(json, "id") == item.Id && Text(json, "type") == item.Type, $"another item ends: {data}");
        Must(item.Parts.TrueForAll(p => p.Done) && item.Summary.TrueForAll(p => p.Done), $"parts of the item are open: {data}");
        switch (item.Type)
        {
            case "message": Must(Same(Items(json, "content"), item.Parts), $"the message differs from its parts: {json}"); break;
            case "reasoning":
                Must(Same(Items(json, "summary"), item.Summary), $"the summary differs from its parts: {json}");
                if (item.Parts.Count > 0) Must(Same(Items(json, "content"), item.Parts), $"the reasoning differs from its parts: {json}");
                break;
            case "function_call": Must(item.ArgumentsDone && Text(json, "arguments") == item.Arguments.ToString(), $"the arguments differ from their deltas: {json}"); break;
            case "custom_tool_call": Must(item.ArgumentsDone && Text(json, "input") == item.Arguments.ToString(), $"the input differs from its deltas: {json}"); break;
            default: break;
        }
        item.Done = json.Clone();
    }

    private static bool Same(IEnumerable<JsonElement> told, List<Content> parts) =>
        told.Select(p => (Text(p, "type"), Text(p, p.TryGetProperty("refusal", out _) ? "refusal" : "text"))).SequenceEqual(parts.Select(p => (p.Type, p.Text.ToString())));

    private void Inside(string kind, JsonElement data)
    {
        var item = Open(data);
        switch (kind)
        {
            case "content_part.added": StartPart(item.Parts, Int(data, "content_index"), Member(data, "part"), item.Type is "message" or "reasoning"); break;
            case "content_part.done": EndPart(item.Parts, Int(data, "content_index"), Member(data, "part")); break;
            case "reasoning_summary_part.added": StartPart(item.Summary, Int(data, "summary_index"), Member(data, "part"), item.Type == "reasoning"); break;
            case "reasoning_summary_part.done": EndPart(item.Summary, Int(data, "summary_index"), Member(data, "part")); break;
            case "output_text.delta": Delta(item.Parts, data, "content_index", "output_text"); break;
            case "output_text.done": Done(item.Parts, data, "content_index", "output_text", "text"); break;
            case "output_text.annotation.added": Filled(Member(data, "annotation"), "type"); Int(data, "annotation_index"); break;
            case "refusal.delta": Delta(item.Parts, data, "content_index", "refusal"); break;
            case "refusal.done": Done(item.Parts, data, "content_index", "refusal", "refusal"); break;
            case "reasoning_text.delta": Delta(item.Parts, data, "content_index", "reasoning_text"); break;
            case "reasoning_text.done": Done(item.Parts, data, "content_index", "reasoning_text", "text"); break;
            case "reasoning_summary_text.delta": Delta(item.Summary, data, "summary_index", "summary_text"); break;
            case "reasoning_summary_text.done": Done(item.Summary, data, "summary_index", "summary_text", "text"); break;
            case "function_call_arguments.delta" or "custom_tool_call_input.delta":
                Must(!item.ArgumentsDone && item.Type == (kind[0] == 'f' ? "function_call" : "custom_tool_call"), $"arguments of {item.Type}: {data}");
                item.Arguments.Append(Text(data, "delta"));
                break;
            case "function_call_arguments.done" or "custom_tool_call_input.done":
                Must(!item.ArgumentsDone && Text(data, kind[0] == 'f' ? "arguments" : "input") == item.Arguments.ToString(), $"the arguments differ from their deltas: {data}");
                item.ArgumentsDone = true;
                break;
            default: throw new GrammarFaultException($"no such event: {kind}");
        }
    }

    private static void StartPart(List<Content> parts, int index, JsonElement part, bool allowed)
    {
        Must(allowed && index == parts.Count, $"part {index} is not contiguous, or in an item without parts");
        string type = Text(part, "type");
        Must(Text(part, type == "refusal" ? "refusal" : "text").Length == 0, $"a part starts empty: {part}");
        if (type == "output_text") Must(!Items(part, "annotations").Any(), "annotations at the start");
        parts.Add(new Content(type));
    }

    private static void EndPart(List<Content> parts, int index, JsonElement part)
    {
        Must(index < parts.Count && !parts[index].Done && parts[index].TextDone, $"part {index} is not open, or its text is not done");
        Must(Text(part, "type") == parts[index].Type && Text(part, parts[index].Type == "refusal" ? "refusal" : "text") == parts[index].Text.ToString(), $"the part differs from its deltas: {part}");
        parts[index].Done = true;
    }

    private static Content Part(List<Content> parts, JsonElement data, string place, string type)
    {
        int index = Int(data, place);
        Must(index < parts.Count && parts[index] is { TextDone: false } && parts[index].Type == type, $"no such part is open: {data}");
        return parts[index];
    }

    private static void Delta(List<Content> parts, JsonElement data, string place, string type) => Part(parts, data, place, type).Text.Append(Text(data, "delta"));

    private static void Done(List<Content> parts, JsonElement data, string place, string type, string member)
    {
        var part = Part(parts, data, place, type);
        Must(Text(data, member) == part.Text.ToString(), $"done differs from its deltas: {data}");
        part.TextDone = true;
    }

    private void Tell(Item item)
    {
        var seen = Seen.Candidate(0);
        foreach (var part in item.Parts) (part.Type switch { "refusal" => seen.Refusal, "reasoning_text" => seen.Reasoning, _ => seen.Text }).Append(part.Text);
        foreach (var part in item.Summary) seen.Reasoning.Append(part.Text);
        if (item.Type is not ("function_call" or "custom_tool_call") || item.Done is not { } done) return;
        var call = new SeenCall(Text(done, "call_id"), Text(done, "name"));
        call.Arguments.Append(item.Arguments);
        seen.Calls.Add(call);
    }

    private sealed class Item(int index, string id, string type)
    {
        public int Index { get; } = index;

        public string Id { get; } = id;

        public string Type { get; } = type;

        public List<Content> Parts { get; } = [];

        public List<Content> Summary { get; } = [];

        public StringBuilder Arguments { get; } = new();

        public bool ArgumentsDone { get; set; }

        public JsonElement? Done { get; set; }
    }

    private sealed class Content(string type)
    {
        public string Type { get; } = type;

        public StringBuilder Text { get; } = new();

        public bool TextDone { get; set; }

        public bool Done { get; set; }
    }
}
