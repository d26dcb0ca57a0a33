using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.OpenAIChat;

/// <summary><c>logprobs</c> of a choice: a list of tokens for the content, and one for a refusal.</summary>
internal static class ChatLogprobs
{
    /// <summary>Reads the tokens; <see langword="null"/> for none.</summary>
    public static List<TokenLogprob>? Read(JsonElement choice)
    {
        if (choice.Get("logprobs"u8) is not { ValueKind: JsonValueKind.Object } logprobs) return null;
        List<TokenLogprob>? tokens = null;
        Add(logprobs.Get("content"u8), ref tokens);
        Add(logprobs.Get("refusal"u8), ref tokens);
        return tokens;
    }

    /// <summary>Writes the member, <c>null</c> for none.</summary>
    public static void Write(Utf8JsonWriter output, IReadOnlyList<TokenLogprob>? tokens)
    {
        if (tokens is null)
        {
            output.WriteNull("logprobs");
            return;
        }
        output.WriteStartObject("logprobs");
        output.WriteStartArray("content");
        foreach (var token in tokens)
        {
            output.WriteStartObject();
            WriteMembers(output, token);
            output.WriteStartArray("top_logprobs");
            foreach (var top in token.Top)
            {
                output.WriteStartObject();
                WriteMembers(output, top);
                output.WriteEndObject();
            }
            output.WriteEndArray();
            output.WriteEndObject();
        }
        output.WriteEndArray();
        output.WriteNull("refusal");
        output.WriteEndObject();
    }

    private static void Add(JsonElement? list, ref List<TokenLogprob>? tokens)
    {
        if (list is not { ValueKind: JsonValueKind.Array } items) return;
        foreach (var item in items.EnumerateArray())
        {
            if (ReadToken(item) is { } token) (tokens ??= []).Add(token);
        }
    }

    private static TokenLogprob? ReadToken(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || item.Text("token"u8) is not { } token) return null;
        List<TokenLogprob> top = [];
        if (item.Get("top_logprobs"u8) is { ValueKind: JsonValueKind.Array } alternatives)
        {
            foreach (var alternative in alternatives.EnumerateArray())
            {
                if (alternative.Text("token"u8) is { } other) top.Add(new TokenLogprob(other, Number(alternative)) { Bytes = Bytes(alternative) });
            }
        }
        return new TokenLogprob(token, Number(item)) { Bytes = Bytes(item), Top = top };
    }

    private static double Number(JsonElement item) => item.Get("logprob"u8) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : 0;

    private static List<int>? Bytes(JsonElement item) =>
        item.Get("bytes"u8) is { ValueKind: JsonValueKind.Array } bytes ? [.. bytes.EnumerateArray().Where(b => b.ValueKind == JsonValueKind.Number && b.TryGetInt32(out _)).Select(b => b.GetInt32())] : null;

    private static void WriteMembers(Utf8JsonWriter output, TokenLogprob token)
    {
        output.WriteString("token", token.Token);
        output.WriteNumber("logprob", token.Logprob);
        if (token.Bytes is null)
        {
            output.WriteNull("bytes");
            return;
        }
        output.WriteStartArray("bytes");
        foreach (int value in token.Bytes) output.WriteNumberValue(value);
        output.WriteEndArray();
    }
}
