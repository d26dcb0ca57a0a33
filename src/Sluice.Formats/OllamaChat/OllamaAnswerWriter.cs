using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>Writes a whole answer of <c>/api/chat</c> or <c>/api/generate</c>. Members that the official clients take as given are always there.</summary>
internal sealed class OllamaAnswerWriter(ChatResponse response, TranslationContext context, OllamaAnswerStyle style)
{
    private static WireFormatId Id => WireFormatId.OllamaChat;

    /// <summary>Writes it.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        if (response.Candidates.Count > 1) context.Losses.Dropped("candidates[1]", "Ollama gives one answer");
        var candidate = response.Candidates.Count > 0 ? response.Candidates[0] : new Candidate();
        context.Losses.Unknown(response.Notes, Id, "");
        context.Losses.Unknown(candidate.Notes, Id, "");
        writer.WriteStartObject();
        writer.WriteString("model"u8, ModelName(response.Model, context));
        WriteCreatedAt(writer, response.CreatedAt, response.Notes, context);
        if (style == OllamaAnswerStyle.Chat) WriteMessage(writer, candidate);
        else OllamaAnswerContent.From(candidate.Parts, context.Losses).Write(writer, style, candidate.Notes, context.Losses);
        OllamaFinish.Write(writer, candidate.FinishReason, candidate.Notes, context.Losses);
        if (!response.Notes.Has(Id, "no-done")) writer.WriteBoolean("done"u8, true);
        if (!response.Notes.Has(Id, OllamaUsage.None)) WriteEnd(writer, style, response.Usage, Timings());
        OllamaLogprobs.Write(writer, candidate.Logprobs);
        writer.WriteKept(response.Notes, Id);
        writer.WriteEndObject();
    }

    /// <summary>The name of the model that the client is told.</summary>
    public static string ModelName(string answered, TranslationContext context) =>
        answered.Length > 0 ? answered : context.Request?.Model is { Length: > 0 } asked ? asked : context.UpstreamModel;

    /// <summary>Writes <c>created_at</c>: as it was spelled, else the provider's time, else now.</summary>
    public static void WriteCreatedAt(Utf8JsonWriter writer, DateTimeOffset? time, WireNotes? notes, TranslationContext context)
    {
        if (notes.Value(Id, "created_at") is { } spelled) writer.WriteString("created_at"u8, spelled);
        else writer.WriteString("created_at"u8, (time ?? context.Time.GetUtcNow()).UtcDateTime);
    }

    /// <summary>Writes the counts, and what <c>/api/generate</c> has at its end besides.</summary>
    public static void WriteEnd(Utf8JsonWriter writer, OllamaAnswerStyle style, Usage? usage, in OllamaTimings timings)
    {
        if (style == OllamaAnswerStyle.Generate)
        {
            // Deprecated, but the JavaScript client's type has it; empty means that nothing is remembered.
            writer.WriteStartArray("context"u8);
            writer.WriteEndArray();
        }
        OllamaUsage.Write(writer, usage, timings);
    }

    // When the first token came is not known of a whole answer: all the time counts as evaluation.
    private OllamaTimings Timings() =>
        context.StartTimestamp is { } start ? new OllamaTimings(OllamaTimings.Between(context.Time, start, context.Time.GetTimestamp()), 0) : default;

    private void WriteMessage(Utf8JsonWriter writer, Candidate candidate)
    {
        writer.WriteStartObject("message"u8);
        string role = candidate.Notes.Value(Id, "role") ?? "assistant";
        if (role.Length > 0) writer.WriteString("role"u8, role);
        OllamaAnswerContent.From(candidate.Parts, context.Losses).Write(writer, style, candidate.Notes, context.Losses);
        writer.WriteKept(candidate.Notes, Id);
        writer.WriteEndObject();
    }
}
