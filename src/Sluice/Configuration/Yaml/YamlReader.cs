using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.Configuration.Yaml;

/// <summary>
/// Turns YAML text into nodes that know their line and column. Works on the parser's events rather than on YamlDotNet's own tree, because that
/// tree has no bound on depth or on aliases and stops at the first duplicate key.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 64;
    private const long MaxNodes = 100_000;
    private const string MergeKey = "<<";

    private readonly Dictionary<string, ConfigNode> anchors = new(StringComparer.Ordinal);
    private readonly Parser parser;
    private readonly string shown;
    private readonly FaultList faults;
    private readonly Func<Mark, ConfigurationOrigin> locate;
    private bool tooLarge;

    private YamlReader(string text, string shown, FaultList faults, ConfigurationOrigin? fixedOrigin)
    {
        this.shown = shown;
        this.faults = faults;
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        locate = fixedOrigin is null ? InFile : _ => fixedOrigin;
    }

    /// <summary>Reads a file's text. Null where a fault stopped it.</summary>
    internal static ConfigNode? Read(string text, string shown, FaultList faults) =>
        new YamlReader(VariableText.Hide(text), shown, faults, fixedOrigin: null).ReadDocument(text);

    /// <summary>Reads a value that did not stand in a file: all of it has the one origin.</summary>
    internal static ConfigNode? ReadValue(string text, ConfigurationOrigin origin, FaultList faults) =>
        new YamlReader(text, origin.Name, faults, origin).ReadDocument(text);

    private ConfigurationOrigin InFile(Mark mark) => new(ConfigurationOriginKind.File, shown, Math.Max((int)mark.Line, 1), Math.Max((int)mark.Column, 1));

    private ConfigNode? ReadDocument(string text)
    {
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return Fail(Mark.Empty, "holds nothing but comments", "write at least one key, or start from 'sluice config init'");
            parser.Consume<DocumentStart>();
            var root = ReadNode(0);
            if (root is null) return null;
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? root : Fail(parser.Current!.Start, "a second document begins", "one file holds one document: remove the line '---'");
        }
        catch (YamlException e)
        {
            return FailSyntax(e.Start, e.End, e.Message, text);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The scanner of YamlDotNet 16 loses its own place in some broken texts, e.g. an unclosed '{' before a new key.
            var mark = parser.Current?.End ?? Mark.Empty;
            return FailSyntax(mark, mark, "a bracket or a quote is not closed", text);
        }
    }

    private ConfigNode? ReadNode(int depth)
    {
        if (depth > MaxDepth) return Fail(parser.Current?.End ?? Mark.Empty, $"nests deeper than {MaxDepth} levels", "flatten it");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (anchors.TryGetValue(alias.Value.Value, out var target)) return target;
            return Fail(alias.Start, $"'*{alias.Value.Value}' refers to an anchor that is not complete before it", $"define it above with '&{alias.Value.Value}'");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Keep(scalar.Anchor, new ScalarNode(locate(scalar.Start), VariableText.Show(scalar.Value)) { Plain = scalar.Style is ScalarStyle.Plain });
        }

        ConfigNode? node;
        AnchorName anchor;
        if (parser.TryConsume<SequenceStart>(out var sequence)) (node, anchor) = (ReadList(sequence, depth), sequence.Anchor);
        else if (parser.TryConsume<MappingStart>(out var mapping)) (node, anchor) = (ReadMap(mapping, depth), mapping.Anchor);
        else return Fail(parser.Current?.Start ?? Mark.Empty, "is not a value", "write a value, a list or keys");
        if (node is null) return null;
        if (node.Size > MaxNodes)
        {
            if (!tooLarge) faults.Add(node.Origin, "", $"stands for more than {MaxNodes} values once its aliases are expanded", "use fewer aliases");
            tooLarge = true;
            return null;
        }

        return Keep(anchor, node);
    }

    private ConfigNode Keep(AnchorName anchor, ConfigNode node)
    {
        if (!anchor.IsEmpty) anchors[anchor.Value] = node;
        return node;
    }

    private ListNode? ReadList(SequenceStart start, int depth)
    {
        var items = new List<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } item) return null;
            items.Add(item);
        }

        return new ListNode(locate(start.Start), items);
    }

    private MapNode? ReadMap(MappingStart start, int depth)
    {
        var entries = new List<MapEntry>();
        var merged = new List<MapNode>();
        var seen = new Dictionary<string, ConfigurationOrigin>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                Fail(parser.Current?.Start ?? Mark.Empty, "a key is not a plain word", "write 'name: value'");
                return null;
            }

            var origin = locate(key.Start);
            if (ReadNode(depth + 1) is not { } value) return null;
            var name = VariableText.Show(key.Value);
            if (name == MergeKey && key.Style is ScalarStyle.Plain) AddMerged(value, merged);
            else if (seen.TryGetValue(name, out var first)) faults.Add(origin, name, $"the key '{name}' is written twice", $"keep one; the first is in line {first.Line}");
            else
            {
                seen.Add(name, origin);
                entries.Add(new MapEntry(name, origin, value));
            }
        }

        foreach (var map in merged)
        {
            foreach (var entry in map.Entries)
            {
                if (seen.TryAdd(entry.Key, entry.Origin)) entries.Add(entry);
            }
        }

        return new MapNode(locate(start.Start), entries);
    }

    private void AddMerged(ConfigNode value, List<MapNode> merged)
    {
        switch (value)
        {
            case MapNode map:
                merged.Add(map);
                break;
            case ListNode list when list.Items.All(item => item is MapNode):
                merged.AddRange(list.Items.Cast<MapNode>());
                break;
            default:
                faults.Add(value.Origin, MergeKey, $"'<<' merges {value.Kind}", "it takes an alias of a map, or a list of them: '<<: *name'");
                break;
        }
    }

    private ConfigNode? Fail(Mark mark, string what, string remedy)
    {
        faults.Add(locate(mark), "", what, remedy);
        return null;
    }

    private ConfigNode? FailSyntax(Mark start, Mark end, string message, string text)
    {
        var (line, column, what, remedy) = YamlMistake.Explain(text, (int)start.Line, (int)start.Column, (int)end.Line, message);
        return Fail(new Mark(0, line, column), what, remedy);
    }
}
