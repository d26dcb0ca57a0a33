using System.Text.Json;
using Sluice.Transforms.Json;
using Sluice.Transforms.JsonPath;

namespace Sluice.Transforms.Rules;

/// <summary>A <c>drop</c>, <c>add</c> or <c>set</c> rule, compiled once.</summary>
internal sealed class JsonPathEdit(JsonPathQuery path, JsonPathAction action, ReadOnlyMemory<byte> value)
{
    /// <summary>The action as the configuration spells it.</summary>
    public string Action => action switch { JsonPathAction.Drop => "drop", JsonPathAction.Add => "add", _ => "set" };

    private NameSelector? Name => !path.Appends && path.Segments is [.., { Descends: false, Selectors: [NameSelector name] }] ? name : null;

    private bool HasParents => path.Segments.All(static s => s is { Descends: false, Selectors: [NameSelector] });

    /// <summary>Adds the rule's edits of a document.</summary>
    /// <param name="tree">The document.</param>
    /// <param name="edits">Takes the edits.</param>
    /// <param name="scope">Where in it the rule acts, and what it may do there.</param>
    /// <returns>Why the rule could not apply somewhere; <see langword="null"/> where it could, or had nothing to do.</returns>
    public string? Apply(JsonTree tree, TreeEdits edits, EditScope scope)
    {
        string? obstacle = null;
        if (action == JsonPathAction.Drop)
        {
            foreach (int node in Find()) Guard(node, edits.Remove);
        }
        else if (path.Appends)
        {
            var arrays = Find();
            foreach (int array in arrays.Distinct()) obstacle = Append(tree, edits, array) ?? obstacle;
            if (arrays.Count == 0 && scope.CreatesParents) obstacle = Create(tree, edits, scope, (byte[])[(byte)'[', .. value.Span, (byte)']']);
        }
        else if (Name is { } name)
        {
            if (!scope.AddsToRoot && path.Segments.Count == 1) return null;
            var parents = path.Find(tree, scope.Root, path.Segments.Count - 1);
            foreach (int parent in parents.Distinct()) obstacle = Put(tree, edits, parent, name, scope) ?? obstacle;
            if (parents.Count == 0 && scope.CreatesParents) obstacle = Create(tree, edits, scope, value);
        }
        else
        {
            foreach (int node in Find()) Guard(node, n => edits.Replace(n, value));
        }
        return obstacle;

        List<int> Find() => path.Find(tree, scope.Root, path.Segments.Count);

        void Guard(int node, Action<int> edit)
        {
            if (node == scope.Root) obstacle = "the whole document stays";
            else if (scope.Keeps(tree, node)) obstacle = Kept(tree, node);
            else edit(node);
        }
    }

    private static string Kept(JsonTree tree, int node) => $"'{tree.Name(node)}' has been read by the router and stays";

    private string? Append(JsonTree tree, TreeEdits edits, int array)
    {
        if (tree[array].Kind != JsonValueKind.Array) return "what its path leads to is no array";
        bool stands = false;
        foreach (int element in tree.Children(array)) stands |= tree.Raw(element).SequenceEqual(value.Span);
        if (action == JsonPathAction.Set || !stands) edits.Append(array, value);
        return null;
    }

    private string? Put(JsonTree tree, TreeEdits edits, int parent, NameSelector name, EditScope scope)
    {
        if (tree[parent].Kind != JsonValueKind.Object) return $"what should hold '{name.Name}' is no object";
        var members = new List<int>();
        name.Select(tree, parent, members);
        if (members.Count == 0) edits.AddMember(parent, name.Name, value);
        if (members.Count == 0 || action == JsonPathAction.Add) return null;
        if (scope.Keeps(tree, members[^1])) return Kept(tree, members[^1]);
        // Of a name that stands twice the last one stays, so that every parser reads the same.
        foreach (int duplicate in members.SkipLast(1)) edits.Remove(duplicate);
        edits.Replace(members[^1], value);
        return null;
    }

    // Parents are made along plain names only: a filter or an index says nothing of what should be there.
    private string? Create(JsonTree tree, TreeEdits edits, EditScope scope, ReadOnlyMemory<byte> json)
    {
        if (!HasParents) return null;
        int depth = path.Segments.Count;
        List<int> found;
        do found = path.Find(tree, scope.Root, --depth);
        while (found.Count == 0);
        int holder = found[^1];
        string Step(int i) => ((NameSelector)path.Segments[i].Selectors[0]).Name;
        if (tree[holder].Kind != JsonValueKind.Object) return $"what should hold '{Step(depth)}' is no object";
        for (int i = path.Segments.Count - 1; i > depth; i--) json = (byte[])[(byte)'{', .. JsonStrings.Quote(Step(i)), (byte)':', .. json.Span, (byte)'}'];
        edits.AddMember(holder, Step(depth), json);
        return null;
    }
}

/// <summary>What a path rule does.</summary>
internal enum JsonPathAction
{
    /// <summary>Takes away.</summary>
    Drop,

    /// <summary>Puts in where absent.</summary>
    Add,

    /// <summary>Puts in, whatever was there.</summary>
    Set,
}
