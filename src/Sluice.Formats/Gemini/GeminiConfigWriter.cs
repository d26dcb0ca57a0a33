using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Writes <c>generationConfig</c>.</summary>
internal static class GeminiConfigWriter
{
    private const string Prefix = "generationConfig.";

    public static void Write(Utf8JsonWriter writer, ChatRequest request, TranslationContext context, GeminiNotes notes)
    {
        bool own = GeminiRequestWriter.IsOwn(context);
        var config = JsonOutput.ToRaw((request, context, notes, own), static (w, s) => WriteConfig(w, s.request, s.context, s.notes, s.own));
        bool isEmpty = config.Utf8.Length <= 2;
        if (isEmpty && !notes.Has("generationConfig")) return;
        writer.WritePropertyName(notes.Name("generationConfig"));
        config.WriteTo(writer);
    }

    private static void WriteConfig(Utf8JsonWriter writer, ChatRequest request, TranslationContext context, GeminiNotes notes, bool own)
    {
        writer.WriteStartObject();
        if (request.MaxTokens is { } limit) writer.WriteNumber(Name("maxOutputTokens"), limit);
        if (request.Temperature is { } temperature) writer.WriteNumber(Name("temperature"), temperature);
        if (request.TopP is { } topP) writer.WriteNumber(Name("topP"), topP);
        if (request.TopK is { } topK) writer.WriteNumber(Name("topK"), topK);
        if (request.Seed is { } seed) writer.WriteNumber(Name("seed"), own ? seed : Seed(seed, context.Losses));
        if (request.PresencePenalty is { } presence) writer.WriteNumber(Name("presencePenalty"), presence);
        if (request.FrequencyPenalty is { } frequency) writer.WriteNumber(Name("frequencyPenalty"), frequency);
        if (request.Stop.Count > 0 || notes.Has("stopSequences")) WriteList(writer, Name("stopSequences"), request.Stop);
        if (request.CandidateCount is { } count && (own || count != 1)) writer.WriteNumber(Name("candidateCount"), count);
        if (request.Logprobs is { } logprobs && (own || logprobs)) writer.WriteBoolean(Name("responseLogprobs"), logprobs);
        if (request.TopLogprobs is { } top && (own || top > 0)) writer.WriteNumber(Name("logprobs"), top);
        WriteModalities(writer, request, notes, own);
        if (own && !request.AudioOutput.IsAbsent)
        {
            writer.WritePropertyName(Name("speechConfig"));
            request.AudioOutput.WriteTo(writer);
        }
        if (request.AnswerFormat is { } format) WriteFormat(writer, format, context, notes, own);
        else if (own && notes.Value("responseMimeType") is { } mimeType) writer.WriteString(Name("responseMimeType"), mimeType);
        if (own) GeminiThinking.WriteOwn(writer, request.Reasoning, notes);
        else if (request.Reasoning is { } reasoning) GeminiThinking.WriteForeign(writer, reasoning, context);
        notes.WriteFields(writer, Prefix);
        writer.WriteEndObject();

        string Name(string camel) => notes.Name(camel, Prefix);
    }

    // A seed is a 32-bit number here.
    private static long Seed(long seed, LossReport losses)
    {
        if (seed is >= int.MinValue and <= int.MaxValue) return seed;
        int folded = (int)(seed ^ (seed >> 32));
        losses.Changed("seed", $"Gemini takes 32 bits: {folded}");
        return folded;
    }

    private static void WriteModalities(Utf8JsonWriter writer, ChatRequest request, GeminiNotes notes, bool own)
    {
        string? spelled = notes.Value("responseModalities");
        if (spelled is not null)
        {
            writer.WritePropertyName(notes.Name("responseModalities", Prefix));
            writer.WriteRawValue(spelled, skipInputValidation: true);
        }
        else if (!own && request.OutputModalities.Any(m => m != "text"))
        {
            WriteList(writer, "responseModalities", [.. request.OutputModalities.Select(m => m.ToUpperInvariant())]);
        }
    }

    private static void WriteFormat(Utf8JsonWriter writer, AnswerFormat format, TranslationContext context, GeminiNotes notes, bool own)
    {
        string? mimeType = own ? notes.Value("responseMimeType") : format.Type is "json" or "json_schema" ? "application/json" : null;
        if (mimeType is not null) writer.WriteString(notes.Name("responseMimeType", Prefix), mimeType);
        if (format.Schema.IsAbsent) return;
        if (!own)
        {
            var unsupported = GeminiSchema.UnsupportedKeywords(format.Schema);
            if (unsupported.Count > 0) context.Losses.Changed("response_format.schema", $"Gemini does not hold answers to {string.Join(", ", unsupported)}");
            if (format.Description is not null) context.Losses.Dropped("response_format.description", "Gemini has no such setting");
        }
        string? spelled = notes.Value("responseSchema");
        bool isSame = spelled is not null && GeminiSchema.ToJsonSchema(RawJson.FromText(spelled).ToElement()) == format.Schema;
        writer.WritePropertyName(notes.Name(isSame ? "responseSchema" : "responseJsonSchema", Prefix));
        (isSame ? RawJson.FromText(spelled!) : format.Schema).WriteTo(writer);
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
