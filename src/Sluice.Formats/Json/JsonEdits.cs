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

    /// <summary>True when nothing is to be changed.</summary>
    public bool IsEmpty => _values.Count == 0 && _removed.Count == 0 && _added.Count == 0 && _ranges.Count == 0;

    /// <summary>
    /// Sets a member: replaces its value, or adds it at the end of the object. Where its name stands more than once and the value changes, only the
    /// last one stays, so that every parser reads the same.
    /// </summary>
    /// <param name="name">The name, without quotes and without anything to escape.</param>
    /// <param name="json">The value as JSON.</param>
    public void Set(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> json)
    {
        int index = members.IndexOf(name);
        if (index < 0)
        {
            Forget(name);
            _added.Add((name.ToArray(), json));
            return;
        }
        bool same = members.Value(members[index]).SequenceEqual(json.Span);
        if (same) _values.Remove(index);
        else _values[index] = json;
        if (!same || _removed.Contains(index)) Remove(name);
        _removed.Remove(index);
    }

    /// <summary>Removes a member, in all places where its name stands.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        Forget(name);
        for (int i = 0; i < members.Count; i++)
        {
            if (members.IsNamed(i, name)) _removed.Add(i);
        }
    }

    /// <summary>Replaces any range of the body, for edits below the top level. Ranges must not overlap.</summary>
    public void Replace(int start, int end, ReadOnlyMemory<byte> replacement) => _ranges.Add(new Edit(start, end, replacement));

    /// <summary>Writes the edited body.</summary>
    public void Apply(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        List<Edit> edits = [.. _ranges];
        foreach (var (index, json) in _values)
        {
            if (!_removed.Contains(index)) edits.Add(new Edit(members[index].ValueStart, members[index].End, json));
        }
        AddRemovals(edits);
        AddAdditions(edits);
        edits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var body = members.Body.Span;
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
        for (int i = 0; i < members.Count; i++)
        {
            if (!_removed.Contains(i)) continue;
            int first = i;
            while (_removed.Contains(i + 1)) i++;
            int start = first > 0 ? members[first - 1].End : members.Open + 1;
            int end = first > 0 || i + 1 == members.Count ? members[i].End : members[i + 1].Start;
            edits.Add(new Edit(start, end, default));
        }
    }

    private void AddAdditions(List<Edit> edits)
    {
        if (_added.Count == 0) return;
        bool empty = members.Count == _removed.Count;
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
        int at = members.Count > 0 ? members[members.Count - 1].End : members.Open + 1;
        edits.Add(new Edit(at, at, joined.ToArray()));
    }

    private readonly record struct Edit(int Start, int End, ReadOnlyMemory<byte> Replacement);
}
