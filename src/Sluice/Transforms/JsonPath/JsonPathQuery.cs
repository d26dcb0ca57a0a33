using Sluice.Transforms.Json;

namespace Sluice.Transforms.JsonPath;

/// <summary>
/// A JSONPath query (RFC 9535), parsed once. Where an object has a name twice, the name stands for all of them, so that none escapes a rule. One
/// addition of Sluice's own: <c>[-]</c> at the end of a query stands for the place after an array's last element.
/// </summary>
internal sealed class JsonPathQuery(bool isRelative, IReadOnlyList<JsonPathSegment> segments, bool appends)
{
    /// <summary>True for a query that begins with <c>@</c>, inside a filter.</summary>
    public bool IsRelative { get; } = isRelative;

    /// <summary>Its steps.</summary>
    public IReadOnlyList<JsonPathSegment> Segments { get; } = segments;

    /// <summary>True when it ends with <c>[-]</c>; <see cref="Segments"/> then lead to the array.</summary>
    public bool Appends { get; } = appends;

    /// <summary>True when it can find at most one node: names and indices only.</summary>
    public bool IsSingular => Segments.All(static s => s.IsSingular);

    /// <summary>Parses a query; on a fault says where and what.</summary>
    public static JsonPathQuery? TryParse(string text, out JsonPathFault? fault) => JsonPathParser.TryParse(text, out fault);

    /// <summary>The nodes that it finds in a document, in the order of the standard; a node that is found twice stands there twice.</summary>
    public List<int> Find(JsonTree tree) => Find(tree, JsonTree.Root, Segments.Count);

    /// <summary>The nodes that its first segments lead to.</summary>
    public List<int> Find(JsonTree tree, int from, int segments)
    {
        List<int> found = [from];
        for (int i = 0; i < segments && found.Count > 0; i++)
        {
            var next = new List<int>();
            foreach (int node in found) Segments[i].Find(tree, node, next);
            found = next;
        }
        return found;
    }
}

/// <summary>Where and why a text is no JSONPath.</summary>
/// <param name="Position">The sign's number, from 1.</param>
/// <param name="Message">What is wrong there.</param>
internal sealed record JsonPathFault(int Position, string Message);
