using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Reads items other than messages: the same in requests and answers.</summary>
internal static class ResponsesItemReader
{
    private static readonly HashSet<string> Reasoning = ["id", "summary", "content", "encrypted_content"];
    private static readonly HashSet<string> Call = ["id", "call_id", "name", "arguments"];
    private static readonly HashSet<string> CustomCall = ["id", "call_id", "name", "input"];
    private static readonly HashSet<string> Output = ["id", "call_id", "output"];
    private static readonly HashSet<string> Picture = ["id", "result"];

    /// <summary>Reads an item that is no message.</summary>
    public static Part Read(JsonElement item, string type, string path) => type switch
    {
        "reasoning" => ReadReasoning(item, path),
        "function_call" => ReadCall(item, path),
        "custom_tool_call" => ReadCustomCall(item, path),
        "function_call_output" or "custom_tool_call_output" => ReadOutput(item, type, path),
        "image_generation_call" when item.String("result"u8, path) is { } result => ReadPicture(item, result, path),
        "web_search_call" or "file_search_call" or "code_interpreter_call" or "mcp_call" => ReadServerCall(item, type),
        "tool_search_call" when item.Text("execution"u8) != "client" => ReadServerCall(item, type),
        _ => new RawPart(WireFormatId.OpenAIResponses, type, RawJson.From(item)) { Id = item.Text("id"u8) },
    };

    private static ReasoningPart ReadReasoning(JsonElement item, string path)
    {
        var notes = ResponsesNotes.Read(item, Reasoning, "reasoning", static (name, _) => name == "status");
        string[] summary = Texts(item, "summary"u8, "summary_text", notes, path) ?? [];
        string[] content = Texts(item, "content"u8, "reasoning_text", notes, path) ?? [];
        // Several raw texts are joined for reading; the list itself is kept beside.
        if (content.Length > 1) notes.Silent("content", item.Raw("content"u8));
        var role = PayloadRole.Reasoning;
        var signature = item.String("encrypted_content"u8, path) is { } payload ? ReasoningPayload.Read(payload, out role) : null;
        return new ReasoningPart(content.Length > 0 ? string.Join("\n\n", content) : string.Join("\n\n", summary))
        {
            Id = item.Text("id"u8),
            IsSummary = summary.Length > 0 && content.Length == 0,
            IsRedacted = role == PayloadRole.Redacted,
            SummaryParagraphs = summary,
            Signature = signature,
            Notes = notes.Build(),
        };
    }

    // The texts of a list of one kind. What is spelled in another way is kept as it stands.
    private static string[]? Texts(JsonElement item, ReadOnlySpan<byte> name, string type, ResponsesNotesBuilder notes, string path)
    {
        if (item.Array(name, path) is not { } list) return null;
        var texts = new List<string>(list.GetArrayLength());
        bool usual = list.GetArrayLength() > 0;
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "holds a reasoning text that is no object");
            if (entry.Text("text"u8) is { } text) texts.Add(text);
            else usual = false;
            if (entry.Text("type"u8) != type || entry.EnumerateObject().Count() != 2) usual = false;
        }
        if (!usual) notes.Silent(System.Text.Encoding.UTF8.GetString(name), RawJson.From(list));
        return [.. texts];
    }

    private static ToolCallPart ReadCall(JsonElement item, string path)
    {
        var notes = ResponsesNotes.Read(item, Call, "function_call", static (name, _) => name == "status");
        string? arguments = item.String("arguments"u8, path);
        if (arguments is "") notes.Silent("arguments", item.Raw("arguments"u8));
        return new(CallId(item, path), item.RequiredString("name"u8, path), arguments is { Length: > 0 } ? arguments : "{}") { Id = item.Text("id"u8), Notes = notes.Build() };
    }

    private static ToolCallPart ReadCustomCall(JsonElement item, string path) =>
        new(CallId(item, path), item.RequiredString("name"u8, path), item.String("input"u8, path) ?? "")
        {
            IsCustom = true,
            Id = item.Text("id"u8),
            Notes = ResponsesNotes.Read(item, CustomCall, "custom_tool_call", static (name, _) => name == "status").Build(),
        };

    private static string CallId(JsonElement item, string path) =>
        item.String("call_id"u8, path) ?? item.String("id"u8, path) ?? throw new WireFormatException(path, "has no call_id");

    private static ToolResultPart ReadOutput(JsonElement item, string type, string path)
    {
        var notes = ResponsesNotes.Read(item, Output, type, static (name, _) => name == "status");
        IReadOnlyList<Part> content = [];
        if (item.Get("output"u8) is { } output)
        {
            switch (output.ValueKind)
            {
                case JsonValueKind.String:
                    notes.Mark(ResponsesNotes.Plain);
                    content = [new TextPart(output.GetString()!) { Notes = ResponsesNotes.Empty }];
                    break;
                case JsonValueKind.Array:
                    content = ResponsesContentReader.ReadList(output, Role.Tool, $"{path}.output");
                    break;
                default:
                    throw new WireFormatException($"{path}.output", "must be a string or a list of content parts");
            }
        }
        return new ToolResultPart(item.RequiredString("call_id"u8, path), content)
        {
            IsCustom = type == "custom_tool_call_output",
            Id = item.Text("id"u8),
            Notes = notes.Build(),
        };
    }

    private static MediaPart ReadPicture(JsonElement item, string result, string path)
    {
        string mediaType = item.String("output_format"u8, path) is { } format ? $"image/{format}" : "image/png";
        return new MediaPart(MediaKind.Image, new InlineMedia(result) { MediaType = mediaType })
        {
            Id = item.Text("id"u8),
            Notes = ResponsesNotes.Read(item, Picture, type: null, static (_, _) => true).Build(),
        };
    }

    // Tools that the provider runs: one item is call and result in one. Its JSON is kept whole.
    private static ServerToolCallPart ReadServerCall(JsonElement item, string type)
    {
        var input = item.Raw("action"u8);
        if (input.IsAbsent) input = item.Raw("queries"u8);
        if (input.IsAbsent) input = item.Raw("code"u8);
        if (input.IsAbsent) input = item.Raw("arguments"u8);
        string name = type == "mcp_call" ? item.Text("name"u8) ?? type : type[..^5];
        return new ServerToolCallPart(item.Text("id"u8) ?? "", name, input)
        {
            Id = item.Text("id"u8),
            Notes = new WireNotes(WireFormatId.OpenAIResponses) { Shape = RawJson.From(item).ToString() },
        };
    }
}
