using System.Text;
using Sluice.Engine;
using Sluice.Explaining;

namespace Sluice.Cli.Output;

/// <summary>An explanation for people.</summary>
internal static class ExplanationText
{
    public static string Write(CallExplanation call)
    {
        var text = new StringBuilder();
        Line(text, "format", call.Format.Value);
        if (call.Model is { } model) Line(text, "model", model);
        if (call.Route is { } route) Line(text, "route", call.Strategy is { } strategy ? $"{route} ({strategy})" : $"{route} (a model, no route)");
        for (int i = 0; i < call.Order.Count; i++) Line(text, i == 0 ? "targets" : "", $"{i + 1}. {call.Order[i]}");
        foreach (var passed in call.PassedOver) Line(text, "passed over", $"{passed.Target}: {passed.Reason}");
        if (call.Error is { } error) Line(text, "refused", $"{error.StatusOrDefault} {error.Message}");
        for (int i = 0; i < call.Targets.Count; i++) Target(text, call, call.Targets[i]);
        return text.ToString();
    }

    private static void Target(StringBuilder text, CallExplanation call, TargetExplanation target)
    {
        text.Append('\n').Append("== ").Append(target.Target);
        if (target.Lane is { } lane) text.Append(", ").Append(lane == Lane.Translated ? $"translated from {call.Format} to {target.UpstreamFormat}" : lane.Name());
        text.Append('\n');
        foreach (var rule in target.Rules) Line(text, "transform", $"{rule.Name} ({rule.On}, {rule.Kind}): {rule.What}");
        foreach (var member in target.Members) Line(text, "body", $"{member.Name}: {member.What}");
        foreach (var header in target.Headers) Line(text, "header", $"{header.Name}: {header.What}");
        foreach (var loss in target.Losses) Line(text, loss.Kind == Wire.LossKind.Dropped ? "not carried" : "changed", $"{loss.Path}: {loss.Reason}");
        if (target.Refusal is { } refusal) Line(text, "not sent", refusal);
        if (target.Request is not { } request) return;
        text.Append('\n').Append(request.Method).Append(' ').Append(request.Url).Append('\n');
        foreach (var (name, value) in request.Headers) text.Append(name).Append(": ").Append(value).Append('\n');
        text.Append('\n').Append(request.Body).Append('\n');
    }

    private static void Line(StringBuilder text, string label, string value) => text.Append(label.PadRight(12)).Append(value).Append('\n');
}
