using System.Globalization;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Validation;

/// <summary>Finds where something stands in the merged keys.</summary>
internal static class NodePath
{
    /// <summary>The place of the value at the path, or of the nearest thing above it that was written.</summary>
    internal static ConfigurationOrigin Origin(ConfigNode root, params ReadOnlySpan<object> path)
    {
        var node = root;
        var origin = root.Origin;
        foreach (var segment in path)
        {
            var next = segment switch
            {
                string key => (node as MapNode)?[key],
                int index when node is ListNode list && index < list.Items.Count => list.Items[index],
                _ => null,
            };
            if (next is null) return origin;
            (node, origin) = (next, next.Origin);
        }

        return origin;
    }

    /// <summary>The place of a key itself rather than of its value.</summary>
    internal static ConfigurationOrigin KeyOrigin(ConfigNode root, string parent, string key) => ((root as MapNode)?[parent] as MapNode)?.Find(key)?.Origin ?? Origin(root, parent);

    internal static string Text(params ReadOnlySpan<object> path)
    {
        var text = "";
        foreach (var segment in path) text = segment is int index ? string.Create(CultureInfo.InvariantCulture, $"{text}[{index}]") : StructureValidator.Join(text, (string)segment);
        return text;
    }
}
