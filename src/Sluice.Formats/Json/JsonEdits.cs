using System.Buffers;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>
/// Edits of a JSON object's top level by byte ranges: every byte outside the edited ranges stays as it was. Collect the edits, then
/// apply them; of several edits of one member the last counts.
/// </summary>
public sealed class JsonEdits(JsonMembers members)
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _values = [];
    private readonly HashSet<int> _removed = [];
    private readonly List<(byte[] Name, ReadOnlyMemory<byte> Json)> _added = [];
    private readonly List<Edit> _ranges = [];
    private List<(byte[] Name, JsonEdits Edits)>? _inside;

    /// <summary>The object that is edited.</summary>
    public JsonMembers Members { get; } = members;

    /// <summary>True when nothing is to be changed.</summary>
    public bool IsEmpty => _values.Count == 0 && _removed.Count == 0 && _added.Count == 0 && _ranges.Count == 0 && _inside?.TrueForAll(i => i.Edits.IsEmpty) != false;

    /// <summary>
    /// Edits of an object that is a member of this one, the same for everybody who asks. They are put back with the rest; a member that is removed, or set to another
    /// value, takes its edits with it.
    /// </summary>
    /// <param name="name">The member's name.</param>
    /// <param name="creates">True to have an empty object made where there is no such member.</param>
    /// <returns>The edits; <see langword="null"/> where the member is absent, or no object.</returns>
    public JsonEdits? Inside(ReadOnlySpan<byte> name, bool creates = false)
    {
        foreach (var (known, edits) in _inside ?? [])
        {
            if (name.SequenceEqual(known)) return edits;
        }
        ReadOnlyMemory<byte> body;
        if (Members.TryGet(name, out var member)) body = Members.Value(member)[0] == (byte)'{' ? Members.Body.Slice(member.ValueStart, member.ValueLength) : default;
        else body = creates ? "{}"u8.ToArray() : default;
        if (body.IsEmpty || JsonMembers.Scan(body, out _) is not { } inner) return null;
        var made = new JsonEdits(inner);
        (_inside ??= []).Add((name.ToArray(), made));
        return made;
    }

    /// <summary>
    /// Sets a member: replaces its value, or adds it at the end of the object. Where its name stands more than once only the last one stays, so that
    /// every parser reads the same.
    /// </summary>
    /// <param name="name">The name, without quotes and without anything to escape.</param>
    /// <param name="json">The value as JSON.</param>
    public void Set(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> json)
    {
        int index = RemoveAll(name);
        if (index < 0)
        {
            _added.Add((name.ToArray(), json));
            return;
        }
        if (Members.Value(Members[index]).SequenceEqual(json.Span)) _values.Remove(index);
        else _values[index] = json;
        _removed.Remove(index);
    }

    /// <summary>Removes a member, in all places where its name stands.</summary>
    public void Remove(ReadOnlySpan<byte> name) => RemoveAll(name);

    /// <summary>How often all members were gone through; for tests of how much work that is.</summary>
    internal int Passes { get; private set; }

    // Gives the last of them; -1 where there is none.
    private int RemoveAll(ReadOnlySpan<byte> name)
    {
        Forget(name);
        Passes++;
        int last = -1;
        for (int i = 0; i < Members.Count; i++)
        {
            if (Members.IsNamed(i, name))
            {
                last = i;
                _removed.Add(i);
            }
        }
        return last;
    }

    /// <summary>Removes the member at a position, and no other of its name.</summary>
    public void RemoveAt(int index) => _removed.Add(index);

    /// <summary>Replaces any range of the body, for edits below the top level. Ranges must not overlap.</summary>
    public void Replace(int start, int end, ReadOnlyMemory<byte> replacement) => _ranges.Add(new Edit(start, end, replacement));

    /// <summary>Writes the edited body.</summary>
    public void Apply(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        PutBack();
        List<Edit> edits = [.. _ranges];
        foreach (var (index, json) in _values)
        {
            if (!_removed.Contains(index)) edits.Add(new Edit(Members[index].ValueStart, Members[index].End, json));
        }
        AddRemovals(edits);
        AddAdditions(edits);
        edits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var body = Members.Body.Span;
        int at = 0;
        foreach (var (start, end, replacement) in edits)
        {
            if (start < at) continue; // inside a member that is removed or replaced whole
            output.Write(body[at..start]);
            output.Write(replacement.Span);
            at = end;
        }
        output.Write(body[at..]);
    }

    private void PutBack()
    {
        foreach (var (name, edits) in _inside ?? [])
        {
            if (edits.IsEmpty || IsDecided(name)) continue;
            var edited = new ArrayBufferWriter<byte>(edits.Members.Body.Length + 64);
            edits.Apply(edited);
            Set(name, edited.WrittenMemory);
        }
        _inside = null;
    }

    // What was set or removed as a whole is not edited inside as well.
    private bool IsDecided(ReadOnlySpan<byte> name)
    {
        foreach (var (added, _) in _added)
        {
            if (name.SequenceEqual(added)) return true;
        }
        int index = Members.IndexOf(name);
        return index >= 0 && (_values.ContainsKey(index) || _removed.Contains(index));
    }

    private void Forget(ReadOnlySpan<byte> name)
    {
        for (int i = _added.Count - 1; i >= 0; i--)
        {
            if (name.SequenceEqual(_added[i].Name)) _added.RemoveAt(i);
        }
    }

    // A run of removed members goes with the comma before it, or, at the front of the object, with the comma after it.
    private void AddRemovals(List<Edit> edits)
    {
        for (int i = 0; i < Members.Count; i++)
        {
            if (!_removed.Contains(i)) continue;
            int first = i;
            while (_removed.Contains(i + 1)) i++;
            int start = first > 0 ? Members[first - 1].End : Members.Open + 1;
            int end = first > 0 || i + 1 == Members.Count ? Members[i].End : Members[i + 1].Start;
            edits.Add(new Edit(start, end, default));
        }
    }

    private void AddAdditions(List<Edit> edits)
    {
        if (_added.Count == 0) return;
        bool empty = Members.Count == _removed.Count;
        var joined = new List<byte>();
        foreach (var (name, json) in _added)
        {
            if (!empty || joined.Count > 0) joined.Add((byte)',');
            joined.Add((byte)'"');
            joined.AddRange(name);
            joined.AddRange("\":"u8);
            joined.AddRange(json.Span);
        }
        // After the last value, so that white space before the brace stays where it was.
        int at = Members.Count > 0 ? Members[Members.Count - 1].End : Members.Open + 1;
        edits.Add(new Edit(at, at, joined.ToArray()));
    }

    private readonly record struct Edit(int Start, int End, ReadOnlyMemory<byte> Replacement);
}
