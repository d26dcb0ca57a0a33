using System.Buffers;
using System.Text;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>
/// Takes out of a request what two parsers would read in two ways: members that decide something and stand twice (the last one stays, as most parsers have it), and those that
/// differ from such a member only in case. What was checked here is then what every server reads.
/// </summary>
public static class ReadingDoubts
{
    // As deep as a configuration may let requests be.
    private const int MaxDepth = 1024;

    /// <summary>The body without them, and what was taken out; <see langword="null"/> where there are none, as nearly always.</summary>
    public static ReadOnlyMemory<byte>? Remove(JsonMembers members, ParameterMap map, LossReport losses)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(losses);
        JsonEdits? edits = null;
        Collect(members, map.DecidingTop, "", losses, ref edits);
        foreach (string section in map.Section)
        {
            byte[] name = Encoding.UTF8.GetBytes(section);
            if (!members.TryGet(name, out var member) || members.Value(member)[0] != (byte)'{') continue;
            if (JsonMembers.Scan(members.Body.Slice(member.ValueStart, member.ValueLength), MaxDepth, out _) is not { } inner) continue;
            JsonEdits? within = null;
            Collect(inner, map.DecidingInside, section + ".", losses, ref within);
            if (within is null) continue;
            var edited = new ArrayBufferWriter<byte>(member.ValueLength);
            within.Apply(edited);
            (edits ??= new JsonEdits(members)).Set(name, edited.WrittenMemory);
        }
        if (edits is null) return null;
        var body = new ArrayBufferWriter<byte>(members.Body.Length);
        edits.Apply(body);
        return body.WrittenMemory;
    }

    private static void Collect(JsonMembers members, MemberNames names, string path, LossReport losses, ref JsonEdits? edits)
    {
        Span<bool> seen = stackalloc bool[names.All.Count];
        for (int i = members.Count - 1; i >= 0; i--)
        {
            int place = names.Find(members.Name(i), out bool isExact);
            if (place < 0) continue;
            if (isExact && !seen[place])
            {
                seen[place] = true;
                continue;
            }
            (edits ??= new JsonEdits(members)).RemoveAt(i);
            string name = Encoding.UTF8.GetString(members.Name(i));
            if (isExact) losses.Changed(path + name, "stands more than once; the last one counts");
            else losses.Dropped(path + name, $"differs from '{names.All[place]}' only in case, and servers would read it in different ways");
        }
    }
}
