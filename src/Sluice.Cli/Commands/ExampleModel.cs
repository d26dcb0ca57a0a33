namespace Sluice.Cli.Commands;

/// <summary>A model to begin with, for each vendor whose models have lasting names; a test holds that the catalogue has them.</summary>
internal static class ExampleModel
{
    /// <summary>By a provider's type. Small and cheap ones: they answer a "Hello".</summary>
    public static IReadOnlyDictionary<string, string> ByType { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["openai"] = "gpt-5.4-mini",
        ["anthropic"] = "claude-haiku-4-5",
        ["gemini"] = "gemini-2.5-flash",
        ["groq"] = "llama-3.1-8b-instant",
        ["mistral"] = "mistral-small-latest",
        ["cohere"] = "command-r7b-12-2024",
        ["deepseek"] = "deepseek-v4-flash",
    };

    /// <summary>What to ask for; MODEL where nothing is known.</summary>
    public static string Of(string type) => ByType.GetValueOrDefault(type, "MODEL");
}
