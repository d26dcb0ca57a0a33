using System.Buffers;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>
/// Edits of a JSON object's top level by byte ranges: every byte outside the edited ranges stays as it was. Collect the edits, then
/// apply them once.
/// </summary>
public sealed class JsonEdits(JsonMembers members)
{
    private readonly List<(int Start, int End, ReadOnlyMemory<byte> Replacement)> _edits = [];
    private readonly HashSet<int> _removed = [];
    private readonly List<ReadOnlyMemory<byte>> _added = [];

    /// <summary>True when nothing is to be changed.</summary>
    public bool IsEmpty => _edits.Count == 0 && _removed.Count == 0 && _added.Count == 0;

    /// <summary>Sets a member: replaces its value, or adds it at the end of the object.</summary>
    /// <param name="name">The name, without quotes and without anything to escape.</param>
    /// <param name="json">The value as JSON.</param>
    public void Set(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> json)
    {
        if (members.TryGet(name, out var member))
        {
            if (!members.Value(member).SequenceEqual(json.Span)) _edits.Add((member.ValueStart, member.End, json));
            return;
        }
        byte[] added = [(byte)'"', .. name, (byte)'"', (byte)':', .. json.Span];
        _added.Add(added);
    }

    /// <summary>Removes a member, in all places where its name stands.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < members.Count; i++)
        {
            if (members.Body.Span.Slice(members[i].NameStart, members[i].NameLength).SequenceEqual(name)) _removed.Add(i);
        }
    }

    /// <summary>Replaces any range of the body, for edits below the top level. Ranges must not overlap.</summary>
    public void Replace(int start, int end, ReadOnlyMemory<byte> replacement) => _edits.Add((start, end, replacement));

    /// <summary>Writes the edited body.</summary>
    public void Apply(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        AddRemovals();
        AddAdditions();
        _edits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var body = members.Body.Span;
        int at = 0;
        foreach (var (start, end, replacement) in _edits)
        {
            if (start < at) continue; // inside a member that is removed
            output.Write(body[at..start]);
            output.Write(replacement.Span);
            at = end;
        }
        output.Write(body[at..]);
        _removed.Clear();
        _added.Clear();
    }

    // A run of removed members goes with the comma before it, or, at the front of the object, with the comma after it.
    private void AddRemovals()
    {
        for (int i = 0; i < members.Count; i++)
        {
            if (!_removed.Contains(i)) continue;
            int first = i;
            while (_removed.Contains(i + 1)) i++;
            int start = first > 0 ? members[first - 1].End : members.Open + 1;
            int end = first > 0 || i + 1 == members.Count ? members[i].End : members[i + 1].Start;
            _edits.Add((start, end, default));
        }
    }

    private void AddAdditions()
    {
        if (_added.Count == 0) return;
        bool empty = members.Count == _removed.Count;
        var joined = new List<byte>();
        foreach (var added in _added)
        {
            if (!empty || joined.Count > 0) joined.Add((byte)',');
            joined.AddRange(added.Span);
        }
        // After the last value, so that white space before the brace stays where it was.
        int at = members.Count > 0 ? members[members.Count - 1].End : members.Open + 1;
        _edits.Add((at, at, joined.ToArray()));
    }
}
