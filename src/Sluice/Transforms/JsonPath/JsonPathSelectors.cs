using System.Text;
using System.Text.Json;
using Sluice.Transforms.Json;

namespace Sluice.Transforms.JsonPath;

/// <summary>Picks children of a node.</summary>
internal abstract class JsonPathSelector
{
    public abstract void Select(JsonTree tree, int node, List<int> found);
}

/// <summary><c>name</c>: a member of an object.</summary>
internal sealed class NameSelector(string name) : JsonPathSelector
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    public string Name { get; } = name;

    public override void Select(JsonTree tree, int node, List<int> found)
    {
        if (tree[node].Kind != JsonValueKind.Object) return;
        for (int child = tree.First(node); child >= 0; child = tree.Next(child))
        {
            if (tree.NameIs(child, _name)) found.Add(child);
        }
    }
}

/// <summary><c>*</c>: every child.</summary>
internal sealed class WildcardSelector : JsonPathSelector
{
    public static WildcardSelector Instance { get; } = new();

    public override void Select(JsonTree tree, int node, List<int> found)
    {
        for (int child = tree.First(node); child >= 0; child = tree.Next(child)) found.Add(child);
    }
}

/// <summary><c>2</c>, <c>-1</c>: one element of an array, from the end where negative.</summary>
internal sealed class IndexSelector(long index) : JsonPathSelector
{
    public override void Select(JsonTree tree, int node, List<int> found)
    {
        if (tree[node].Kind != JsonValueKind.Array) return;
        long left = index < 0 ? tree.Count(node) + index : index;
        if (left < 0) return;
        int child = tree.First(node);
        while (child >= 0 && left-- > 0) child = tree.Next(child);
        if (child >= 0) found.Add(child);
    }
}

/// <summary><c>1:5:2</c>: a range of an array's elements.</summary>
internal sealed class SliceSelector(long? start, long? end, long step) : JsonPathSelector
{
    // RFC 9535, section 2.3.4.2.2.
    public override void Select(JsonTree tree, int node, List<int> found)
    {
        if (tree[node].Kind != JsonValueKind.Array || step == 0) return;
        var elements = new List<int>();
        WildcardSelector.Instance.Select(tree, node, elements);
        long length = elements.Count;
        long first = Normalize(start ?? (step > 0 ? 0 : length - 1), length);
        long last = end is { } e ? Normalize(e, length) : step > 0 ? length : -1;
        if (step > 0)
        {
            for (long i = Math.Clamp(first, 0, length); i < Math.Clamp(last, 0, length); i += step) found.Add(elements[(int)i]);
            return;
        }
        for (long i = Math.Clamp(first, -1, length - 1); i > Math.Clamp(last, -1, length - 1); i += step) found.Add(elements[(int)i]);
    }

    private static long Normalize(long index, long length) => index >= 0 ? index : length + index;
}

/// <summary><c>?test</c>: the children for which a test holds.</summary>
internal sealed class FilterSelector(FilterTest test) : JsonPathSelector
{
    public override void Select(JsonTree tree, int node, List<int> found)
    {
        for (int child = tree.First(node); child >= 0; child = tree.Next(child))
        {
            if (test.Holds(tree, child)) found.Add(child);
        }
    }
}
