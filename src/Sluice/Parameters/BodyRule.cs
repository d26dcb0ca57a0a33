using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>A rule with the names of one format, as bytes.</summary>
internal sealed class BodyRule
{
    private readonly (string Neutral, BodyPlace Place)[] _drop;
    private readonly (byte[] From, string FromName, byte[] To, string ToName)[] _rename;
    private readonly BodyPlace? _stop;
    private readonly (string Neutral, BodyPlace Place)[] _exclusive;

    public BodyRule(ParameterRule rule, ParameterMap map)
    {
        Source = rule;
        // How much to reason is left out by ReasoningInBody where it stands in an object of its own.
        _drop = [.. Places(map, rule.Drop.Where(n => n != "reasoning_effort" || map.Place(n).Holder.Count == 0))];
        _rename = [.. rule.Rename.Select(r => (Encoding.UTF8.GetBytes(r.Key), r.Key, Encoding.UTF8.GetBytes(r.Value), r.Value))];
        _stop = rule.MaxStop is null ? null : new BodyPlace(map.Place("stop"));
        _exclusive = [.. Places(map, rule.Exclusive)];
        DropsReasoning = rule.Drop.Contains("reasoning_effort");
    }

    /// <summary>The rule.</summary>
    public ParameterRule Source { get; }

    /// <summary>True where the reasoning effort is left out: it may stand in an object of its own.</summary>
    public bool DropsReasoning { get; }

    /// <summary>Whether a parameter of this value is left out.</summary>
    public bool Drops(string neutral, ReadOnlySpan<byte> value)
    {
        foreach (string dropped in Source.Drop)
        {
            if (dropped == neutral) return !IsKept(neutral, value);
        }
        return false;
    }

    /// <summary>Applies it to a body.</summary>
    public void Apply(JsonEdits body, ref LazyLosses losses)
    {
        foreach (var (neutral, place) in _drop)
        {
            if (place.Holder(body) is not { } holder) continue;
            foreach (byte[] name in place.Names)
            {
                if (Given(holder.Members, name) is not { } member || IsKept(neutral, holder.Members.Value(member))) continue;
                bool isNeutral = IsNeutral(neutral, holder.Members.Value(member));
                holder.Remove(name);
                if (!isNeutral) losses.Dropped(neutral == "reasoning_effort" ? "reasoning.effort" : neutral, Source.Why);
            }
        }
        foreach (var (from, fromName, to, toName) in _rename)
        {
            if (!body.Members.TryGet(from, out var member)) continue;
            if (body.Members.TryGet(to, out _)) body.Remove(from);
            else body.Replace(member.NameStart, member.NameStart + member.NameLength, to);
            losses.Changed(fromName, $"{Source.Why}: sent as {toName}");
        }
        if (_stop?.Holder(body) is { } stops)
        {
            foreach (byte[] name in _stop.Names) LimitStop(name, stops, ref losses);
        }
        if (_exclusive is [var first, .. var others] && IsGiven(body, first.Place))
        {
            foreach (var (neutral, place) in others)
            {
                if (place.Holder(body) is not { } holder) continue;
                foreach (byte[] name in place.Names)
                {
                    if (Given(holder.Members, name) is null) continue;
                    holder.Remove(name);
                    losses.Dropped(neutral, Source.Why);
                }
            }
        }
    }

    // What a setting says by default is no loss, as in ChatParameters.
    private static bool IsNeutral(string neutral, ReadOnlySpan<byte> value) => neutral switch
    {
        "presence_penalty" or "frequency_penalty" or "top_logprobs" => IsNumber(value, 0),
        "n" => IsNumber(value, 1),
        "logprobs" or "store" => value.SequenceEqual("false"u8),
        "logit_bias" or "metadata" => value is [(byte)'{', .. var inside, (byte)'}'] && inside.IndexOfAnyExcept(" \r\n\t"u8) < 0,
        _ => false,
    };

    private static bool IsNumber(ReadOnlySpan<byte> value, double wanted) => Utf8Parser.TryParse(value, out double number, out int used) && used == value.Length && number == wanted;

    private static IEnumerable<(string Neutral, BodyPlace Place)> Places(ParameterMap map, IEnumerable<string> parameters) => parameters.Select(n => (n, new BodyPlace(map.Place(n))));

    private static bool IsGiven(JsonEdits body, BodyPlace place) => place.Holder(body) is { } holder && Array.Exists(place.Names, n => Given(holder.Members, n) is not null);

    // null says nothing.
    private static JsonMember? Given(JsonMembers members, byte[] name) => members.TryGet(name, out var member) && members.Value(member)[0] != (byte)'n' ? member : null;

    private void LimitStop(byte[] name, JsonEdits edits, ref LazyLosses losses)
    {
        var members = edits.Members;
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
}
