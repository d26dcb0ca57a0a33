using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>Puts the files in that <c>include</c> names: lists are joined, other keys of the included file win, as LiteLLM does it.</summary>
internal static class LiteLlmIncludes
{
    internal static MapNode Merge(MapNode root, Func<string, string?> read, FaultList faults, List<ImportNote> notes)
    {
        if (root["include"] is not { } include) return root;
        var names = include is ListNode list ? list.Items.OfType<ScalarNode>() : include is ScalarNode single ? [single] : [];
        var entries = root.Entries.Where(entry => entry.Key != "include").ToList();
        foreach (var name in names)
        {
            if (read(name.Text) is not { } text)
            {
                notes.Add(new ImportNote(name.Origin, "include", $"'{name.Text}' cannot be read; what it holds is left out"));
                continue;
            }

            if (YamlReader.Read(text, name.Text, faults) is not MapNode included) continue;
            foreach (var entry in included.Entries) Put(entries, entry, notes);
        }

        return new MapNode(root.Origin, entries);
    }

    private static void Put(List<MapEntry> entries, MapEntry added, List<ImportNote> notes)
    {
        if (added.Key == "include")
        {
            notes.Add(new ImportNote(added.Origin, "include", "stands in a file that is included itself; left out"));
            return;
        }

        var at = entries.FindIndex(entry => entry.Key == added.Key);
        if (at < 0) entries.Add(added);
        else if (entries[at].Value is ListNode one && added.Value is ListNode other) entries[at] = added with { Value = new ListNode(one.Origin, [.. one.Items, .. other.Items]) };
        else entries[at] = added;
    }
}
