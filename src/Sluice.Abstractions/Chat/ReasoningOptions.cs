using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>How much the model shall reason, and what of it is shown. Formats say this by effort, by budget or by a switch; encoders convert.</summary>
public sealed record ReasoningOptions
{
    /// <summary>True or false where the request says so; <see langword="null"/> where it only sets effort or budget.</summary>
    public bool? Enabled { get; init; }

    /// <summary><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c>, <c>max</c> or a vendor's own word.</summary>
    public string? Effort { get; init; }

    /// <summary>Most tokens to reason with. -1 means the model decides (Gemini).</summary>
    public int? BudgetTokens { get; init; }

    /// <summary>True for a model that decides by itself how long to think (Anthropic <c>adaptive</c>).</summary>
    public bool IsAdaptive { get; init; }

    /// <summary>The summary that is wanted: <c>auto</c>, <c>concise</c>, <c>detailed</c> (OpenAI Responses).</summary>
    public string? Summary { get; init; }

    /// <summary>Reasoning is to be shown in the answer (Gemini <c>includeThoughts</c>).</summary>
    public bool? IncludeText { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }

    /// <summary>True when the request asks for reasoning, false when it asks for none, <see langword="null"/> when it leaves it open.</summary>
    public bool? Wanted => Enabled ?? (Effort, BudgetTokens, IsAdaptive) switch
    {
        ("none", _, _) => false,
        (not null, _, _) => true,
        (_, 0, _) => false,
        (_, not null, _) => true,
        (_, _, true) => true,
        _ => null,
    };
}
