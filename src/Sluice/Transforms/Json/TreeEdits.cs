namespace Sluice.Transforms.Json;

/// <summary>Edits anywhere in a document by byte ranges. Collect them, then apply them; every byte outside the edited ranges stays as it was.</summary>
internal sealed class TreeEdits(JsonTree tree)
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _values = [];
    private readonly HashSet<int> _removed = [];
    private readonly Dictionary<int, List<ReadOnlyMemory<byte>>> _added = [];

    /// <summary>True when nothing is to be changed.</summary>
    public bool IsEmpty => _values.Count == 0 && _removed.Count == 0 && _added.Count == 0;

    /// <summary>Puts another value in a node's place.</summary>
    public void Replace(int node, ReadOnlyMemory<byte> json)
    {
        if (tree.Raw(node).SequenceEqual(json.Span)) _values.Remove(node);
        else _values[node] = json;
    }

    /// <summary>Takes a member or an element away.</summary>
    public void Remove(int node) => _removed.Add(node);

    /// <summary>Puts a member at the end of an object.</summary>
    public void AddMember(int node, string name, ReadOnlyMemory<byte> json) => Add(node, (byte[])[.. JsonStrings.Quote(name), (byte)':', .. json.Span]);

    /// <summary>Puts an element at the end of an array.</summary>
    public void Append(int node, ReadOnlyMemory<byte> json) => Add(node, json);

    /// <summary>The edited document.</summary>
    public byte[] Apply()
    {
        var ranges = new List<Range>();
        foreach (var (node, json) in _values)
        {
            if (!_removed.Contains(node)) ranges.Add(new Range(tree[node].Start, tree[node].End, json));
        }
        foreach (int parent in _removed.Select(n => tree[n].Parent).Distinct()) AddRemovals(parent, ranges);
        foreach (var (node, items) in _added) AddAdditions(node, items, ranges);
        ranges.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.End.CompareTo(a.End));
        return Splice(ranges);
    }

    private void Add(int node, ReadOnlyMemory<byte> item)
    {
        if (!_added.TryGetValue(node, out var items)) _added[node] = items = [];
        items.Add(item);
    }

    // A run of removed items goes with the comma before it, or, at the front, with the comma after it.
    private void AddRemovals(int parent, List<Range> ranges)
    {
        int before = -1;
        for (int node = tree.First(parent); node >= 0; node = tree.Next(node))
        {
            if (!_removed.Contains(node))
            {
                before = node;
                continue;
            }
            int start = before >= 0 ? tree[before].End : tree[parent].Start + 1;
            while (tree.Next(node) is >= 0 and var next && _removed.Contains(next)) node = next;
            int after = tree.Next(node);
            ranges.Add(new Range(start, before < 0 && after >= 0 ? tree[after].From : tree[node].End, default));
        }
    }

    private void AddAdditions(int node, List<ReadOnlyMemory<byte>> items, List<Range> ranges)
    {
        int last = -1;
        bool stays = false;
        for (int child = tree.First(node); child >= 0; child = tree.Next(child))
        {
            last = child;
            stays |= !_removed.Contains(child);
        }
        var joined = new List<byte>();
        foreach (var item in items)
        {
            if (stays || joined.Count > 0) joined.Add((byte)',');
            joined.AddRange(item.Span);
        }
        int at = last < 0 ? tree[node].Start + 1 : tree[last].End;
        ranges.Add(new Range(at, at, joined.ToArray()));
    }

    private byte[] Splice(List<Range> ranges)
    {
        var source = tree.Json.Span;
        var output = new List<byte>(source.Length + 64);
        int at = 0;
        foreach (var (start, end, replacement) in ranges)
        {
            if (start < at) continue; // inside what is removed or replaced whole
            output.AddRange(source[at..start]);
            output.AddRange(replacement.Span);
            at = end;
        }
        output.AddRange(source[at..]);
        return [.. output];
    }

    private readonly record struct Range(int Start, int End, ReadOnlyMemory<byte> Replacement);
}
