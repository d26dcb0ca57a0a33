namespace Sluice.Formats.OllamaChat;

/// <summary>How Ollama and its clients name models: a name without a tag means the tag <c>latest</c>, and some clients always write it.</summary>
public static class OllamaNames
{
    private const string Latest = ":latest";

    /// <summary>The name without the tag that says nothing; <see langword="null"/> where it has none.</summary>
    public static string? WithoutLatest(string? name) =>
        name is not null && name.Length > Latest.Length && name.EndsWith(Latest, StringComparison.Ordinal) ? name[..^Latest.Length] : null;
}
