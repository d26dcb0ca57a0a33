using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>The parameters that depend on each other and on the model: limit, sampling, thinking, tool choice.</summary>
internal sealed record AnthropicSettings
{
    /// <summary>The output limit where the client gave none: this format demands one. A mandatory field is no loss, so it is not reported.</summary>
    public const long DefaultMaxTokens = 4096;

    private const int LeastBudget = 1024;

    public long? MaxTokens { get; private init; }

    public double? Temperature { get; private init; }

    public double? TopP { get; private init; }

    public long? TopK { get; private init; }

    /// <summary><c>thinking.type</c>; <see langword="null"/> leaves <c>thinking</c> out.</summary>
    public string? ThinkingType { get; private init; }

    public int? Budget { get; private init; }

    public string? Display { get; private init; }

    public string? Effort { get; private init; }

    public ToolChoice? Choice { get; private init; }

    public bool? ParallelToolCalls { get; private init; }

    /// <summary>The settings of a request of this format: as it says.</summary>
    public static AnthropicSettings AsSaid(ChatRequest request) => new()
    {
        MaxTokens = request.MaxTokens,
        Temperature = request.Temperature,
        TopP = request.TopP,
        TopK = request.TopK,
        ThinkingType = Shape.Value(request.Reasoning?.Notes.Own(), "type"),
        Budget = request.Reasoning?.BudgetTokens,
        Display = Shape.Value(request.Reasoning?.Notes.Own(), "display"),
        Effort = request.Reasoning?.Effort,
        Choice = request.ToolChoice,
        ParallelToolCalls = request.ParallelToolCalls,
    };

    /// <summary>The settings of another format's request, as the model accepts them.</summary>
    public static AnthropicSettings Fit(ChatRequest request, AnthropicModelRules rules, LossReport losses, long? mostTokens)
    {
        var settings = new AnthropicSettings { MaxTokens = request.MaxTokens, ParallelToolCalls = request.Tools.Count > 0 ? request.ParallelToolCalls : null };
        settings = settings.WithThinking(request, rules, losses).Within(mostTokens, losses);
        settings = settings.WithSampling(request, rules, losses);
        return settings.WithChoice(request, rules, losses);
    }

    private AnthropicSettings WithThinking(ChatRequest request, AnthropicModelRules rules, LossReport losses)
    {
        var fitted = request.Reasoning is { Wanted: { } wanted } reasoning ? (wanted ? Thinking(reasoning, rules, losses) : NotThinking(rules, losses)) : this;
        if (fitted.Budget is not { } budget)
        {
            // A model that thinks without a budget thinks within max_tokens.
            long room = fitted.ThinkingType == "adaptive" ? ReasoningScale.Budget(fitted.Effort ?? "medium") ?? 0 : 0;
            return fitted.MaxTokens is null ? fitted with { MaxTokens = DefaultMaxTokens + room } : fitted;
        }
        if (MaxTokens is null) return fitted with { MaxTokens = budget + DefaultMaxTokens };
        if (MaxTokens > budget) return fitted;
        losses.Changed("max_tokens", $"raised above the thinking budget of {budget} tokens, which counts against it");
        return fitted with { MaxTokens = MaxTokens + budget };
    }

    // What was raised for the budget may be more than the model can give; the budget must then stay below.
    private AnthropicSettings Within(long? mostTokens, LossReport losses)
    {
        if (mostTokens is not { } most || MaxTokens <= most) return this;
        if (Budget is not { } budget || budget < most) return this with { MaxTokens = most };
        losses.Changed("reasoning.budget_tokens", $"the model gives at most {most} tokens, and the budget counts against them");
        return this with { MaxTokens = most, Budget = (int)Math.Max(LeastBudget, most / 2) };
    }

    private AnthropicSettings NotThinking(AnthropicModelRules rules, LossReport losses)
    {
        if (rules.Thinking == ThinkingStyle.None) return this;
        if (rules.CanDisableThinking) return this with { ThinkingType = "disabled" };
        losses.Changed("reasoning", "this model always thinks");
        return rules.Efforts.Count > 0 ? this with { Effort = rules.Efforts[0] } : this;
    }

    private AnthropicSettings Thinking(ReasoningOptions reasoning, AnthropicModelRules rules, LossReport losses)
    {
        if (rules.Thinking == ThinkingStyle.None)
        {
            losses.Dropped("reasoning", "this model does not think");
            return this;
        }
        bool byBudget = rules.Thinking == ThinkingStyle.Budget || (rules.Thinking == ThinkingStyle.Either && reasoning is { BudgetTokens: > 0, Effort: null });
        if (byBudget) return this with { ThinkingType = "enabled", Budget = BudgetOf(reasoning) };
        string? effort = reasoning.Effort ?? (reasoning.BudgetTokens is > 0 and { } budget ? ReasoningScale.Effort(budget) : null);
        string? fitted = effort is null ? null : FitEffort(effort, rules.Efforts);
        if (reasoning.Effort is null && effort is not null) losses.Changed("reasoning.budget_tokens", $"this model takes an effort in place of a budget: {fitted}");
        else if (fitted != effort) losses.Changed("reasoning.effort", $"this model has no effort '{effort}': {fitted} was sent");
        bool shown = reasoning.IncludeText == true || reasoning.Summary is not null;
        return this with { ThinkingType = "adaptive", Effort = fitted, Display = shown ? "summarized" : null };
    }

    // An effort is a share of the limit (as OpenRouter converts it), so that the answer keeps its part; a budget is taken at its word.
    private int BudgetOf(ReasoningOptions reasoning)
    {
        if (reasoning.BudgetTokens is > 0 and { } said) return Math.Max(said, LeastBudget);
        int budget = Math.Max(ReasoningScale.BudgetOf(reasoning) ?? 0, LeastBudget);
        return MaxTokens is { } limit ? (int)Math.Max(LeastBudget, Math.Min(budget, limit * budget / 16384)) : budget;
    }

    private static string FitEffort(string effort, IReadOnlyList<string> known)
    {
        if (known.Contains(effort)) return effort;
        return effort switch
        {
            "minimal" or "low" => known[0],
            "xhigh" or "max" => known.Contains("high") && effort == "xhigh" ? "high" : known[^1],
            _ => "medium",
        };
    }

    private AnthropicSettings WithSampling(ChatRequest request, AnthropicModelRules rules, LossReport losses)
    {
        bool thinks = ThinkingType is "enabled" or "adaptive";
        bool fixedSampling = rules.HasFixedSampling;
        string reason = fixedSampling ? "this model takes only its default sampling" : "not while thinking";
        double? temperature = request.Temperature, topP = request.TopP;
        long? topK = request.TopK;
        if (temperature is not (null or 1) && (fixedSampling || thinks))
        {
            losses.Dropped("temperature", reason);
            temperature = null;
        }
        if (temperature > 1)
        {
            losses.Changed("temperature", "at most 1 in this format");
            temperature = 1;
        }
        if (topP < (fixedSampling ? 0.99 : 0.95) && (fixedSampling || thinks))
        {
            losses.Dropped("top_p", reason);
            topP = null;
        }
        if (topK is not null && (fixedSampling || thinks))
        {
            losses.Dropped("top_k", reason);
            topK = null;
        }
        if (rules.OneSampler && temperature is not null && topP is not null)
        {
            losses.Dropped("top_p", "this model takes temperature or top_p, not both");
            topP = null;
        }
        return this with { Temperature = temperature, TopP = topP, TopK = topK };
    }

    private AnthropicSettings WithChoice(ChatRequest request, AnthropicModelRules rules, LossReport losses)
    {
        var choice = request.ToolChoice;
        if (choice is null) return this;
        if (request.Tools.Count == 0)
        {
            if (choice.Mode is not ("auto" or "none")) losses.Dropped("tool_choice", "no tools are given");
            return this;
        }
        if (choice.Mode == "allowed")
        {
            losses.Changed("tool_choice", "this format cannot name several tools to choose from");
            choice = choice switch
            {
                { AllowedRequired: true, Allowed: [var only] } => new ToolChoice("tool") { Name = only },
                { AllowedRequired: true } => ToolChoice.Required,
                _ => ToolChoice.Auto,
            };
        }
        if (choice.Mode is "required" or "tool" && (ThinkingType == "enabled" || !rules.CanForceTools))
        {
            losses.Changed("tool_choice", rules.CanForceTools ? "no call can be forced while thinking by a budget" : "this model cannot be forced to call a tool");
            choice = ToolChoice.Auto;
        }
        return this with { Choice = choice };
    }
}
