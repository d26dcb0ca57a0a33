using System.Globalization;
using System.Text;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Rendering;

/// <summary>Writes nodes as YAML that people like to read: maps in blocks, lists of single values in one line.</summary>
internal sealed class YamlText(Func<ConfigNode, string?>? comment = null)
{
    private const int Longest = 120;
    private readonly StringBuilder output = new();

    internal static string Write(MapNode map, Func<ConfigNode, string?>? comment = null)
    {
        var writer = new YamlText(comment);
        writer.WriteMap(map, 0);
        return writer.output.ToString();
    }

    private void WriteMap(MapNode map, int indent)
    {
        foreach (var entry in map.Entries)
        {
            output.Append(' ', indent).Append(Quote(entry.Key, plain: false)).Append(':');
            WriteValue(entry.Value, indent + 2);
        }
    }

    private void WriteValue(ConfigNode node, int indent)
    {
        switch (node)
        {
            case MapNode { Entries.Count: > 0 } map:
                output.Append('\n');
                WriteMap(map, indent);
                break;
            case ListNode { Items.Count: > 0 } list when Inline(list) is not { Length: <= Longest } || comment is not null && list.Items.Any(item => item is MapNode):
                output.Append('\n');
                foreach (var item in list.Items) WriteItem(item, indent);
                break;
            default:
                output.Append(' ').Append(Inline(node));
                EndLine(node);
                break;
        }
    }

    private void WriteItem(ConfigNode item, int indent)
    {
        output.Append(' ', indent).Append('-');
        if (item is not MapNode { Entries.Count: > 0 } map)
        {
            WriteValue(item, indent + 2);
            return;
        }

        // The first key stands behind the dash.
        var start = output.Length;
        WriteMap(map, indent + 2);
        output.Remove(start, indent + 1);
    }

    private void EndLine(ConfigNode node)
    {
        if (comment?.Invoke(node) is { Length: > 0 } text) output.Append("  # ").Append(text);
        output.Append('\n');
    }

    // A value in one line.
    private static string Inline(ConfigNode node) => node switch
    {
        ScalarNode scalar => Quote(scalar.Text, scalar.Plain),
        ListNode list => "[" + string.Join(", ", list.Items.Select(Inline)) + "]",
        MapNode { Entries.Count: 0 } => "{}",
        MapNode map => "{ " + string.Join(", ", map.Entries.Select(entry => $"{Quote(entry.Key, plain: false)}: {Inline(entry.Value)}")) + " }",
        _ => "",
    };

    /// <summary>A text as a YAML value: in quotes where it must be, else without.</summary>
    internal static string Quote(string text, bool plain)
    {
        if (IsSafe(text) && (plain || !LooksTyped(text))) return text;
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' or '\x7F' => result.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => result.Append(c),
            };
        }

        return result.Append('"').ToString();
    }

    private static bool IsSafe(string text)
    {
        if (text.Length == 0 || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) return false;
        if ("-?:,[]{}#&*!|>'\"%@`=".Contains(text[0]) && !(text[0] == '-' && text.Length > 1 && char.IsAsciiDigit(text[1]))) return false;
        if (text is "---" or "..." or "<<") return false;
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is ',' or '[' or ']' or '{' or '}') return false;
        }

        return !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) && !text.EndsWith(':');
    }

    /// <summary>Whether a reader would take the bare text for something else than text.</summary>
    private static bool LooksTyped(string text) =>
        text is "~" || text.ToLowerInvariant() is "null" or "true" or "false" or "yes" or "no" or "on" or "off" || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
