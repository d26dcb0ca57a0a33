using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Catalog.Importing;

/// <summary>
/// Reads LiteLLM's price file (<c>model_prices_and_context_window.json</c>: one object, a member a model) into catalogue files of our
/// schema. Prices a token become prices a million tokens, digit by digit.
/// </summary>
public static class LiteLlmPrices
{
    // bedrock/us-gov-east-1/anthropic...: what a model costs there; nobody asks for it by that name.
    private static readonly Regex Region = new("^[a-z]{2}(-[a-z]+)+-[0-9]/", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["gemini"] = "google",
        ["cohere_chat"] = "cohere",
        ["together_ai"] = "together",
        ["fireworks_ai"] = "fireworks",
        ["fireworks_ai-embedding-models"] = "fireworks",
        ["bedrock_converse"] = "bedrock",
        ["text-completion-openai"] = "openai",
        ["azure_text"] = "azure",
        ["codestral"] = "mistral",
    };

    /// <summary>Converts the file.</summary>
    /// <param name="json">The file's root.</param>
    /// <param name="source">What to name as the source of the figures, with its date.</param>
    /// <param name="onlyProvider">A provider of the catalogue to take alone; null for all.</param>
    /// <param name="notes">What could not be taken over.</param>
    /// <returns>The files, by provider, as JSON text with one model a line.</returns>
    /// <exception cref="FormatException">It is no such file.</exception>
    public static IReadOnlyList<string> Convert(JsonElement json, string source, string? onlyProvider, out IReadOnlyList<string> notes)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException("a LiteLLM price file is one object with a member for each model");
        var byProvider = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name == "sample_spec" || member.Value.ValueKind != JsonValueKind.Object) continue;
            if (Text(member.Value, "litellm_provider") is not { } theirs)
            {
                found.Add($"{member.Name}: it names no litellm_provider");
                continue;
            }
            string provider = Provider(theirs);
            seen.Add(provider);
            if (onlyProvider is not null && !provider.Equals(onlyProvider, StringComparison.OrdinalIgnoreCase)) continue;
            if (!byProvider.TryGetValue(provider, out var models)) byProvider[provider] = models = [];
            string id = Id(member.Name, theirs);
            if (provider == "bedrock" && Region.IsMatch(id))
            {
                found.Add($"{member.Name}: a price of one region has no counterpart; where yours is another than the model's, write it in a file of your own");
                continue;
            }
            models.Add(LiteLlmModel.Convert(provider, id, member.Value, found));
        }
        if (byProvider.Count == 0) throw new FormatException(onlyProvider is null || seen.Count == 0 ? "no model was found: is this LiteLLM's price file?" : $"it has no models of '{onlyProvider}'; it has those of {string.Join(", ", seen)}");
        notes = found;
        return [.. byProvider.Select(p => File(p.Key, p.Value, source))];
    }

    private static string File(string provider, List<string> models, string source) =>
        $$"""
        {
          "schema": 1,
          "provider": {{Quoted(provider)}},
          "as_of": {{Quoted(source)}},
          "sources": [{{Quoted(source)}}],
          "models": [
            {{string.Join(",\n    ", models)}}
          ]
        }
        """;

    private static string Provider(string theirs) =>
        Providers.TryGetValue(theirs, out string? ours) ? ours : theirs.StartsWith("vertex_ai", StringComparison.Ordinal) ? "google-vertex" : theirs;

    // LiteLLM puts the provider before the id where it must be told apart: groq/llama-3.1-8b-instant.
    private static string Id(string name, string provider)
    {
        foreach (string prefix in (ReadOnlySpan<string>)[$"{provider}/", $"{Provider(provider)}/", "vertex_ai/", "gemini/"])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length) return name[prefix.Length..];
        }
        return name;
    }

    internal static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    internal static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static decimal? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number or JsonValueKind.String
        && decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
