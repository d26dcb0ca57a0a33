using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>A content part of a message with the probabilities of its tokens.</summary>
internal readonly record struct MessageContent(Part Part, IReadOnlyList<TokenLogprob> Logprobs);

/// <summary>Writes the message items of answers.</summary>
internal static class ResponsesMessageItem
{
    /// <summary>The id of the item that the parts came in, or a new one.</summary>
    public static string IdOf(IReadOnlyList<Part> parts, TranslationContext context) =>
        ResponsesNotes.IsNative(parts[0].Notes) && parts[0].Id is { Length: > 0 } id ? id : context.Ids.Next("msg_");

    /// <summary>Writes an item. Where the last part brings the members of its item with it, they are written as they were.</summary>
    public static void Write(Utf8JsonWriter json, string id, IReadOnlyList<MessageContent> content, string status, TranslationContext context)
    {
        var around = ResponsesNotes.Silent(content[^1].Part.Notes, ResponsesNotes.Item);
        json.WriteStartObject();
        var members = new ResponsesMembers(json, around.IsAbsent ? null : ResponsesNotes.Empty with { Shape = around.ToString() });
        members.String("id", id);
        members.Type("message");
        members.Default("status", status);
        members.Default("role", "assistant");
        members.Name("content");
        json.WriteStartArray();
        foreach (var part in content) WriteContent(json, part, context);
        json.WriteEndArray();
        members.Rest();
        json.WriteEndObject();
    }

    /// <summary>Writes one content part.</summary>
    public static void WriteContent(Utf8JsonWriter json, MessageContent content, TranslationContext context)
    {
        switch (content.Part)
        {
            case TextPart text: ResponsesItemWriter.Text(json, text, "output_text", content.Logprobs, context); break;
            case RefusalPart refusal: ResponsesItemWriter.Refusal(json, refusal); break;
            case RawPart raw: raw.Json.WriteTo(json); break;
            default: break;
        }
    }
}
