using Sluice.Transforms.Json;

namespace Sluice.Transforms.Rules;

/// <summary>Where in a document a path rule acts, and what it may do there.</summary>
/// <param name="Root">The node that <c>$</c> stands for.</param>
/// <param name="CreatesParents">True where parents that are missing are made.</param>
/// <param name="AddsToRoot">True where members may be put into the root itself.</param>
/// <param name="IsRequest">True for a request: what the router has read must stay.</param>
internal readonly record struct EditScope(int Root, bool CreatesParents, bool AddsToRoot, bool IsRequest)
{
    /// <summary>A whole body.</summary>
    public static EditScope Body(bool isRequest) => new(JsonTree.Root, CreatesParents: true, AddsToRoot: true, isRequest);

    /// <summary>An event of a stream.</summary>
    public static EditScope Event(bool addsToRoot) => new(JsonTree.Root, CreatesParents: false, addsToRoot, IsRequest: false);

    /// <summary>An answer that stands in an event.</summary>
    public static EditScope Answer(int node) => new(node, CreatesParents: true, AddsToRoot: true, IsRequest: false);

    /// <summary>The members of a request that no rule may change.</summary>
    public static bool IsKept(string name) => name is "model" or "stream";

    /// <summary>Whether no rule may change a node.</summary>
    public bool Keeps(JsonTree tree, int node) => IsRequest && tree[node].Parent == JsonTree.Root && IsKept(tree.Name(node));
}
