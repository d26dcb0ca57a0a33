using Sluice.Formats;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>
/// The rules of one model for bodies of one format, applied as edits of byte ranges: what no rule names keeps every byte. Immutable.
/// </summary>
public sealed class BodyParameterRules
{
    private readonly BodyRule[] _rules;
    private readonly ParameterMap _map;
    private readonly ReasoningInBody _reasoning;

    private BodyParameterRules(BodyRule[] rules, ParameterMap map, ReasoningInBody reasoning)
    {
        _rules = rules;
        _map = map;
        _reasoning = reasoning;
    }

    /// <summary>True when nothing is ever changed.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>Adds to <paramref name="edits"/> what the rules change in a body.</summary>
    /// <param name="members">The body's members.</param>
    /// <param name="edits">Edits of the same body. Members that they add must have been named by <see cref="NameOf"/>.</param>
    /// <param name="report">A report that the changes are added to; <see langword="null"/> for none.</param>
    /// <returns>What was changed and why; <see langword="null"/> for nothing.</returns>
    public LossReport? Apply(JsonMembers members, JsonEdits edits, LossReport? report = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(edits);
        if (_rules.Length == 0) return report;
        var losses = new LazyLosses(report);
        ApplyAll(members, edits, ref losses);
        return losses.Report;
    }

    /// <summary>How a parameter that is added to a body must be called; <see langword="null"/> where the model does not take it.</summary>
    /// <param name="parameter">Its neutral name.</param>
    /// <param name="value">Its value as JSON.</param>
    /// <param name="members">The body that it is added to.</param>
    public string? NameOf(string parameter, ReadOnlySpan<byte> value, JsonMembers members)
    {
        string name = _map.Place(parameter).Names[0];
        foreach (var rule in _rules)
        {
            if (rule.Source.Rename.TryGetValue(name, out string? other)) return other;
            if (rule.Drops(parameter, value) && (rule.Source.WhileReasoning is not { } state || (_reasoning.Wanted(members) ?? rule.Source.ReasonsByDefault) == state)) return null;
        }
        return name;
    }

    internal static BodyParameterRules Of(IReadOnlyList<ParameterRule> rules, WireFormatId format)
    {
        var map = WireFormats.Find(format)?.Parameters ?? ParameterMap.None;
        return new(
            [.. rules.Where(r => r.Lanes.HasFlag(ParameterLanes.Native) && (r.Formats.Count == 0 || r.Formats.Contains(format.Value))).Select(r => new BodyRule(r, map))],
            map,
            new ReasoningInBody(format));
    }

    /// <summary>Whether the model refuses the tools of a body because it would reason beside them.</summary>
    public bool RefusesToolsOf(JsonMembers members) => Array.Exists(_rules, r => r.Source.ToolsNeedEffortNone && Refuses(r, members));

    private static bool Refuses(BodyRule rule, JsonMembers members) =>
        members.TryGet("tools"u8, out var tools) && members.Value(tools).Contains((byte)'{')
        && (members.GetString("reasoning_effort"u8) is { } effort ? effort != "none" : rule.Source.ReasonsByDefault);

    private static bool SilenceForTools(BodyRule rule, JsonMembers members, JsonEdits edits, ref LazyLosses losses)
    {
        if (!Refuses(rule, members)) return false;
        edits.Set("reasoning_effort"u8, "\"none\""u8.ToArray());
        losses.Changed("reasoning.effort", rule.Source.Why);
        return true;
    }

    private void ApplyAll(JsonMembers members, JsonEdits edits, ref LazyLosses losses)
    {
        bool? asked = null;
        bool known = false, silenced = false;
        foreach (var rule in _rules)
        {
            if (rule.Source.ToolsNeedEffortNone) silenced |= SilenceForTools(rule, members, edits, ref losses);
            if (rule.Source.WhileReasoning is { } state)
            {
                if (!known) (asked, known) = (_reasoning.Wanted(members), true);
                if ((silenced ? false : asked ?? rule.Source.ReasonsByDefault) != state) continue;
            }
            if (rule.Source.Efforts.Count > 0 && !silenced) _reasoning.FitEffort(rule.Source, members, edits, ref losses);
            if (rule.DropsReasoning) _reasoning.Drop(rule.Source, members, edits, ref losses);
            if (rule.Source.Thinking != ThinkingRule.None) ThinkingInBody.Apply(rule.Source, members, edits, ref losses);
            rule.Apply(edits, ref losses);
        }
    }
}
