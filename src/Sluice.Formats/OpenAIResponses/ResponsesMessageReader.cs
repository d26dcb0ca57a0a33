using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Reads the input items of a request and the output items of an answer.</summary>
internal static class ResponsesMessageReader
{
    private static readonly HashSet<string> Message = ["role", "content", "id"];
    private static readonly HashSet<string> OutputMessage = ["id", "content"];

    /// <summary>Reads input items: each becomes one message. Payloads that ride in reasoning items of their own return to their pieces.</summary>
    public static List<ChatMessage> ReadInput(JsonElement input)
    {
        var messages = new List<ChatMessage>(input.GetArrayLength());
        Signature? pending = null;
        int index = 0;
        foreach (var item in input.EnumerateArray())
        {
            string path = $"input[{index++}]";
            if (item.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
            if (item.Text("type"u8) == "reasoning" && item.Text("encrypted_content"u8) is { } payload && Carried(payload, messages, ref pending)) continue;
            var message = ReadItem(item, path);
            if (pending is not null && message is { Parts: [TextPart or ToolCallPart, ..] })
            {
                message = Signed(message, 0, pending);
                pending = null;
            }
            messages.Add(message);
        }
        return messages;
    }

    /// <summary>Reads one output item into the parts of the answer.</summary>
    public static void ReadOutput(JsonElement item, string path, List<Part> parts)
    {
        if (item.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        string type = item.RequiredString("type"u8, path);
        if (type == "message" && item.Array("content"u8, path) is { } content && content.GetArrayLength() > 0) ReadOutputMessage(item, content, path, parts);
        else parts.Add(ResponsesItemReader.Read(item, type, path));
    }

    private static void ReadOutputMessage(JsonElement item, JsonElement content, string path, List<Part> parts)
    {
        string? id = item.Text("id"u8);
        var around = ResponsesNotes.Read(item, OutputMessage, "message", static (_, _) => true).ToJson();
        int last = content.GetArrayLength() - 1, at = 0;
        foreach (var part in content.EnumerateArray())
        {
            var read = ResponsesContentReader.Read(part, Role.Assistant, $"{path}.content[{at}]") with { Id = id };
            parts.Add(at++ == last ? WithItem(read, around) : read);
        }
    }

    /// <summary>Puts the members of the message item around a part into its notes.</summary>
    public static Part WithItem(Part part, RawJson around)
    {
        var notes = part.Notes ?? ResponsesNotes.Empty;
        string item = $"\"{ResponsesNotes.Item}\":{(around.IsAbsent ? "{}" : around.ToString())}";
        string shape = notes.Shape is { Length: > 2 } own ? $"{own[..^1]},{item}}}" : $"{{{item}}}";
        return part with { Notes = notes with { Shape = shape } };
    }

    private static bool Carried(string payload, List<ChatMessage> messages, ref Signature? pending)
    {
        var signature = ReasoningPayload.Read(payload, out var role);
        switch (role)
        {
            case PayloadRole.OfNext:
                pending = signature;
                return true;
            case PayloadRole.OfPrevious:
                if (messages is [.., { Parts: [.., TextPart or ToolCallPart] } last]) messages[^1] = Signed(last, last.Parts.Count - 1, signature);
                return true;
            case PayloadRole.OfEmptyText:
                messages.Add(new ChatMessage(Role.Assistant, [new TextPart("") { Signature = signature }]));
                return true;
            default:
                return false;
        }
    }

    // Many may follow one long message, which is not copied for each.
    private static ChatMessage Signed(ChatMessage message, int place, Signature? signature)
    {
        var parts = message.Parts as List<Part> ?? [.. message.Parts];
        parts[place] = parts[place] with { Signature = signature };
        return message with { Parts = parts };
    }

    private static ChatMessage ReadItem(JsonElement item, string path)
    {
        string type = item.String("type"u8, path) ?? "message";
        if (type == "message") return ReadMessage(item, path);
        var part = ResponsesItemReader.Read(item, type, path);
        var role = part switch
        {
            ToolResultPart => Role.Tool,
            RawPart when type.EndsWith("_output", StringComparison.Ordinal) => Role.Tool,
            RawPart when item.Text("role"u8) is { } name => new Role(name),
            RawPart when type == "mcp_approval_response" => Role.User,
            _ => Role.Assistant,
        };
        return new ChatMessage(role, [part]) { Notes = ResponsesNotes.Empty };
    }

    private static ChatMessage ReadMessage(JsonElement item, string path)
    {
        var role = new Role(item.RequiredString("role"u8, path));
        var notes = ResponsesNotes.Read(item, Message, type: null, static (name, _) => name is "type" or "status");
        IReadOnlyList<Part> parts = [];
        switch (item.Get("content"u8))
        {
            case { ValueKind: JsonValueKind.String } text:
                notes.Mark(ResponsesNotes.Plain);
                parts = [new TextPart(text.GetString()!) { Notes = ResponsesNotes.Empty }];
                break;
            case { ValueKind: JsonValueKind.Array } list:
                parts = ResponsesContentReader.ReadList(list, role, $"{path}.content");
                break;
            case null:
                throw new WireFormatException($"{path}.content", "is missing; a string or a list of content parts is required");
            default:
                throw new WireFormatException($"{path}.content", "must be a string or a list of content parts");
        }
        return new ChatMessage(role, parts) { Id = item.Text("id"u8), Notes = notes.Build() };
    }
}
