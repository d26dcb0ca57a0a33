using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Routing;

/// <summary>Decides whether a target's condition (<c>when</c>) holds for a call.</summary>
internal static class Conditions
{
    /// <summary>Which part does not hold; <see langword="null"/> where all do.</summary>
    public static string? Fault(ConditionConfig when, CallContext call)
    {
        if (when.Keys is { } keys && !(call.Inbound.Caller?.Name is { } name && keys.Any(k => Wildcard.Matches(k, name)))) return "when.keys does not name the caller's key";
        foreach (var (header, pattern) in when.Headers)
        {
            // The client is told which header, not the value that opens the target.
            if (call.Inbound.Headers.Get(header) is not { } value || !Wildcard.Matches(pattern, value)) return $"when.headers: {header} has another value or is missing";
        }
        if (when.MinTokens is { } least && (call.Demand.MostTokens < least || call.Demand.Tokens < least)) return $"when.min_tokens: the request has fewer than {least}";
        if (when.MaxTokens is { } most && call.Demand.MostTokens > most && call.Demand.Tokens > most) return $"when.max_tokens: the request has more than {most}";
        foreach (string need in when.Needs)
        {
            var parsed = NeedNames.Parse(need);
            if ((parsed != Needs.Reasoning && (call.Demand.Possible & parsed) == Needs.None) || (call.Demand.Exact & parsed) == Needs.None) return $"when.needs: the request does not need {need}";
        }
        return null;
    }
}
