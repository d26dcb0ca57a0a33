using System.Text.RegularExpressions;

namespace Sluice.Catalog;

/// <summary>One rule that says which ids mean a model. Rules are ranked: exact, regex, prefix, suffix, contains, any; of two alike the longer wins.</summary>
internal sealed class ModelPattern
{
    private readonly string _text;
    private readonly Lazy<Regex>? _regex;

    private ModelPattern(PatternRank rank, string text)
    {
        Rank = rank;
        _text = text;
        if (rank == PatternRank.Regex) _regex = new Lazy<Regex>(() => new Regex(text, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));
    }

    public PatternRank Rank { get; }

    public int Length => _text.Length;

    /// <summary>What is wrong with a rule; <see langword="null"/> for nothing.</summary>
    public static string? Fault(string pattern)
    {
        try
        {
            _ = Parse(pattern)._regex?.Value;
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return $"match: {pattern}: {e.Message}";
        }
    }

    public static ModelPattern Parse(string pattern)
    {
        if (pattern == "*") return new ModelPattern(PatternRank.Any, "");
        if (pattern is ['/', _, .., '/']) return new ModelPattern(PatternRank.Regex, pattern[1..^1]);
        return (pattern[0], pattern[^1]) switch
        {
            ('*', '*') => new ModelPattern(PatternRank.Contains, pattern[1..^1]),
            ('*', _) => new ModelPattern(PatternRank.Suffix, pattern[1..]),
            (_, '*') => new ModelPattern(PatternRank.Prefix, pattern[..^1]),
            _ => new ModelPattern(PatternRank.Exact, pattern),
        };
    }

    public bool Matches(string id) => Rank switch
    {
        PatternRank.Exact => id.Equals(_text, StringComparison.OrdinalIgnoreCase),
        PatternRank.Regex => BeginsLike(id) && _regex!.Value.IsMatch(id),
        PatternRank.Prefix => id.StartsWith(_text, StringComparison.OrdinalIgnoreCase),
        PatternRank.Suffix => id.EndsWith(_text, StringComparison.OrdinalIgnoreCase),
        PatternRank.Contains => id.Contains(_text, StringComparison.OrdinalIgnoreCase),
        _ => true,
    };

    // Building a regex costs more than all the rest: it is not begun for an id that differs in the letters it certainly starts with.
    private bool BeginsLike(string id)
    {
        if (_text[0] != '^') return true;
        for (int i = 1, at = 0; i < _text.Length && (char.IsAsciiLetterOrDigit(_text[i]) || _text[i] is '-' or '_'); i++, at++)
        {
            bool optional = i + 1 < _text.Length && _text[i + 1] is '?' or '*' or '{' or '|';
            if (optional) return true;
            if (at >= id.Length || char.ToLowerInvariant(id[at]) != char.ToLowerInvariant(_text[i])) return false;
        }
        return true;
    }
}

/// <summary>The ranks of rules, the best first.</summary>
internal enum PatternRank
{
    Exact,
    Regex,
    Prefix,
    Suffix,
    Contains,
    Any,
}
