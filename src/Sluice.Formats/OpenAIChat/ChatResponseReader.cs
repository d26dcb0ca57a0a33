using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Reads a whole answer of any vendor of this shape.</summary>
internal sealed class ChatResponseReader(ChatDialect dialect, TranslationContext context)
{
    private readonly ChatAssistantReader _assistant = new(dialect, () => context.Ids.Next("call_"));

    /// <summary>Reads the body. Throws <see cref="WireFormatException"/>.</summary>
    public ChatResponse Read(JsonElement body)
    {
        var choices = body.Array("choices"u8) ?? throw new WireFormatException("choices", "is missing; a list is required");
        var notes = new NotesBuilder(dialect.Id);
        notes.Sort(body, ChatMembers.Response);
        if (body.Text("object"u8) is var kind && kind != "chat.completion") notes.Spell("~object", kind is null ? "null" : JsonOutput.ToRaw(kind, static (w, t) => w.WriteStringValue(t)).ToString());
        // Groq's compound models give usage under a name of their own alone, which is kept with the unknown members.
        if (body.Get("usage"u8) is not { ValueKind: JsonValueKind.Object }) notes.Spell("~usage");
        return new ChatResponse
        {
            Id = body.Text("id"u8) ?? "",
            Model = body.Text("model"u8) ?? "",
            CreatedAt = ReadCreated(body, notes),
            Candidates = [.. choices.EnumerateArray().Select(ReadChoice)],
            Usage = ChatUsage.ReadFrom(body, dialect.Id),
            ServiceTier = body.Text("service_tier"u8),
            SystemFingerprint = body.Text("system_fingerprint"u8) is { Length: > 0 } fingerprint ? fingerprint : null,
            Notes = notes.Build(),
        };
    }

    /// <summary><c>created</c> as a time; 0 and nonsense count as not said.</summary>
    public static DateTimeOffset? ReadCreated(JsonElement body) =>
        body.Count("created"u8) is > 0 and < 253_402_300_800 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static DateTimeOffset? ReadCreated(JsonElement body, NotesBuilder notes)
    {
        var created = ReadCreated(body);
        if (created is null && body.Get("created"u8) is { } odd) notes.Spell("created", odd.GetRawText());
        return created;
    }

    private Candidate ReadChoice(JsonElement choice, int position)
    {
        string path = $"choices[{position}]";
        if (choice.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        var notes = new NotesBuilder(dialect.Id);
        notes.Sort(choice, ChatMembers.Choice);
        List<Part> parts = [];
        if (choice.Object("message"u8, path) is { } message)
        {
            notes.Sort(message, ChatMembers.Message, "message.");
            notes.Spell("~role", message.Text("role"u8) is { } role ? JsonOutput.ToRaw(role, static (w, t) => w.WriteStringValue(t)).ToString() : "null");
            parts = _assistant.Read(message, notes, "message.", $"{path}.message");
            UndoNames(parts);
        }
        if (choice.Get("logprobs"u8) is { } logprobs) notes.Spell("logprobs", logprobs.GetRawText());
        string? reason = choice.Text("finish_reason"u8);
        if (reason is { Length: > 0 }) notes.Spell("finish_reason", JsonOutput.ToRaw(reason, static (w, t) => w.WriteStringValue(t)).ToString());
        if (choice.Get("index"u8) is null) notes.Spell("~index");
        string? stop = choice.Text("stop_reason"u8);
        FinishReason? finish = reason is { Length: > 0 } || parts.Count > 0 ? ChatFinish.Read(reason, parts.Exists(p => p is ToolCallPart)) : null;
        return new Candidate
        {
            Index = choice.Int32("index"u8, path) ?? position,
            Parts = parts,
            FinishReason = stop is not null && finish == FinishReason.Stop ? FinishReason.StopSequence : finish,
            StopSequence = stop,
            Logprobs = ChatLogprobs.Read(choice),
            Notes = notes.Build(),
        };
    }

    private void UndoNames(List<Part> parts)
    {
        if (context.RenamedTools.Count == 0) return;
        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i] is ToolCallPart call) parts[i] = call with { Name = ToolNames.Undo(call.Name, context) };
        }
    }
}
