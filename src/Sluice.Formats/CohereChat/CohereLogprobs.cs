using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.CohereChat;

/// <summary><c>{text, token_ids, logprobs}</c>: a piece of text with the logarithms of its tokens. The tokens' own texts are not told.</summary>
internal static class CohereLogprobs
{
    /// <summary>Reads one piece as one token, whose probability is that of all its tokens; <see langword="null"/> where it has none.</summary>
    public static TokenLogprob? Read(JsonElement item)
    {
        if (item.Get("logprobs"u8) is not { ValueKind: JsonValueKind.Array } values) return null;
        double sum = 0;
        foreach (var value in values.EnumerateArray())
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double logprob) && double.IsFinite(logprob)) sum += logprob;
        }
        return new TokenLogprob(item.Text("text"u8) ?? "", sum);
    }

    /// <summary>Reads the list at the root of a whole answer.</summary>
    public static List<TokenLogprob>? ReadAll(JsonElement root)
    {
        if (root.Get("logprobs"u8) is not { ValueKind: JsonValueKind.Array } list) return null;
        List<TokenLogprob> tokens = [.. list.EnumerateArray().Select(Read).OfType<TokenLogprob>()];
        return tokens.Count > 0 ? tokens : null;
    }
}
