namespace Sluice.Cli.Commands;

/// <summary>The path that a client of a format calls.</summary>
internal static class ExplainedRequest
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["openai-chat"] = "/v1/chat/completions",
        ["openai-completions"] = "/v1/completions",
        ["openai-responses"] = "/v1/responses",
        ["openai-embeddings"] = "/v1/embeddings",
        ["anthropic-messages"] = "/v1/messages",
        ["anthropic-count-tokens"] = "/v1/messages/count_tokens",
        ["gemini-generate"] = "/v1beta/models/{0}:generateContent",
        ["gemini-count-tokens"] = "/v1beta/models/{0}:countTokens",
        ["gemini-embed"] = "/v1beta/models/{0}:embedContent",
        ["ollama-chat"] = "/api/chat",
        ["ollama-generate"] = "/api/generate",
        ["ollama-embed"] = "/api/embed",
    };

    /// <summary>The formats that clients speak.</summary>
    public static IEnumerable<string> Formats => Paths.Keys;

    /// <summary>The path; <see langword="null"/> where it names the model and none is given.</summary>
    public static string? PathOf(string? path, string format, string? model)
    {
        if (path is not null) return path;
        string known = Paths[format];
        if (!known.Contains("{0}", StringComparison.Ordinal)) return known;
        return model is null ? null : known.Replace("{0}", Uri.EscapeDataString(model), StringComparison.Ordinal);
    }
}
