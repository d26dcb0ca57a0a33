using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>A rule with the names of one format, as bytes.</summary>
internal sealed class BodyRule
{
    private readonly (string Neutral, byte[] Name)[] _drop;
    private readonly (byte[] From, string FromName, byte[] To, string ToName)[] _rename;
    private readonly byte[][] _stop;
    private readonly byte[][] _exclusive;

    public BodyRule(ParameterRule rule, WireFormatId format)
    {
        Source = rule;
        _drop = [.. rule.Drop.SelectMany(n => ParameterNames.In(format, n).Select(s => (n, Encoding.UTF8.GetBytes(s))))];
        _rename = [.. rule.Rename.Select(r => (Encoding.UTF8.GetBytes(r.Key), r.Key, Encoding.UTF8.GetBytes(r.Value), r.Value))];
        _stop = [.. rule.MaxStop is null ? [] : ParameterNames.In(format, "stop").Select(Encoding.UTF8.GetBytes)];
        _exclusive = [.. rule.Exclusive.SelectMany(n => ParameterNames.In(format, n)).Select(Encoding.UTF8.GetBytes)];
        DropsReasoning = rule.Drop.Contains("reasoning_effort");
    }

    /// <summary>The rule.</summary>
    public ParameterRule Source { get; }

    /// <summary>True where the reasoning effort is left out: it may stand in an object of its own.</summary>
    public bool DropsReasoning { get; }

    /// <summary>Whether a member of this name and value is left out.</summary>
    public bool Drops(string name, ReadOnlySpan<byte> value)
    {
        foreach (var (neutral, spelled) in _drop)
        {
            if (Encoding.UTF8.GetString(spelled) == name) return !IsKept(neutral, value);
        }
        return false;
    }

    /// <summary>Applies it to the object that holds the settings.</summary>
    public void Apply(JsonMembers members, JsonEdits edits, ref LazyLosses losses)
    {
        foreach (var (neutral, name) in _drop)
        {
            if (!members.TryGet(name, out var member) || IsNull(members, member) || IsKept(neutral, members.Value(member))) continue;
            edits.Remove(name);
            losses.Dropped(neutral == "reasoning_effort" ? "reasoning.effort" : neutral, Source.Why);
        }
        foreach (var (from, fromName, to, toName) in _rename)
        {
            if (!members.TryGet(from, out var member)) continue;
            if (members.TryGet(to, out _)) edits.Remove(from);
            else edits.Replace(member.NameStart, member.NameStart + member.NameLength, to);
            losses.Changed(fromName, $"{Source.Why}: sent as {toName}");
        }
        foreach (byte[] name in _stop) LimitStop(name, members, edits, ref losses);
        if (_exclusive is [var first, .. var others] && members.TryGet(first, out var given) && !IsNull(members, given))
        {
            foreach (byte[] other in others)
            {
                if (!members.TryGet(other, out var member) || IsNull(members, member)) continue;
                edits.Remove(other);
                losses.Dropped(Encoding.UTF8.GetString(other), Source.Why);
            }
        }
    }

    private void LimitStop(byte[] name, JsonMembers members, JsonEdits edits, ref LazyLosses losses)
    {
        if (!members.TryGet(name, out var member) || members.Value(member)[0] != (byte)'[') return;
        using var list = JsonDocument.Parse(members.Body.Slice(member.ValueStart, member.ValueLength));
        if (list.RootElement.GetArrayLength() <= Source.MaxStop) return;
        edits.Set(name, Encoding.UTF8.GetBytes($"[{string.Join(',', list.RootElement.EnumerateArray().Take(Source.MaxStop!.Value).Select(s => s.GetRawText()))}]"));
        losses.Changed("stop", Source.Why);
    }

    private bool IsKept(string neutral, ReadOnlySpan<byte> value) =>
        Source.Keep.TryGetValue(neutral, out var bounds)
        && Utf8Parser.TryParse(value, out double number, out int used) && used == value.Length
        && number >= bounds.Min && number <= bounds.Max;

    private static bool IsNull(JsonMembers members, JsonMember member) => members.Value(member)[0] == (byte)'n';
}
