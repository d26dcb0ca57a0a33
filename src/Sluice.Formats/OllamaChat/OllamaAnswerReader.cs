using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>Reads a whole answer of <c>/api/chat</c>, and what its chunks have in common with it. Source: <c>api.ChatResponse</c>.</summary>
internal static class OllamaAnswerReader
{
    private static FrozenSet<string> Known { get; } = ["model", "created_at", "message", "done", "done_reason", "logprobs", .. OllamaUsage.Names];

    private static FrozenSet<string> KnownOfMessage { get; } = ["role", "content", "thinking", "images", "tool_calls"];

    /// <summary>Reads a whole answer.</summary>
    public static ChatResponse Read(JsonElement root, TranslationContext context)
    {
        if (root.Object("message"u8) is not { } message) throw new WireFormatException("message", "is missing; an object is required");
        if (root.Boolean("done"u8) == false) throw new WireFormatException("done", "is false: the answer is not complete");
        var notes = new NotesBuilder(WireFormatId.OllamaChat).Keep(root, Known).Spell("created_at", root.Text("created_at"u8)).Spell("no-done", root.Get("done"u8) is null);
        var usage = OllamaUsage.Read(root);
        notes.Spell(OllamaUsage.None, usage is null);
        var own = new NotesBuilder(WireFormatId.OllamaChat).Keep(message, KnownOfMessage);
        var parts = ReadParts(message, own, context);
        var reason = OllamaFinish.Read(root, parts.Exists(p => p is ToolCallPart));
        OllamaFinish.Keep(root, reason, own);
        return new ChatResponse
        {
            Model = root.Text("model"u8) ?? "",
            CreatedAt = CreatedAt(root),
            Candidates = [new Candidate { Parts = parts, FinishReason = OllamaFinish.IsTold(root, parts.Count > 0) ? reason : null, Logprobs = OllamaLogprobs.Read(root), Notes = own.Build() }],
            Usage = usage,
            Notes = notes.Build(),
        };
    }

    /// <summary>Unread members of the root of an answer or chunk.</summary>
    public static WireNotes? RootNotes(JsonElement root) => new NotesBuilder(WireFormatId.OllamaChat).Keep(root, Known).Spell("created_at", root.Text("created_at"u8)).Build();

    /// <summary>When it was made (RFC 3339 with up to nine digits of a second); <see langword="null"/> where not said or not readable.</summary>
    public static DateTimeOffset? CreatedAt(JsonElement root) =>
        DateTimeOffset.TryParse(root.Text("created_at"u8), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Reads a call of an answer. Ollama's ids are new; a call without one gets a fresh id.</summary>
    public static ToolCallPart Call(JsonElement item, string path, TranslationContext context) =>
        OllamaToolCalls.Read(item, path, item.Text("id"u8) is { Length: > 0 } id ? id : context.Ids.Next("call_"), out _);

    private static List<Part> ReadParts(JsonElement message, NotesBuilder notes, TranslationContext context)
    {
        const string path = "message";
        var parts = new List<Part>();
        notes.Spell("role", message.Text("role"u8) is "assistant" ? null : message.Text("role"u8) ?? "");
        string? thinking = message.String("thinking"u8, path);
        notes.Spell("thinking-empty", thinking is "");
        if (thinking is { Length: > 0 }) parts.Add(new ReasoningPart(thinking));
        string? content = message.String("content"u8, path);
        notes.Spell("no-content", content is null);
        if (content is { Length: > 0 }) parts.Add(new TextPart(content));
        if (message.Array("images"u8, path) is { } images)
        {
            notes.Spell("images-empty", images.GetArrayLength() == 0);
            parts.AddRange(images.EnumerateArray().Select((image, i) => OllamaMessageReader.Image(image, $"{path}.images[{i}]")));
        }
        if (message.Array("tool_calls"u8, path) is { } calls)
        {
            notes.Spell("tool-calls-empty", calls.GetArrayLength() == 0);
            parts.AddRange(calls.EnumerateArray().Select((call, i) => Call(call, $"{path}.tool_calls[{i}]", context)));
        }
        return parts;
    }
}
