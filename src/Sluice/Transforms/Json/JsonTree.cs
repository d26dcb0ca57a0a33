using System.Text.Json;

namespace Sluice.Transforms.Json;

/// <summary>A parsed JSON document as a flat list of nodes that know their place in the bytes, so that edits leave every other byte as it was.</summary>
internal sealed class JsonTree
{
    private const int MaxDepth = 512;
    private JsonTreeNode[] _nodes = new JsonTreeNode[64];
    private int _count;

    private JsonTree(ReadOnlyMemory<byte> json) => Json = json;

    /// <summary>The document's node.</summary>
    public static int Root => 0;

    /// <summary>The bytes that were parsed.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Parses a document; <see langword="null"/> where the bytes are no JSON.</summary>
    public static JsonTree? Parse(ReadOnlyMemory<byte> json)
    {
        var tree = new JsonTree(json);
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read()) return null;
            tree.Read(ref reader);
            return tree;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A node's kind and place.</summary>
    public ref readonly JsonTreeNode this[int node] => ref _nodes[node];

    /// <summary>The first child; -1 where there is none.</summary>
    public int First(int node) => _nodes[node].First;

    /// <summary>The next sibling; -1 where there is none.</summary>
    public int Next(int node) => _nodes[node].Next;

    /// <summary>The children of a node; none where it is -1.</summary>
    public Siblings Children(int node) => new(this, node < 0 ? -1 : First(node));

    /// <summary>How many children a node has.</summary>
    public int Count(int node)
    {
        int count = 0;
        for (int child = First(node); child >= 0; child = Next(child)) count++;
        return count;
    }

    /// <summary>The last member of a name; -1 where there is none or the node is no object.</summary>
    public int Find(int node, ReadOnlySpan<byte> name)
    {
        int found = -1;
        if (node < 0 || _nodes[node].Kind != JsonValueKind.Object) return -1;
        for (int child = First(node); child >= 0; child = Next(child))
        {
            if (NameIs(child, name)) found = child;
        }
        return found;
    }

    /// <summary>All members of a name, in whatever case it is spelled: which of them a server reads is not known. None where the node is -1 or no object.</summary>
    public NamedMembers All(int node, ReadOnlySpan<byte> name) => new(this, node >= 0 && _nodes[node].Kind == JsonValueKind.Object ? First(node) : -1, name);

    /// <summary>A string member's text; <see langword="null"/> where it is absent or no string.</summary>
    public string? Text(int node, ReadOnlySpan<byte> name) => Find(node, name) is >= 0 and var found && _nodes[found].Kind == JsonValueKind.String ? Text(found) : null;

    /// <summary>A whole-number member; the default where it is absent or none.</summary>
    public int Int(int node, ReadOnlySpan<byte> name, int otherwise = 0) =>
        Find(node, name) is >= 0 and var found && System.Buffers.Text.Utf8Parser.TryParse(Raw(found), out int value, out int used) && used == Raw(found).Length ? value : otherwise;

    /// <summary>A string node's text; halves of surrogate pairs survive.</summary>
    public string Text(int node) => JsonStrings.Decode(Raw(node)[1..^1]);

    /// <summary>The bytes of a value.</summary>
    public ReadOnlySpan<byte> Raw(int node) => Json.Span[_nodes[node].Start.._nodes[node].End];

    /// <summary>The bytes of a member's name as it is spelled, without quotes.</summary>
    public ReadOnlySpan<byte> RawName(int node) => Json.Span.Slice(_nodes[node].NameStart, _nodes[node].NameLength);

    /// <summary>A member's name.</summary>
    public string Name(int node) => JsonStrings.Decode(RawName(node));

    /// <summary>Whether a member has a name, however its letters are escaped.</summary>
    public bool NameIs(int node, ReadOnlySpan<byte> name)
    {
        var raw = RawName(node);
        return raw.SequenceEqual(name) || (raw.Contains((byte)'\\') && string.Equals(JsonStrings.Decode(raw), System.Text.Encoding.UTF8.GetString(name), StringComparison.Ordinal));
    }

    /// <summary>The same without regard to the case of ASCII letters.</summary>
    public bool NameIsLike(int node, ReadOnlySpan<byte> name)
    {
        var raw = RawName(node);
        return System.Text.Ascii.EqualsIgnoreCase(raw, name) || (raw.Contains((byte)'\\') && string.Equals(JsonStrings.Decode(raw), System.Text.Encoding.UTF8.GetString(name), StringComparison.OrdinalIgnoreCase));
    }

    private void Read(ref Utf8JsonReader reader)
    {
        int parent = -1, last = -1, nameStart = -1, nameLength = 0;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    (nameStart, nameLength) = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _nodes[parent].End = (int)reader.BytesConsumed;
                    (last, parent) = (parent, _nodes[parent].Parent);
                    break;
                default:
                    int node = Add(new JsonTreeNode { Kind = Kind(reader.TokenType), Start = (int)reader.TokenStartIndex, End = (int)reader.BytesConsumed, NameStart = nameStart, NameLength = nameLength, Parent = parent, First = -1, Next = -1 });
                    nameStart = -1;
                    nameLength = 0;
                    if (last >= 0) _nodes[last].Next = node;
                    else if (parent >= 0) _nodes[parent].First = node;
                    bool opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                    (parent, last) = opens ? (node, -1) : (parent, node);
                    break;
            }
        }
        while (reader.Read());
    }

    private int Add(JsonTreeNode node)
    {
        if (_count == _nodes.Length) Array.Resize(ref _nodes, _count * 2);
        _nodes[_count] = node;
        return _count++;
    }

    private static JsonValueKind Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };

    /// <summary>Members of one name.</summary>
    internal ref struct NamedMembers(JsonTree tree, int first, ReadOnlySpan<byte> name)
    {
        private readonly ReadOnlySpan<byte> _name = name;
        private int _next = first;

        public int Current { get; private set; } = -1;

        public readonly NamedMembers GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_next >= 0)
            {
                Current = _next;
                _next = tree.Next(_next);
                if (tree.NameIsLike(Current, _name)) return true;
            }
            return false;
        }
    }

    /// <summary>Nodes side by side.</summary>
    internal struct Siblings(JsonTree tree, int first)
    {
        private int _next = first;

        public int Current { get; private set; } = -1;

        public readonly Siblings GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next < 0) return false;
            Current = _next;
            _next = tree.Next(_next);
            return true;
        }
    }
}
