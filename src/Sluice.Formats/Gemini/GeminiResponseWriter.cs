using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Writes a whole answer for a client.</summary>
internal static class GeminiResponseWriter
{
    public static void Write(Utf8JsonWriter writer, ChatResponse response, TranslationContext context)
    {
        var notes = new GeminiNotes(response.Notes);
        context.Losses.Unknown(response.Notes, WireFormatId.GeminiGenerate, "");
        writer.WriteStartObject();
        if (!notes.Has("nocandidates"))
        {
            writer.WriteStartArray("candidates"u8);
            for (int i = 0; i < response.Candidates.Count; i++) WriteCandidate(writer, response.Candidates[i], $"candidates[{i}]", context);
            writer.WriteEndArray();
        }
        if (response.Usage is { } usage)
        {
            writer.WritePropertyName("usageMetadata"u8);
            GeminiUsage.Write(writer, usage);
        }
        if (response.Model.Length > 0) writer.WriteString("modelVersion"u8, response.Model);
        if (response.Id.Length > 0) writer.WriteString("responseId"u8, response.Id);
        if (response.CreatedAt is { } time) writer.WriteString("createTime"u8, notes.Value("createTime") ?? Time(time));
        notes.WriteFields(writer);
        writer.WriteEndObject();
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static void WriteCandidate(Utf8JsonWriter writer, Candidate candidate, string path, TranslationContext context)
    {
        var notes = new GeminiNotes(candidate.Notes);
        context.Losses.Unknown(candidate.Notes, WireFormatId.GeminiGenerate, path);
        writer.WriteStartObject();
        if (!notes.Has("nocontent")) WriteContent(writer, candidate, notes, path, context);
        if (notes.Value("finish") is { } reason) writer.WriteString("finishReason"u8, reason);
        else if (candidate.FinishReason is not null || candidate.Notes?.Format != WireFormatId.GeminiGenerate) writer.WriteString("finishReason"u8, GeminiFinish.Write(candidate.FinishReason));
        if (!notes.Has("noindex")) writer.WriteNumber("index"u8, candidate.Index);
        if (candidate.StopSequence is not null) context.Losses.Dropped($"{path}.stop_sequence", "Gemini does not say which stop sequence was met");
        if (candidate.Notes?.Format != WireFormatId.GeminiGenerate) WriteExtras(writer, candidate);
        notes.WriteFields(writer);
        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, Candidate candidate, GeminiNotes notes, string path, TranslationContext context)
    {
        writer.WriteStartObject("content"u8);
        if (!notes.Has("noparts"))
        {
            writer.WriteStartArray("parts"u8);
            for (int i = 0; i < candidate.Parts.Count; i++)
            {
                var part = candidate.Parts[i];
                if (!CanSay(part, $"{path}.parts[{i}]", context.Losses)) continue;
                GeminiPartWriter.Write(writer, part, GeminiSignatures.ForClient(part));
            }
            writer.WriteEndArray();
        }
        if (!notes.Has("norole")) writer.WriteString("role"u8, "model"u8);
        notes.WriteFields(writer, "content.");
        writer.WriteEndObject();
    }

    /// <summary>False, and a report, for what this format has no parts for.</summary>
    public static bool CanSay(Part part, string path, LossReport losses)
    {
        losses.Unknown(part.Notes, WireFormatId.GeminiGenerate, path);
        bool isOwn = part.Notes?.Format == WireFormatId.GeminiGenerate || part is RawPart { Format: var format } && format == WireFormatId.GeminiGenerate;
        if (part is RefusalPart) losses.Changed(path, "Gemini has no refusals apart from text");
        if (part is MediaPart { Transcript: not null }) losses.Dropped($"{path}.transcript", "Gemini has no transcripts beside sound");
        if (isOwn || part is not (RawPart or ServerToolCallPart or ServerToolResultPart or ToolResultPart)) return true;
        losses.Dropped(path, "Gemini has no part for what another provider's own tools did");
        return false;
    }

    private static void WriteExtras(Utf8JsonWriter writer, Candidate candidate)
    {
        if (candidate.Logprobs is { Count: > 0 } tokens) GeminiLogprobs.Write(writer, tokens);
        List<Citation>? citations = null;
        StringBuilder? text = null;
        foreach (var part in candidate.Parts)
        {
            if (part is not TextPart p) continue;
            (text ??= new StringBuilder()).Append(p.Text);
            if (p.Citations.Count > 0) (citations ??= []).AddRange(p.Citations);
        }
        if (citations is not null) GeminiGrounding.Write(writer, citations, text!.ToString());
    }
}
