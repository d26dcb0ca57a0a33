using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Reads what the model said, in an answer and in the history of a request: reasoning in all its spellings, content, refusal, sound, pictures,
/// annotations and calls.
/// </summary>
/// <param name="dialect">The format.</param>
/// <param name="newId">Makes an id for a call that has none (Gemini's front of this format sends <c>""</c>).</param>
internal sealed class ChatAssistantReader(ChatDialect dialect, Func<string> newId)
{
    private readonly ChatContentReader _content = new(dialect);

    /// <summary>Adds the parts of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="notes">Notes of the object that the message is kept in.</param>
    /// <param name="prefix">Where the message stands in those notes; empty or ending in a dot.</param>
    /// <param name="path">Where the message stands, for faults.</param>
    public List<Part> Read(JsonElement message, NotesBuilder notes, string prefix, string path)
    {
        var parts = new List<Part>();
        ReadReasoning(message, parts, notes, prefix);
        ReadContent(message, parts, notes, prefix, path);
        if (message.Text("refusal"u8) is { Length: > 0 } refusal) parts.Add(new RefusalPart(refusal));
        ReadAudio(message, parts, notes, prefix);
        ReadImages(message, parts, notes, prefix);
        ReadCalls(message, parts, notes, prefix, path);
        return parts;
    }

    private void ReadReasoning(JsonElement message, List<Part> parts, NotesBuilder notes, string prefix)
    {
        JsonElement? details = message.Get("reasoning_details"u8) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list : null;
        bool textInDetails = details is { } items && ReasoningDetails.HasText(items);
        string? plain = null;
        foreach (string name in (ReadOnlySpan<string>)["reasoning_content", "reasoning"])
        {
            if (message.Text(name) is not { Length: > 0 } text) continue;
            bool repeats = textInDetails || plain is not null;
            plain ??= text;
            // The empty string stands for "the joined text of the parts".
            notes.Spell($"{prefix}{name}", repeats || text != plain ? JsonOutput.ToRaw(text, static (w, t) => w.WriteStringValue(t)).ToString() : "\"\"");
        }
        if (plain is not null && !textInDetails) parts.Add(new ReasoningPart(plain));
        if (details is { } found) ReasoningDetails.Read(found, dialect.Id, parts);
    }

    private void ReadContent(JsonElement message, List<Part> parts, NotesBuilder notes, string prefix, string path)
    {
        if (message.Get("content"u8) is not { } content || content.ValueEqualsEmpty()) return;
        int first = parts.Count;
        _content.Read(content, parts, notes, $"{prefix}content", $"{path}.content");
        if (message.Get("annotations"u8) is not { ValueKind: JsonValueKind.Array } annotations || annotations.GetArrayLength() == 0) return;
        int last = parts.FindLastIndex(p => p is TextPart);
        if (last < first) notes.Keep($"{prefix}annotations", RawJson.From(annotations));
        else parts[last] = ((TextPart)parts[last]) with { Citations = [.. annotations.EnumerateArray().Select(a => ChatAnnotations.Read(a, dialect.Id))] };
    }

    // An answer holds the sound itself; a later request names it by its id alone. Snowflake sends an object of empty members.
    private static void ReadAudio(JsonElement message, List<Part> parts, NotesBuilder notes, string prefix)
    {
        if (message.Get("audio"u8) is not { ValueKind: JsonValueKind.Object } audio || audio.GetPropertyCount() == 0) return;
        string id = audio.Text("id"u8) ?? "", data = audio.Text("data"u8) ?? "";
        if (id.Length == 0 && data.Length == 0)
        {
            notes.Spell($"{prefix}audio", audio.GetRawText());
            return;
        }
        var own = new NotesBuilder(WireFormatId.OpenAIChat);
        own.Sort(audio, ChatMembers.Audio);
        if (audio.Get("expires_at"u8) is { } expiry) own.Spell("expires_at", expiry.GetRawText());
        MediaSource source = data.Length > 0 ? new InlineMedia(data) : new FileMedia(id);
        parts.Add(new MediaPart(MediaKind.Audio, source) { Id = id, Transcript = audio.Text("transcript"u8), Notes = own.Build() });
    }

    // Pictures that a model made, as OpenRouter gives them: a list of image_url parts.
    private void ReadImages(JsonElement message, List<Part> parts, NotesBuilder notes, string prefix)
    {
        if (message.Get("images"u8) is not { ValueKind: JsonValueKind.Array } images || images.GetArrayLength() == 0) return;
        _content.Read(images, parts, notes, $"{prefix}images", $"{prefix}images");
    }

    private void ReadCalls(JsonElement message, List<Part> parts, NotesBuilder notes, string prefix, string path)
    {
        int index = 0;
        foreach (var call in message.Array("tool_calls"u8, path)?.EnumerateArray() ?? default)
        {
            string at = $"{path}.tool_calls[{index++}]";
            if (call.ValueKind != JsonValueKind.Object) throw new WireFormatException(at, "must be an object");
            parts.Add(ReadCall(call, at));
        }
        if (message.Get("function_call"u8) is not { ValueKind: JsonValueKind.Object } legacy) return;
        if (legacy.Text("name"u8) is { Length: > 0 } name)
        {
            parts.Add(new ToolCallPart(LegacyId(name), name, Arguments(legacy)) { Notes = new NotesBuilder(dialect.Id).Spell("~legacy").Build() });
        }
        else if (legacy.GetPropertyCount() > 0)
        {
            notes.Spell($"{prefix}function_call", legacy.GetRawText());
        }
    }

    /// <summary>The id of a call of the deprecated kind, which has none: calls and results meet by the function's name.</summary>
    public static string LegacyId(string function) => $"function_{function}";

    private ToolCallPart ReadCall(JsonElement call, string path)
    {
        var notes = new NotesBuilder(dialect.Id);
        notes.Sort(call, ChatMembers.ToolCall);
        string id = call.Text("id"u8) is { Length: > 0 } given ? given : newId();
        if (call.Text("type"u8) is { Length: > 0 } type) notes.Spell("~type", $"\"{JsonEncodedText.Encode(type)}\"");
        if (call.Get("index"u8) is { } index) notes.Spell("index", index.GetRawText());
        bool custom = call.Get("function"u8) is not { ValueKind: JsonValueKind.Object } && call.Get("custom"u8) is not null;
        string member = custom ? "custom" : "function";
        var called = call.Object(custom ? "custom"u8 : "function"u8, path) ?? throw new WireFormatException($"{path}.function", "is missing; an object is required");
        notes.Sort(called, ChatMembers.Called, $"{member}.");
        if (!custom && call.Get("custom"u8) is { } other) notes.Spell("custom", other.GetRawText());
        return new ToolCallPart(id, called.Text("name"u8) ?? "", custom ? called.Text("input"u8) ?? "" : Arguments(called, notes))
        {
            IsCustom = custom,
            Signature = ThoughtSignature.Read(call, notes),
            Notes = notes.Build(),
        };
    }

    // The arguments are JSON in a string; some vendors send the object itself. Nothing at all means no arguments.
    private static string Arguments(JsonElement called, NotesBuilder? notes = null)
    {
        if (called.Get("arguments"u8) is not { } value) return "{}";
        if (value.ValueKind == JsonValueKind.String) return value.GetString() is { Length: > 0 } text ? text : "{}";
        notes?.Spell("~arguments");
        return value.GetRawText();
    }
}
