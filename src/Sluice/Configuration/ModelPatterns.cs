namespace Sluice.Configuration;

/// <summary>
/// A list of models as <c>models</c> of keys and groups and <c>allow.models</c> have it, read once. A pattern that begins with a configured provider's name
/// and a slash is for that provider's models alone and is matched against <c>provider/model</c>; any other against that and against the model's name.
/// </summary>
internal sealed class ModelPatterns
{
    private readonly Pattern[] _patterns;

    private ModelPatterns(Pattern[] patterns) => _patterns = patterns;

    /// <summary>Reads a list; <see langword="null"/> where all models are meant.</summary>
    /// <param name="patterns">The patterns as written.</param>
    /// <param name="providers">The names of all configured providers.</param>
    public static ModelPatterns? Of(IReadOnlyList<string>? patterns, IEnumerable<string> providers)
    {
        if (patterns is null) return null;
        var names = providers.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new ModelPatterns([.. patterns.Select(p => new Pattern(p, p.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && names.Contains(p[..slash])))]);
    }

    /// <summary>The patterns as written.</summary>
    public IReadOnlyList<string> Texts => [.. _patterns.Select(p => p.Text)];

    /// <summary>Whether a model is meant.</summary>
    public bool Fit(string provider, string model)
    {
        string id = $"{provider}/{model}";
        foreach (var pattern in _patterns)
        {
            if (Wildcard.Matches(pattern.Text, id) || (!pattern.IsOfProvider && Wildcard.Matches(pattern.Text, model))) return true;
        }
        return false;
    }

    /// <summary>Whether a route is meant by its name. A pattern for a provider's models means no route that happens to be called like one, but where it is that route's whole name.</summary>
    public bool FitRoute(string name)
    {
        foreach (var pattern in _patterns)
        {
            if (pattern.IsOfProvider ? string.Equals(pattern.Text, name, StringComparison.Ordinal) : Wildcard.Matches(pattern.Text, name)) return true;
        }
        return false;
    }

    private readonly record struct Pattern(string Text, bool IsOfProvider);
}
