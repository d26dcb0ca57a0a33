using System.Globalization;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>Passes over the targets that a call may not use or that cannot serve it, and keeps why. One object a call.</summary>
internal sealed class TargetFilter(CallContext call, bool checksAbilities)
{
    // The estimate of a text is seldom further off than this.
    private const double EstimateError = 0.25;
    private readonly List<PassedOver> _passed = [];
    private readonly List<(TargetModel Target, long Window)> _nearlyFitting = [];

    /// <summary>What was passed over so far.</summary>
    public IReadOnlyList<PassedOver> Passed => _passed;

    /// <summary>A filter for the call; <see langword="null"/> where nothing can be passed over.</summary>
    public static TargetFilter? For(CallContext call, RouteModel route)
    {
        // With one target its provider knows better than the catalogue, and says it in its own words.
        bool checks = route.Targets.Count > 1 && call.Inbound.Format.Operation == WireOperation.Chat && !route.Bounds(call.Gateway).Hold(call.Demand);
        return checks || call.Restrictions is not null || (!route.IsPlain && route.Branches.Count > 0) ? new TargetFilter(call, checks) : null;
    }

    /// <summary>True where the condition of a line holds.</summary>
    public bool Admits(RouteBranch branch)
    {
        if (branch.Config.When is not { } when || Conditions.Fault(when, call) is not { } fault) return true;
        _passed.Add(new PassedOver(branch.Name, PassCause.Condition, fault));
        return false;
    }

    /// <summary>True for a target that may be tried.</summary>
    public bool Admits(TargetModel target)
    {
        foreach (var restriction in call.Restrictions ?? [])
        {
            if (restriction.Allows(target)) continue;
            _passed.Add(new PassedOver(target.Id, PassCause.NotAllowed, restriction.Reason));
            return false;
        }
        return !checksAbilities || IsAble(target);
    }

    /// <summary>The target with the largest window among those that the request may fit after all; <see langword="null"/> for none.</summary>
    public TargetModel? NearlyFitting() => _nearlyFitting.Count == 0 ? null : _nearlyFitting.MaxBy(t => t.Window).Target;

    /// <summary>Why no target is left.</summary>
    public GatewayError Refusal(RouteModel route)
    {
        string reasons = string.Join("; ", _passed.DistinctBy(p => p.Target).Select(p => $"{p.Target}: {p.Reason}"));
        var kind = _passed.TrueForAll(p => p.Cause == PassCause.NotAllowed) ? ErrorKind.Permission
            : _passed.TrueForAll(p => p.Cause is PassCause.Context or PassCause.NotAllowed) ? ErrorKind.ContextTooLong
            : ErrorKind.InvalidRequest;
        string code = kind == ErrorKind.Permission ? "target_not_allowed" : kind == ErrorKind.ContextTooLong ? "context_length_exceeded" : "no_capable_target";
        return new GatewayError(kind, $"no target of '{route.Name}' can serve this request: {reasons}") { Code = code, Param = kind == ErrorKind.Permission ? "model" : null };
    }

    private bool IsAble(TargetModel target)
    {
        var facts = call.Gateway.Facts(target);
        var lacks = facts.Lacks & ~Needs.Reasoning;
        if ((lacks & call.Demand.Possible) != Needs.None && (lacks & call.Demand.Exact) is var lacking && lacking != Needs.None)
        {
            _passed.Add(new PassedOver(target.Id, PassCause.Capability, string.Join(" and ", NeedNames.All.Where(n => lacking.HasFlag(n)).Select(n => n.Lack()))));
            return false;
        }
        long window = Math.Min(facts.Context ?? long.MaxValue, facts.MaxInput ?? long.MaxValue);
        return call.Demand.MostTokens <= window || Fits(target, facts, window);
    }

    private bool Fits(TargetModel target, TargetFacts facts, long window)
    {
        long tokens = call.Demand.Tokens;
        long output = call.Demand.MaxOutput ?? 0;
        bool fits = tokens + output <= (facts.Context ?? long.MaxValue) && tokens <= (facts.MaxInput ?? long.MaxValue);
        if (fits) return true;
        string text = output > 0 ? $"about {Number(tokens)} tokens and an answer of {Number(output)}" : $"about {Number(tokens)} tokens";
        _passed.Add(new PassedOver(target.Id, PassCause.Context, $"its context of {Number(window)} tokens is too small for {text}"));
        if ((tokens * (1 - EstimateError)) + output <= window) _nearlyFitting.Add((target, window));
        return false;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
