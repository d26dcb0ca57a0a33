using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Reads the messages of a request, in position.</summary>
internal sealed class ChatMessageReader
{
    private readonly ChatDialect _dialect;
    private readonly ChatContentReader _content;
    private readonly ChatAssistantReader _assistant;
    private readonly Queue<string> _unanswered = new();
    private int _made;

    public ChatMessageReader(ChatDialect dialect)
    {
        _dialect = dialect;
        _content = new ChatContentReader(dialect);
        // A request has no source of ids, and needs none: a number in the conversation is enough to tie a result to its call.
        _assistant = new ChatAssistantReader(dialect, () => $"call_{_made++}");
    }

    /// <summary>Reads one message.</summary>
    public ChatMessage Read(JsonElement message, int number)
    {
        string path = $"messages[{number}]";
        if (message.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        string role = message.RequiredString("role"u8, path);
        var notes = new NotesBuilder(_dialect.Id);
        notes.Sort(message, ChatMembers.Message);
        var parts = role switch
        {
            "assistant" => ReadAssistant(message, notes, path),
            "tool" => [ReadResult(message, notes, path, message.String("tool_call_id"u8, path))],
            "function" => [ReadResult(message, notes, path, ChatAssistantReader.LegacyId(message.RequiredString("name"u8, path)))],
            _ => ReadContent(message, notes, path),
        };
        if (role == "function") notes.Spell("~role");
        string? name = message.String("name"u8, path);
        if (parts is [ToolResultPart])
        {
            // The tool's name, which its result has: nobody spoke here.
            if (name is { Length: > 0 }) notes.Spell("name", message.GetProperty("name"u8).GetRawText());
            name = null;
        }
        return new ChatMessage(role == "function" ? Role.Tool : new Role(role), parts) { Name = name, Notes = notes.Build() };
    }

    private List<Part> ReadContent(JsonElement message, NotesBuilder notes, string path)
    {
        var parts = new List<Part>();
        if (message.Get("content"u8) is { } content) _content.Read(content, parts, notes, "content", $"{path}.content");
        return parts;
    }

    private List<Part> ReadAssistant(JsonElement message, NotesBuilder notes, string path)
    {
        var parts = _assistant.Read(message, notes, "", path);
        _unanswered.Clear();
        foreach (var part in parts)
        {
            if (part is ToolCallPart call) _unanswered.Enqueue(call.CallId);
        }
        return parts;
    }

    // A result without an id answers the first call that is still open, which is where such clients put it.
    private ToolResultPart ReadResult(JsonElement message, NotesBuilder notes, string path, string? id)
    {
        string callId = id is { Length: > 0 } ? id : _unanswered.TryDequeue(out string? open) ? open
            : throw new WireFormatException($"{path}.tool_call_id", "is missing; the id of the call that this answers is required");
        var content = new List<Part>();
        if (message.Get("content"u8) is { } value && !value.ValueEqualsEmpty()) _content.Read(value, content, notes, "content", $"{path}.content");
        return new ToolResultPart(callId, content) { ToolName = message.String("name"u8, path) };
    }
}
