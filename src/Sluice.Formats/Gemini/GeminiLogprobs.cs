using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.Gemini;

/// <summary><c>logprobsResult</c>: the chosen tokens and, step by step, the likeliest ones.</summary>
internal static class GeminiLogprobs
{
    public static IReadOnlyList<TokenLogprob>? Read(JsonElement result)
    {
        if (result.Get("chosenCandidates"u8) is not { ValueKind: JsonValueKind.Array } chosen) return null;
        var tops = result.Get("topCandidates"u8) is { ValueKind: JsonValueKind.Array } list ? list : default;
        var tokens = new List<TokenLogprob>(chosen.GetArrayLength());
        foreach (var token in chosen.EnumerateArray())
        {
            var top = tops.ValueKind == JsonValueKind.Array && tokens.Count < tops.GetArrayLength() ? Top(tops[tokens.Count]) : [];
            tokens.Add(Token(token) with { Top = top });
        }
        return tokens;
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<TokenLogprob> tokens)
    {
        writer.WriteStartObject("logprobsResult"u8);
        writer.WriteStartArray("chosenCandidates"u8);
        foreach (var token in tokens) WriteToken(writer, token);
        writer.WriteEndArray();
        if (tokens.Any(t => t.Top.Count > 0))
        {
            writer.WriteStartArray("topCandidates"u8);
            foreach (var token in tokens)
            {
                writer.WriteStartObject();
                writer.WriteStartArray("candidates"u8);
                foreach (var top in token.Top) WriteToken(writer, top);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static List<TokenLogprob> Top(JsonElement step)
    {
        var tokens = new List<TokenLogprob>();
        if (step.Get("candidates"u8) is not { ValueKind: JsonValueKind.Array } candidates) return tokens;
        foreach (var token in candidates.EnumerateArray()) tokens.Add(Token(token));
        return tokens;
    }

    private static TokenLogprob Token(JsonElement token) => new(token.Text("token"u8) ?? "", token.Number("logProbability"u8) ?? 0);

    private static void WriteToken(Utf8JsonWriter writer, TokenLogprob token)
    {
        writer.WriteStartObject();
        writer.WriteString("token"u8, token.Token);
        writer.WriteNumber("logProbability"u8, token.Logprob);
        writer.WriteEndObject();
    }
}
