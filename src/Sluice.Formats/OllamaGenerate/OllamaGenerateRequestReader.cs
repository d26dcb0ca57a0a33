using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.OllamaChat;
using Sluice.Wire;

namespace Sluice.Formats.OllamaGenerate;

/// <summary>
/// Reads the body of <c>POST /api/generate</c> (<c>api.GenerateRequest</c>). What the chat endpoint knows too (<c>keep_alive</c>, <c>options</c>) is noted as its
/// own; what only this endpoint has (<c>suffix</c>, <c>raw</c>, <c>template</c>, <c>context</c>, picture sizes) stays with the prompt and is reported as lost.
/// </summary>
internal static class OllamaGenerateRequestReader
{
    private static FrozenSet<string> Known { get; } =
    [
        "model", "prompt", "system", "images", "stream", "format", "think", "logprobs", "top_logprobs", "options", .. OnlyHere,
    ];

    private static string[] OnlyHere => ["suffix", "raw", "template", "context", "width", "height", "steps"];

    /// <summary>Reads a request.</summary>
    public static ChatRequest Read(JsonElement root)
    {
        var notes = new NotesBuilder(WireFormatId.OllamaChat).Keep(root, Known);
        var request = new ChatRequest { Model = root.RequiredString("model"u8), Messages = ReadMessages(root) };
        request = OllamaSettings.Read(root, request, notes);
        return request with { Notes = notes.Build() };
    }

    private static List<ChatMessage> ReadMessages(JsonElement root)
    {
        var messages = new List<ChatMessage>();
        if (root.String("system"u8) is { Length: > 0 } system) messages.Add(new ChatMessage(Role.System, [new TextPart(system)]));
        var parts = new List<Part>();
        if (root.String("prompt"u8) is { Length: > 0 } prompt) parts.Add(new TextPart(prompt));
        if (root.Array("images"u8) is { } images) parts.AddRange(images.EnumerateArray().Select((image, i) => OllamaMessageReader.SentImage(image, $"images[{i}]")));
        if (parts.Count == 0) throw new WireFormatException("prompt", "is missing; a text is required (to load a model without asking it is Ollama's own business)");
        messages.Add(new ChatMessage(Role.User, parts) { Notes = OwnMembers(root) });
        return messages;
    }

    // Zero values say nothing: clients that serialize every field send them.
    private static WireNotes? OwnMembers(JsonElement root)
    {
        var notes = new NotesBuilder(WireFormatId.OllamaGenerate);
        foreach (string name in OnlyHere)
        {
            if (!root.TryGetProperty(name, out var value) || IsZero(value)) continue;
            notes.Keep(name, RawJson.From(value));
        }
        return notes.Build();
    }

    private static bool IsZero(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString() is "",
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Number => value.TryGetInt64(out long number) && number == 0,
        _ => false,
    };
}
