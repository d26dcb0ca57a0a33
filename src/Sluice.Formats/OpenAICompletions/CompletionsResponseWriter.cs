using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.OpenAIChat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAICompletions;

/// <summary>Writes an answer as a text completion (openai.json <c>CreateCompletionResponse</c>): its text alone.</summary>
internal static class CompletionsResponseWriter
{
    /// <summary>Writes the body.</summary>
    public static void Write(Utf8JsonWriter output, ChatResponse response, TranslationContext context)
    {
        context.Losses.Unknown(response.Notes, WireFormatId.OpenAICompletions, "");
        output.WriteStartObject();
        output.WriteString("id", response.Id.Length > 0 ? response.Id : context.Ids.Next("cmpl-"));
        output.WriteString("object", "text_completion");
        output.WriteNumber("created", (response.CreatedAt ?? context.Time.GetUtcNow()).ToUnixTimeSeconds());
        output.WriteString("model", response.Model.Length > 0 ? response.Model : context.UpstreamModel);
        if (response.SystemFingerprint is not null) output.WriteString("system_fingerprint", response.SystemFingerprint);
        output.WriteStartArray("choices");
        foreach (var candidate in response.Candidates) WriteChoice(output, candidate, context);
        output.WriteEndArray();
        if (response.Usage is { } usage) ChatUsage.Write(output, usage, WireFormatId.OpenAICompletions);
        output.WriteEndObject();
    }

    /// <summary>The finish reason within this format's set: <c>stop</c>, <c>length</c>, <c>content_filter</c>.</summary>
    public static string Finish(FinishReason? reason) => reason?.Value switch
    {
        null or "stop" or "stop_sequence" or "tool_calls" => "stop",
        "content_filter" or "refusal" => "content_filter",
        _ => "length",
    };

    private static void WriteChoice(Utf8JsonWriter output, Candidate candidate, TranslationContext context)
    {
        string path = $"choices[{candidate.Index}]";
        context.Losses.Unknown(candidate.Notes, WireFormatId.OpenAICompletions, path);
        output.WriteStartObject();
        output.WriteString("text", string.Concat(candidate.Parts.Select(TextOf)));
        output.WriteNumber("index", candidate.Index);
        WriteLogprobs(output, candidate.Logprobs);
        output.WriteString("finish_reason", Finish(candidate.FinishReason));
        output.WriteEndObject();
        for (int i = 0; i < candidate.Parts.Count; i++)
        {
            if (candidate.Parts[i] is not (TextPart or RefusalPart)) context.Losses.Dropped($"{path}.content[{i}]", "a text completion holds text only");
        }
    }

    private static string TextOf(Part part) => part switch
    {
        TextPart text => text.Text,
        RefusalPart refusal => refusal.Text,
        _ => "",
    };

    private static void WriteLogprobs(Utf8JsonWriter output, IReadOnlyList<TokenLogprob>? tokens)
    {
        if (tokens is null)
        {
            output.WriteNull("logprobs");
            return;
        }
        output.WriteStartObject("logprobs");
        output.WriteStartArray("tokens");
        foreach (var token in tokens) output.WriteStringValue(token.Token);
        output.WriteEndArray();
        output.WriteStartArray("token_logprobs");
        foreach (var token in tokens) output.WriteNumberValue(token.Logprob);
        output.WriteEndArray();
        output.WriteStartArray("top_logprobs");
        foreach (var token in tokens)
        {
            output.WriteStartObject();
            foreach (var top in token.Top.DistinctBy(t => t.Token)) output.WriteNumber(top.Token, top.Logprob);
            output.WriteEndObject();
        }
        output.WriteEndArray();
        output.WriteStartArray("text_offset");
        int offset = 0;
        foreach (var token in tokens)
        {
            output.WriteNumberValue(offset);
            offset += token.Token.Length;
        }
        output.WriteEndArray();
        output.WriteEndObject();
    }
}
