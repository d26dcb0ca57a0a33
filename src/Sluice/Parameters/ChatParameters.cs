using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>Applies one rule to a neutral request.</summary>
internal static class ChatParameters
{
    public static ChatRequest Apply(ParameterRule rule, ChatRequest request, LossReport losses)
    {
        if (rule.ToolsNeedEffortNone) request = WithoutReasoning(rule, request, losses);
        if (rule.WhileReasoning is { } state && (request.Reasoning?.Wanted ?? rule.ReasonsByDefault) != state) return request;
        foreach (string name in rule.Drop) request = Drop(rule, request, name, losses);
        foreach (var (name, bounds) in rule.Clamp) request = Clamp(rule, request, name, bounds, losses);
        if (rule.Exclusive.Count > 0 && Number(request, rule.Exclusive[0]) is not null)
        {
            foreach (string name in rule.Exclusive.Skip(1)) request = Drop(rule, request, name, losses);
        }
        if (rule.MaxStop is { } most && request.Stop.Count > most)
        {
            losses.Changed("stop", rule.Why);
            request = request with { Stop = [.. request.Stop.Take(most)] };
        }
        return rule.Efforts.Count == 0 ? request : FitEffort(rule, request, losses);
    }

    private static ChatRequest Drop(ParameterRule rule, ChatRequest request, string name, LossReport losses)
    {
        if (rule.Keep.TryGetValue(name, out var kept) && Number(request, name) is { } value && value >= kept.Min && value <= kept.Max) return request;
        var without = Without(request, name);
        if (!ReferenceEquals(without, request) && !IsNeutral(request, name)) losses.Dropped(name == "reasoning_effort" ? "reasoning.effort" : name, rule.Why);
        return without;
    }

    private static ChatRequest Clamp(ParameterRule rule, ChatRequest request, string name, (double Min, double Max) bounds, LossReport losses)
    {
        if (Number(request, name) is not { } value || (value >= bounds.Min && value <= bounds.Max)) return request;
        losses.Changed(name, rule.Why);
        double fitted = Math.Clamp(value, bounds.Min, bounds.Max);
        return name switch
        {
            "temperature" => request with { Temperature = fitted },
            "top_p" => request with { TopP = fitted },
            "presence_penalty" => request with { PresencePenalty = fitted },
            "frequency_penalty" => request with { FrequencyPenalty = fitted },
            _ => request,
        };
    }

    private static ChatRequest FitEffort(ParameterRule rule, ChatRequest request, LossReport losses)
    {
        if (request.Reasoning is not { } reasoning || ReasoningScale.EffortOf(reasoning) is not { } asked) return request;
        string? fitted = asked == "none" && !rule.Efforts.Contains("none") ? rule.Efforts[0] : Effort.Nearest(asked, rule.Efforts);
        if (fitted is null || fitted == asked) return request;
        losses.Changed("reasoning.effort", $"{rule.Why}: {asked} became {fitted}");
        return request with { Reasoning = reasoning with { Enabled = fitted != "none", Effort = fitted, BudgetTokens = null, IsAdaptive = false } };
    }

    private static ChatRequest WithoutReasoning(ParameterRule rule, ChatRequest request, LossReport losses)
    {
        if (!request.Tools.Any(t => t is FunctionTool or CustomTool) || !(request.Reasoning?.Wanted ?? rule.ReasonsByDefault)) return request;
        losses.Changed("reasoning.effort", rule.Why);
        return request with { Reasoning = (request.Reasoning ?? new ReasoningOptions()) with { Enabled = false, Effort = "none", BudgetTokens = null, IsAdaptive = false } };
    }

    // What a setting says by default is no loss.
    private static bool IsNeutral(ChatRequest request, string name) => name switch
    {
        "presence_penalty" or "frequency_penalty" => Number(request, name) is 0,
        "n" => request.CandidateCount is 1,
        "logprobs" => request.Logprobs == false,
        "top_logprobs" => request.TopLogprobs is 0,
        "store" => request.Store == false,
        "logit_bias" => IsEmpty(request.LogitBias),
        "metadata" => IsEmpty(request.Metadata),
        _ => false,
    };

    private static bool IsEmpty(RawJson json) => json.ToElement() is { ValueKind: System.Text.Json.JsonValueKind.Object } map && !map.EnumerateObject().Any();

    private static double? Number(ChatRequest request, string name) => name switch
    {
        "temperature" => request.Temperature,
        "top_p" => request.TopP,
        "top_k" => request.TopK,
        "presence_penalty" => request.PresencePenalty,
        "frequency_penalty" => request.FrequencyPenalty,
        "n" => request.CandidateCount,
        _ => null,
    };

    // The same object comes back where there was nothing to leave out.
    private static ChatRequest Without(ChatRequest request, string name) => name switch
    {
        "temperature" when request.Temperature is not null => request with { Temperature = null },
        "top_p" when request.TopP is not null => request with { TopP = null },
        "top_k" when request.TopK is not null => request with { TopK = null },
        "presence_penalty" when request.PresencePenalty is not null => request with { PresencePenalty = null },
        "frequency_penalty" when request.FrequencyPenalty is not null => request with { FrequencyPenalty = null },
        "logit_bias" when !request.LogitBias.IsAbsent => request with { LogitBias = default },
        "logprobs" when request.Logprobs is not null => request with { Logprobs = null },
        "top_logprobs" when request.TopLogprobs is not null => request with { TopLogprobs = null },
        "stop" when request.Stop.Count > 0 => request with { Stop = [] },
        "seed" when request.Seed is not null => request with { Seed = null },
        "n" when request.CandidateCount is not null => request with { CandidateCount = null },
        "user" when request.User is not null => request with { User = null },
        "metadata" when !request.Metadata.IsAbsent => request with { Metadata = default },
        "store" when request.Store is not null => request with { Store = null },
        "reasoning_effort" when request.Reasoning is not null => request with { Reasoning = null },
        _ => request,
    };
}
