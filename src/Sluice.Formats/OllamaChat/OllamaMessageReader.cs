using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// Reads the messages of a conversation in order. Most clients send no ids: a call without one gets an id that is a function of its position, and a
/// result is matched to its call by id, by the tool's name, or by order, so that calls and results link.
/// </summary>
internal sealed class OllamaMessageReader
{
    private readonly OllamaCalls _calls = new();
    private int _index = -1;

    private static FrozenSet<string> Known { get; } = ["role", "content", "thinking", "images", "tool_calls"];

    private static FrozenSet<string> KnownOfResult { get; } = ["role", "content", "images", "tool_name", "tool_call_id"];

    /// <summary>Reads the next message.</summary>
    public ChatMessage Read(JsonElement message)
    {
        string path = $"messages[{++_index}]";
        if (message.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        string spelled = message.RequiredString("role"u8, path);
        // Ollama's server takes roles in any case.
        var role = new Role(spelled.ToLowerInvariant());
        var notes = new NotesBuilder(WireFormatId.OllamaChat).Spell("role", role.Value == spelled ? null : spelled);
        var parts = role == Role.Tool ? ReadResult(message, path, notes) : ReadParts(message, path, notes);
        return new ChatMessage(role, parts) { Notes = notes.Build() };
    }

    private List<Part> ReadParts(JsonElement message, string path, NotesBuilder notes)
    {
        notes.Keep(message, Known);
        var parts = new List<Part>();
        var calls = ReadCalls(message, path, notes, out var carried);
        string? thinking = message.String("thinking"u8, path);
        notes.Spell("thinking-empty", thinking is "");
        if (carried.Count > 0)
        {
            parts.AddRange(carried);
            notes.Spell("thinking-carried", thinking is null);
        }
        else if (thinking is { Length: > 0 })
        {
            parts.Add(new ReasoningPart(thinking));
        }
        string? content = message.String("content"u8, path);
        notes.Spell("no-content", content is null);
        if (content is { Length: > 0 }) parts.Add(new TextPart(content));
        AddImages(message, path, notes, parts);
        parts.AddRange(calls);
        return parts;
    }

    private List<ToolCallPart> ReadCalls(JsonElement message, string path, NotesBuilder notes, out IReadOnlyList<ReasoningPart> carried)
    {
        carried = [];
        var calls = new List<ToolCallPart>();
        if (message.Array("tool_calls"u8, path) is not { } list) return calls;
        notes.Spell("tool-calls-empty", list.GetArrayLength() == 0);
        int position = 0;
        foreach (var item in list.EnumerateArray())
        {
            var call = OllamaToolCalls.Read(item, $"{path}.tool_calls[{position}]", $"call_{_index}_{position++}", out var reasoning);
            if (reasoning.Count > 0) carried = reasoning;
            calls.Add(call);
            _calls.Add(call.CallId, call.Name, _index);
        }
        return calls;
    }

    private List<Part> ReadResult(JsonElement message, string path, NotesBuilder notes)
    {
        notes.Keep(message, KnownOfResult);
        var content = new List<Part>();
        string? text = message.String("content"u8, path);
        notes.Spell("no-content", text is null);
        if (text is { Length: > 0 }) content.Add(new TextPart(text));
        AddImages(message, path, notes, content);
        string? name = message.String("tool_name"u8, path);
        string? id = message.String("tool_call_id"u8, path);
        notes.Spell("no-name", name is null).Spell("no-id", string.IsNullOrEmpty(id)).Spell("id-empty", id is "");
        return [new ToolResultPart(_calls.Answer(id, name) ?? (string.IsNullOrEmpty(id) ? $"call_{_index}_result" : id), content) { ToolName = name }];
    }

    private static void AddImages(JsonElement message, string path, NotesBuilder notes, List<Part> parts)
    {
        if (message.Array("images"u8, path) is not { } images) return;
        notes.Spell("images-empty", images.GetArrayLength() == 0);
        parts.AddRange(images.EnumerateArray().Select((image, i) => SentImage(image, $"{path}.images[{i}]")));
    }

    /// <summary>A picture as Ollama sends it: base64 alone; a <c>data:</c> URL is understood too.</summary>
    public static MediaPart Image(JsonElement image, string path)
    {
        if (image.ValueKind != JsonValueKind.String) throw new WireFormatException(path, "must be a string of base64");
        string data = image.GetString()!;
        if (data.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return new MediaPart(MediaKind.Image, DataUrl.ToSource(data)) { Notes = new WireNotes(WireFormatId.OllamaChat) { Shape = "data-url" } };
        }
        return new MediaPart(MediaKind.Image, new InlineMedia(data) { MediaType = ImageTypes.Sniff(data) });
    }

    /// <summary>A picture of a client's, which must be one.</summary>
    public static MediaPart SentImage(JsonElement image, string path)
    {
        var part = Image(image, path);
        if (part.Source is not InlineMedia bytes) throw new WireFormatException(path, "must be base64");
        ReceivedMedia.CheckBase64(bytes.Base64, path);
        return part;
    }
}
