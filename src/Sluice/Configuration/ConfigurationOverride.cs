using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sluice.Configuration;

/// <summary>A value from the command line.</summary>
/// <param name="Path">The key as segments, e.g. <c>["server", "listen"]</c>.</param>
/// <param name="Value">The value; one that begins with <c>[</c> or <c>{</c> is read as YAML.</param>
/// <param name="Flag">The flag as the user typed it, for messages.</param>
public sealed record ConfigurationOverride(IReadOnlyList<string> Path, string Value, string Flag)
{
    /// <summary>
    /// Reads <c>server.listen=127.0.0.1:1</c>; a part with a dot in it stands in quotes: <c>models."gpt-5.4".strategy=weighted</c>.
    /// </summary>
    /// <param name="text">The text after the flag.</param>
    /// <param name="flag">The flag, e.g. <c>--set</c>.</param>
    /// <param name="result">The override.</param>
    public static bool TryParse(string text, string flag, [NotNullWhen(true)] out ConfigurationOverride? result)
    {
        result = null;
        var path = new List<string>();
        var part = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '.' or '=' when !quoted:
                    if (part.Length == 0) return false;
                    path.Add(part.ToString());
                    part.Clear();
                    if (text[i] == '.') break;
                    result = new ConfigurationOverride(path, text[(i + 1)..], $"{flag} {text[..i]}");
                    return true;
                default:
                    part.Append(text[i]);
                    break;
            }
        }

        return false;
    }
}
