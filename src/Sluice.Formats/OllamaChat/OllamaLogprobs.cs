using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.OllamaChat;

/// <summary><c>logprobs</c> at the root of an answer or chunk: <c>[{token, logprob, bytes, top_logprobs: [...]}]</c>.</summary>
internal static class OllamaLogprobs
{
    /// <summary>Reads them; <see langword="null"/> where there are none.</summary>
    public static List<TokenLogprob>? Read(JsonElement root)
    {
        if (root.Get("logprobs"u8) is not { ValueKind: JsonValueKind.Array } list) return null;
        var tokens = new List<TokenLogprob>();
        foreach (var item in list.EnumerateArray())
        {
            if (Token(item) is not { } token) continue;
            var top = item.Get("top_logprobs"u8) is { ValueKind: JsonValueKind.Array } others ? others.EnumerateArray().Select(Token).OfType<TokenLogprob>().ToArray() : [];
            tokens.Add(token with { Top = top });
        }
        return tokens.Count > 0 ? tokens : null;
    }

    /// <summary>Writes the member where there are any.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<TokenLogprob>? tokens)
    {
        if (tokens is not { Count: > 0 }) return;
        writer.WriteStartArray("logprobs"u8);
        foreach (var token in tokens)
        {
            writer.WriteStartObject();
            WriteToken(writer, token);
            if (token.Top.Count > 0)
            {
                writer.WriteStartArray("top_logprobs"u8);
                foreach (var other in token.Top)
                {
                    writer.WriteStartObject();
                    WriteToken(writer, other);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static TokenLogprob? Token(JsonElement item)
    {
        if (item.Text("token"u8) is not { } text || item.Number("logprob"u8) is not { } logprob) return null;
        var bytes = item.Get("bytes"u8) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(b => b.TryGetInt32(out int n) ? n : 0).ToArray() : null;
        return new TokenLogprob(text, logprob) { Bytes = bytes };
    }

    private static void WriteToken(Utf8JsonWriter writer, TokenLogprob token)
    {
        writer.WriteString("token"u8, token.Token);
        writer.WriteNumber("logprob"u8, token.Logprob);
        if (token.Bytes is null) return;
        writer.WriteStartArray("bytes"u8);
        foreach (int b in token.Bytes) writer.WriteNumberValue(b);
        writer.WriteEndArray();
    }
}
