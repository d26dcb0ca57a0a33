using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Writes parts. What a part cannot say here was reported before.</summary>
internal static class GeminiPartWriter
{
    /// <summary>Writes one part.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="part">A part that this format can say.</param>
    /// <param name="signature">The <c>thoughtSignature</c> to write, if any.</param>
    /// <param name="name">The tool's name on this wire, for calls and results.</param>
    public static void Write(Utf8JsonWriter writer, Part part, string? signature, string? name = null)
    {
        if (part is RawPart raw)
        {
            raw.Json.WriteTo(writer);
            return;
        }
        var notes = new GeminiNotes(part.Notes);
        writer.WriteStartObject();
        switch (part)
        {
            case TextPart p:
                if (!notes.Has("notext")) writer.WriteString("text"u8, p.Text);
                break;
            case RefusalPart p:
                writer.WriteString("text"u8, p.Text);
                break;
            case ReasoningPart p:
                if (!notes.Has("notext")) writer.WriteString("text"u8, p.Text);
                writer.WriteBoolean("thought"u8, true);
                break;
            case MediaPart p:
                WriteMedia(writer, p, notes);
                break;
            case ToolCallPart p:
                WriteCall(writer, p, name ?? p.Name, notes);
                break;
            case ToolResultPart p:
                WriteResult(writer, p, name ?? p.ToolName ?? "", notes);
                break;
            case ServerToolCallPart p:
                WriteServerCall(writer, p, notes);
                break;
            case ServerToolResultPart p:
                WriteServerResult(writer, p, notes);
                break;
            default:
                break;
        }
        if (signature is not null) writer.WriteString(notes.Name("thoughtSignature"), signature);
        notes.WriteFields(writer);
        writer.WriteEndObject();
    }

    private static void WriteMedia(Utf8JsonWriter writer, MediaPart media, GeminiNotes notes)
    {
        switch (media.Source)
        {
            case InlineMedia or TextMedia:
                writer.WriteStartObject(notes.Name("inlineData"));
                if (!notes.Has("nomime")) writer.WriteString(notes.Name("mimeType", "inlineData."), media.Source is TextMedia ? media.Source.MediaType ?? "text/plain" : GeminiMedia.MediaType(media));
                writer.WriteString("data"u8, Data(media.Source, notes));
                if (media.Title is not null) writer.WriteString(notes.Name("displayName", "inlineData."), media.Title);
                notes.WriteFields(writer, "inlineData.");
                break;
            default:
                writer.WriteStartObject(notes.Name("fileData"));
                if (!notes.Has("nomime")) writer.WriteString(notes.Name("mimeType", "fileData."), GeminiMedia.MediaType(media));
                writer.WriteString(notes.Name("fileUri", "fileData."), media.Source is FileMedia file ? file.FileId : ((UrlMedia)media.Source).Url);
                if (media.Title is not null) writer.WriteString(notes.Name("displayName", "fileData."), media.Title);
                notes.WriteFields(writer, "fileData.");
                break;
        }
        writer.WriteEndObject();
    }

    private static string Data(MediaSource source, GeminiNotes notes)
    {
        if (source is TextMedia text) return Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Text));
        string base64 = ((InlineMedia)source).Base64;
        return notes.Has("urlsafe") ? base64.Replace('+', '-').Replace('/', '_') : base64;
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call, string name, GeminiNotes notes)
    {
        writer.WriteStartObject(notes.Name("functionCall"));
        if (!notes.Has("noid") && call.CallId.Length > 0) writer.WriteString("id"u8, call.CallId);
        writer.WriteString("name"u8, name);
        if (!notes.Has("noargs"))
        {
            writer.WritePropertyName("args"u8);
            GeminiArguments.Write(writer, call.Arguments, call.IsCustom);
        }
        notes.WriteFields(writer, "functionCall.");
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, ToolResultPart result, string name, GeminiNotes notes)
    {
        writer.WriteStartObject(notes.Name("functionResponse"));
        string id = notes.Value("wireId") ?? result.CallId;
        if (!notes.Has("noid") && id.Length > 0) writer.WriteString("id"u8, id);
        if (!notes.Has("noname")) writer.WriteString("name"u8, name);
        if (!notes.Has("noresponse"))
        {
            writer.WritePropertyName("response"u8);
            GeminiResults.Write(writer, result);
        }
        bool hasParts = false;
        foreach (var part in result.Content)
        {
            if (part is not (MediaPart or RawPart)) continue;
            if (!hasParts) writer.WriteStartArray("parts"u8);
            hasParts = true;
            Write(writer, part, null);
        }
        if (hasParts) writer.WriteEndArray();
        notes.WriteFields(writer, "functionResponse.");
        writer.WriteEndObject();
    }

    private static void WriteServerCall(Utf8JsonWriter writer, ServerToolCallPart call, GeminiNotes notes) =>
        WriteServerTool(writer, notes, ("executableCode", "toolCall", "args"), (call.CallId, call.Name), call.Input);

    private static void WriteServerResult(Utf8JsonWriter writer, ServerToolResultPart result, GeminiNotes notes) =>
        WriteServerTool(writer, notes, ("codeExecutionResult", "toolResponse", "response"), (result.CallId, result.Name), result.Content);

    // Code has a member of its own, every other tool of the server an object with id and type.
    private static void WriteServerTool(Utf8JsonWriter writer, GeminiNotes notes, (string Code, string Tool, string Content) names, (string Id, string Type) tool, RawJson content)
    {
        if (!notes.Has(names.Tool))
        {
            writer.WritePropertyName(notes.Name(names.Code));
            content.WriteTo(writer);
            return;
        }
        string prefix = names.Tool + ".";
        writer.WriteStartObject(notes.Name(names.Tool));
        if (tool.Id.Length > 0) writer.WriteString("id"u8, tool.Id);
        if (tool.Type.Length > 0) writer.WriteString(notes.Name("toolType", prefix), tool.Type);
        if (!content.IsAbsent)
        {
            writer.WritePropertyName(names.Content);
            content.WriteTo(writer);
        }
        notes.WriteFields(writer, prefix);
        writer.WriteEndObject();
    }
}
