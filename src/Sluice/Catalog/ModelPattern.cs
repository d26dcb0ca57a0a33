using System.Text.RegularExpressions;

namespace Sluice.Catalog;

/// <summary>One rule that says which ids mean a model. Rules are ranked: exact, shape or regex, prefix, suffix, contains, any; of two alike the longer wins.</summary>
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
            _ => new ModelPattern(pattern.Contains('#') ? PatternRank.Shape : PatternRank.Exact, pattern),
        };
    }

    public bool Matches(string id) => Rank switch
    {
        PatternRank.Exact => id.Equals(_text, StringComparison.OrdinalIgnoreCase),
        PatternRank.Shape => HasShape(id),
        PatternRank.Regex => _regex!.Value.IsMatch(id),
        PatternRank.Prefix => id.StartsWith(_text, StringComparison.OrdinalIgnoreCase),
        PatternRank.Suffix => id.EndsWith(_text, StringComparison.OrdinalIgnoreCase),
        PatternRank.Contains => id.Contains(_text, StringComparison.OrdinalIgnoreCase),
        _ => true,
    };

    // "#" stands for a digit: dated snapshots (gpt-5.4-####-##-##) need no regex.
    private bool HasShape(string id)
    {
        if (id.Length != _text.Length) return false;
        for (int i = 0; i < id.Length; i++)
        {
            bool fits = _text[i] == '#' ? char.IsAsciiDigit(id[i]) : char.ToLowerInvariant(_text[i]) == char.ToLowerInvariant(id[i]);
            if (!fits) return false;
        }
        return true;
    }
}

/// <summary>The ranks of rules, the best first.</summary>
internal enum PatternRank
{
    Exact,
    Shape,
    Regex,
    Prefix,
    Suffix,
    Contains,
    Any,
}
