using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Function names as Google takes them: "must start with a letter or an underscore; a-z, A-Z, 0-9, underscores, dots, colons and dashes, at most 128"
/// (@google/genai <c>FunctionDeclaration.name</c>). What does not fit is changed, and changed back in the answer.
/// </summary>
internal sealed class GeminiToolNames
{
    private const int LongestName = 128;
    private const int LongestStem = LongestName - 8;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public GeminiToolNames(ChatRequest request, TranslationContext context)
    {
        for (int i = 0; i < request.Tools.Count; i++)
        {
            string? name = request.Tools[i] switch
            {
                FunctionTool t => t.Name,
                CustomTool t => t.Name,
                _ => null,
            };
            if (name is null || Fit(name) is not { } fit || fit == name) continue;
            fit = Free(fit, name, context.RenamedTools);
            _names[name] = fit;
            context.RenamedTools[fit] = name;
            context.Losses.Changed($"tools[{i}].name", $"Gemini does not take the name; it is '{fit}' there");
        }
    }

    /// <summary>The name on the wire.</summary>
    public string Of(string name) => _names.TryGetValue(name, out string? fit) ? fit : Fit(name);

    // Names that differ in letters which do not fit are one when those are gone: they are numbered.
    private string Free(string fit, string name, Dictionary<string, string> taken)
    {
        string stem = fit.Length > LongestStem ? fit[..LongestStem] : fit;
        while (taken.TryGetValue(fit, out string? other) && other != name)
        {
            int number = _numbers.GetValueOrDefault(stem, 1) + 1;
            _numbers[stem] = number;
            fit = $"{stem}_{number}";
        }
        return fit;
    }

    private static string Fit(string name)
    {
        bool fits = name.Length is > 0 and <= LongestName && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(IsAllowed);
        if (fits) return name;
        string fit = string.Concat(name.Select(c => IsAllowed(c) ? c : '_'));
        if (fit.Length == 0 || !(char.IsAsciiLetter(fit[0]) || fit[0] == '_')) fit = "_" + fit;
        return fit.Length <= LongestName ? fit : fit[..LongestName];
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-';
}
