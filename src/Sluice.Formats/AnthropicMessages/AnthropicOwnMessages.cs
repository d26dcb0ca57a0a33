using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Writes a conversation that came in this format as it stood.</summary>
internal static class AnthropicOwnMessages
{
    /// <summary>Writes <c>system</c> and <c>messages</c>. Only reasoning of another family is left out: the API refuses what it did not sign.</summary>
    public static void Write(Utf8JsonWriter writer, ChatRequest request, LossReport losses)
    {
        int first = 0;
        if (request.Messages is [var system, ..] && Shape.Value(system.Notes.Own(), "system") is { } shape)
        {
            first = 1;
            writer.WritePropertyName("system"u8);
            WriteContent(writer, system.Parts, shape == "string");
        }
        writer.WriteStartArray("messages"u8);
        for (int i = first; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            var parts = OwnReasoning(message.Parts, $"messages[{i}].content", losses);
            if (parts.Count == 0 && message.Parts.Count > 0) continue;
            writer.WriteStartObject();
            writer.WriteString("role"u8, message.Role == Role.Developer ? "system" : message.Role == Role.Tool ? "user" : message.Role.Value);
            writer.WritePropertyName("content"u8);
            WriteContent(writer, parts, Shape.Has(message.Notes.Own(), "string"));
            writer.WriteKept(message.Notes, AnthropicNames.Id);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter writer, IReadOnlyList<Part> parts, bool asString)
    {
        if (asString && parts is [TextPart only]) writer.WriteStringValue(only.Text);
        else AnthropicBlockWriter.AsCame.WriteList(writer, parts);
    }

    private static IReadOnlyList<Part> OwnReasoning(IReadOnlyList<Part> parts, string path, LossReport losses)
    {
        if (!parts.Any(IsForeign)) return parts;
        var kept = new List<Part>(parts.Count);
        for (int i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (!IsForeign(part))
            {
                kept.Add(part);
                continue;
            }
            losses.Dropped($"{path}[{i}]{(part is ReasoningPart ? "" : ".signature")}", part.Signature is null ? "unsigned reasoning is refused by this format" : "made by another model family");
            if (part is not (ReasoningPart or TextPart { Text: "" })) kept.Add(part with { Signature = null });
        }
        return kept;
    }

    private static bool IsForeign(Part part) => part is ReasoningPart ? part.Signature?.Family != AnthropicNames.Family : part.Signature is not null;
}
