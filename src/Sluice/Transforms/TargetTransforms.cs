using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Transforms.Rules;

namespace Sluice.Transforms;

/// <summary>The rules that can fit calls to one target, found once. A target without any has none of these.</summary>
internal sealed class TargetTransforms
{
    private readonly TransformRule[] _request;
    private readonly TransformRule[] _response;

    private TargetTransforms(TransformRule[] all)
    {
        All = all;
        _request = [.. all.Where(r => r.Phase == TransformPhase.Request)];
        _response = [.. all.Where(r => r.Phase == TransformPhase.Response)];
    }

    /// <summary>All of them, in the order written.</summary>
    public IReadOnlyList<TransformRule> All { get; }

    public static TargetTransforms? Of(IReadOnlyList<TransformRule> rules, string provider, string model)
    {
        TransformRule[] fitting = [.. rules.Where(r => r.FitsTarget(provider, model))];
        return fitting.Length == 0 ? null : new TargetTransforms(fitting);
    }

    /// <summary>The rules for the request of a call.</summary>
    public TransformRule[] OfRequest(CallContext call) => Fitting(_request, call);

    /// <summary>The rules for the answer to a call.</summary>
    public TransformRule[] OfResponse(CallContext call) => Fitting(_response, call);

    private static TransformRule[] Fitting(TransformRule[] rules, CallContext call)
    {
        foreach (var rule in rules)
        {
            if (rule.IsPerCall) return [.. rules.Where(r => r.FitsCall(call))];
        }
        return rules;
    }
}
