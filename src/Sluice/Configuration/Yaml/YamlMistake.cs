namespace Sluice.Configuration.Yaml;

/// <summary>
/// Says what is wrong with text that is not YAML. The parser speaks of "simple keys" and "block mappings"; the mistakes that people make get a sentence of
/// their own.
/// </summary>
internal static class YamlMistake
{
    /// <summary>Place, fault and remedy.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="startLine">Where the parser stopped, from one.</param>
    /// <param name="startColumn">The same.</param>
    /// <param name="endLine">Where it was looking, from one.</param>
    /// <param name="message">The parser's own words.</param>
    internal static (int Line, int Column, string What, string Remedy) Explain(string text, int startLine, int startColumn, int endLine, string message)
    {
        var lines = text.Split('\n');
        for (var i = Math.Max(startLine - 1, 0); i < Math.Min(endLine + 1, lines.Length); i++)
        {
            var indent = lines[i].AsSpan(0, lines[i].Length - lines[i].AsSpan().TrimStart().Length);
            if (indent.Contains('\t')) return (i + 1, indent.IndexOf('\t') + 1, "a tab indents this line", "indent with spaces");
        }

        if (Misplaced(lines, startLine - 1) is { } misplaced) return misplaced;
        var line = WithoutComment(lines.ElementAtOrDefault(startLine - 1) ?? "");
        var value = line.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? line[(colon + 2)..].TrimStart() : "";
        if (value is ['@' or '`' or '%' or '*' or '&' or '!', ..] || (value is [not ('{' or '['), ..] && value.Contains(": ", StringComparison.Ordinal)))
            return (startLine, startColumn, "this is not YAML: a value with a special sign in it stands without quotes", "put the value in quotes");
        return (startLine, startColumn, "this is not YAML (" + Plain(message) + ")", "check indentation, quotes and brackets here and just before");
    }

    // A key that stands between two levels: what comes of a comment sign that was taken away with one space too few or too many.
    private static (int Line, int Column, string What, string Remedy)? Misplaced(string[] lines, int at)
    {
        if (at < 0 || at >= lines.Length || WithoutComment(lines[at]) is not { } line || !IsKey(line)) return null;
        var indent = IndentOf(line);
        var levels = new Dictionary<int, int>();
        var opensLevel = false;
        for (int i = at - 1, least = int.MaxValue; i >= 0 && least > 0; i--)
        {
            var above = WithoutComment(lines[i]);
            if (above.Length == 0) continue;
            if (least == int.MaxValue) opensLevel = above.EndsWith(':');
            if (IndentOf(above) >= least) continue;
            least = IndentOf(above);
            levels[least] = i + 1;
        }

        if (levels.Count == 0 || levels.ContainsKey(indent) || (opensLevel && indent > levels.Keys.Max())) return null;
        var (spaces, like) = levels.OrderBy(level => Math.Abs(level.Key - indent)).ThenBy(level => level.Key).First();
        return (at + 1, indent + 1, $"this key is indented by {indent}, and no line above it is", $"indent it by {spaces} like line {like}, if they belong together");
    }

    private static bool IsKey(string line) => line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && (colon == line.Length - 1 || line[colon + 1] == ' ');

    private static int IndentOf(string line) => line.Length - line.AsSpan().TrimStart(' ').Length;

    private static string WithoutComment(string line)
    {
        var sign = line.AsSpan().TrimStart().StartsWith('#') ? 0 : line.IndexOf(" #", StringComparison.Ordinal);
        return (sign < 0 ? line : line[..sign]).TrimEnd();
    }

    private static string Plain(string message)
    {
        var end = message.LastIndexOf("): ", StringComparison.Ordinal);
        var plain = (end < 0 ? message : message[(end + 3)..]).TrimEnd('.');
        return plain.Length == 0 ? "syntax" : char.ToLowerInvariant(plain[0]) + plain[1..];
    }
}
