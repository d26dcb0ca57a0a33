using System.Text.RegularExpressions;
using Sluice.Configuration;

namespace Sluice.Transforms.Rules;

/// <summary>A <c>regex</c> rule, compiled once.</summary>
internal sealed class TextReplacement
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public TextReplacement(RegexConfig config)
    {
        Expression = Compile(config.Pattern, config.Flags);
        (Replacement, Window) = (config.Replace, config.Window);
    }

    /// <summary>What is searched; a search that takes over two seconds throws.</summary>
    public Regex Expression { get; }

    /// <summary>What is put in a match's place.</summary>
    public string Replacement { get; }

    /// <summary>How many characters of a stream are held back.</summary>
    public int Window { get; }

    /// <summary>A whole text with every match replaced.</summary>
    public string Apply(string text) => Expression.Replace(text, Replacement);

    /// <summary>Compiles an expression; throws where it cannot be read without backtracking.</summary>
    public static Regex Compile(string pattern, string flags) => new(pattern, Options(flags), Timeout);

    private static RegexOptions Options(string flags)
    {
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        foreach (char flag in flags)
        {
            options |= flag switch { 'i' => RegexOptions.IgnoreCase, 'm' => RegexOptions.Multiline, 's' => RegexOptions.Singleline, _ => RegexOptions.IgnorePatternWhitespace };
        }
        return options;
    }
}
