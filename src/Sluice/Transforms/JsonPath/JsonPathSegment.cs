using Sluice.Transforms.Json;

namespace Sluice.Transforms.JsonPath;

/// <summary>One step of a query: to children, or to all that is below.</summary>
/// <param name="Descends">True for <c>..</c>: the node itself and everything below it is searched.</param>
/// <param name="Selectors">What is taken, in order.</param>
internal sealed record JsonPathSegment(bool Descends, IReadOnlyList<JsonPathSelector> Selectors)
{
    /// <summary>True when it can find at most one node.</summary>
    public bool IsSingular => !Descends && Selectors is [NameSelector or IndexSelector];

    public void Find(JsonTree tree, int node, List<int> found)
    {
        foreach (var selector in Selectors) selector.Select(tree, node, found);
        if (!Descends) return;
        for (int child = tree.First(node); child >= 0; child = tree.Next(child)) Find(tree, child, found);
    }
}
