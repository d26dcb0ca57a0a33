using Sluice.Configuration.Yaml;
using Sluice.Transforms.JsonPath;
using Sluice.Transforms.Rules;
using Sluice.Transforms.Texts;

namespace Sluice.Configuration.Binding;

/// <summary>Refuses transforms that could never do what they say.</summary>
internal static class TransformChecks
{
    internal static void Check(ObjectReader transform, TransformPhase phase)
    {
        Path(transform, "drop", transform.Text("drop"), phase, canAppend: false, needsName: false);
        Path(transform.Object("add"), "path", transform.Object("add").Text("path"), phase, canAppend: true, needsName: true);
        Path(transform.Object("set"), "path", transform.Object("set").Text("path"), phase, canAppend: true, needsName: false);
        Parameters(transform.Object("params"));
        Dialects(transform.Object("where"));
        Flags(transform.Object("regex"));
    }

    private static void Path(ObjectReader reader, string key, string? path, TransformPhase phase, bool canAppend, bool needsName)
    {
        if (path is null || JsonPathQuery.TryParse(path, out _) is not { } query) return;
        if (query.Segments.Count == 0 && !query.Appends) Fail(reader, key, "the path stands for the whole document", "write what is meant in it, such as $.metadata");
        else if (query.Appends && !canAppend) Fail(reader, key, "'[-]' stands for a place where nothing is yet", "write the elements that are meant, such as $.tools[*]");
        else if (needsName && !query.Appends && query.Segments[^1] is not { Descends: false, Selectors: [NameSelector] }) Fail(reader, key, "the path does not end with a name or '[-]', so nothing can be absent there", "end it with a name, or use 'set'");
        else if (phase == TransformPhase.Request && query is { Segments: [{ Selectors: [NameSelector name] }], Appends: false } && EditScope.IsKept(name.Name)) Kept(reader, key, name.Name);
    }

    private static void Parameters(ObjectReader parameters)
    {
        foreach (string key in (string[])["force", "default"])
        {
            foreach (var entry in parameters.Entries(key).Where(entry => EditScope.IsKept(entry.Key))) Kept(parameters, key, entry.Key);
        }
        foreach (string name in (parameters.Texts("drop") ?? []).Where(EditScope.IsKept)) Kept(parameters, "drop", name);
    }

    private static void Dialects(ObjectReader where)
    {
        foreach (var item in (where.Items("dialects") ?? []).OfType<ScalarNode>())
        {
            if (DialectTexts.Names.Any(name => Wildcard.Matches(item.Text, name))) continue;
            where.Context.Faults.Add(item.Origin, where.PathOf("dialects"), $"{where.PathOf("dialects")}: no dialect of clients fits '{item.Text}'", $"known are {string.Join(", ", DialectTexts.Names.Order(StringComparer.Ordinal))}");
        }
    }

    // With the flag x an expression is read in another way than without.
    private static void Flags(ObjectReader regex)
    {
        if (regex.Text("pattern") is not { } pattern || regex.Text("flags") is not { Length: > 0 } flags) return;
        try
        {
            TextReplacement.Compile(pattern, flags);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            Fail(regex, "pattern", $"the expression cannot be read with the flags '{flags}'", "write it so that it can");
        }
    }

    private static void Kept(ObjectReader reader, string key, string name) =>
        Fail(reader, key, $"'{name}' has been read by the router when rules are applied", name == "model" ? "use a route (models) to send calls elsewhere" : "take it out");

    private static void Fail(ObjectReader reader, string key, string what, string remedy) =>
        reader.Context.Faults.Add(reader.OriginOf(key), reader.PathOf(key), $"{reader.PathOf(key)}: {what}", remedy);
}
