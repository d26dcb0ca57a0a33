using Sluice.Chat;

namespace Sluice.Formats.Shared;

/// <summary>
/// Effort and token budget are two scales for one wish. The steps follow the shares that OpenRouter documents for converting effort into a
/// budget (minimal 10 %, low 20 %, medium 50 %, high 80 %, xhigh 95 % of the output limit), over a nominal limit of 16 384 tokens.
/// </summary>
public static class ReasoningScale
{
    /// <summary>The budget, in tokens, that an effort stands for; 0 for <c>none</c>, <see langword="null"/> for an unknown word.</summary>
    public static int? Budget(string effort) => effort switch
    {
        "none" => 0,
        "minimal" => 1638,
        "low" => 3276,
        "medium" => 8192,
        "high" => 13107,
        "xhigh" => 15564,
        "max" => 32768,
        _ => null,
    };

    /// <summary>The effort nearest to a budget in tokens.</summary>
    public static string Effort(int budget) => budget switch
    {
        0 => "none",
        < 0 => "medium",
        <= 2048 => "minimal",
        <= 4096 => "low",
        <= 10240 => "medium",
        _ => "high",
    };

    /// <summary>The effort that a request asks for, by word or by budget; <see langword="null"/> where it leaves it open.</summary>
    public static string? EffortOf(ReasoningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Enabled == false) return "none";
        return options.Effort ?? (options.BudgetTokens is { } budget ? Effort(budget) : options.Wanted == true ? "medium" : null);
    }

    /// <summary>The budget that a request asks for; <see langword="null"/> where it leaves it open.</summary>
    public static int? BudgetOf(ReasoningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Enabled == false) return 0;
        return options.BudgetTokens ?? (options.Effort is { } effort ? Budget(effort) ?? Budget("medium") : options.Wanted == true ? Budget("medium") : null);
    }
}
