using System.Text.RegularExpressions;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Transforms;
using Sluice.Transforms.Rules;
using Sluice.Wire;

namespace Sluice.Explaining;

/// <summary>What each rule of <c>transforms</c> does to a request at one target, one after the other.</summary>
internal static class RuleEffects
{
    public static List<RuleEffect> Of(Attempt attempt)
    {
        var effects = new List<RuleEffect>();
        if (attempt.Target.Transforms is not { } transforms) return effects;
        var body = attempt.Call.Members.Body;
        foreach (var rule in transforms.All)
        {
            string what;
            if (!rule.FitsCall(attempt.Call)) what = "does not fit this call (where)";
            else if (rule.Phase == TransformPhase.Response) what = "acts on the answer";
            else what = Apply(attempt, rule, ref body);
            effects.Add(new RuleEffect(rule.Name, rule.Kind, rule.Phase == TransformPhase.Request ? "request" : "response", what));
        }
        return effects;
    }

    private static string Apply(Attempt attempt, TransformRule rule, ref ReadOnlyMemory<byte> body)
    {
        var losses = new LossReport();
        ReadOnlyMemory<byte> changed;
        try
        {
            changed = CallTransforms.Apply(attempt, [rule], body, losses);
        }
        catch (RegexMatchTimeoutException)
        {
            return CallTransforms.TooSlow.Message;
        }
        bool acts = !changed.Span.SequenceEqual(body.Span);
        body = changed;
        string effect = acts ? "changes the request" : "finds nothing to change";
        return losses.IsEmpty ? effect : $"{effect}; {string.Join("; ", losses.Losses.Select(l => l.Path == rule.Name ? $"cannot apply: {l.Reason}" : $"leaves {l.Path} alone: {l.Reason}"))}";
    }
}
