using System.Collections.Frozen;
using System.Globalization;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>How a model is told to think.</summary>
internal enum ThinkingStyle
{
    /// <summary>It cannot.</summary>
    None,

    /// <summary><c>thinking: {type: enabled, budget_tokens}</c>.</summary>
    Budget,

    /// <summary>A budget, or adaptive.</summary>
    Either,

    /// <summary><c>thinking: {type: adaptive}</c> with <c>output_config.effort</c>; a budget is refused.</summary>
    Adaptive,
}

/// <summary>
/// What a model family accepts, by the vendor's model overviews and the deprecation notes of its SDK. Applied only to requests that came
/// in another format: who speaks this one says what it means.
/// </summary>
internal sealed record AnthropicModelRules
{
    private static readonly string[] UpToHigh = ["low", "medium", "high"];
    private static readonly string[] UpToHighAndMax = ["low", "medium", "high", "max"];
    private static readonly string[] All = ["low", "medium", "high", "xhigh", "max"];

    private static readonly AnthropicModelRules Old = new();
    private static readonly AnthropicModelRules Budgeted = Old with { Thinking = ThinkingStyle.Budget };
    private static readonly AnthropicModelRules Structured = Budgeted with { HasStructuredOutput = true, OneSampler = true };
    private static readonly AnthropicModelRules Mixed = Structured with { Thinking = ThinkingStyle.Either, Efforts = UpToHighAndMax };
    private static readonly AnthropicModelRules Adaptive = new() { Thinking = ThinkingStyle.Adaptive, Efforts = All, HasStructuredOutput = true, HasFixedSampling = true };
    private static readonly AnthropicModelRules AdaptiveWithSystem = Adaptive with { TakesSystemInPlace = true };
    private static readonly AnthropicModelRules Thinker = AdaptiveWithSystem with { ThinksByDefault = true };
    private static readonly AnthropicModelRules AlwaysThinker = Thinker with { CanDisableThinking = false, CanForceTools = false };

    // Servers of other makers that speak this format: their own models take every parameter, and a budget.
    private static readonly AnthropicModelRules Foreign = new() { Thinking = ThinkingStyle.Budget, HasStructuredOutput = true };

    /// <summary>By family, newest first: the first row whose version is not above the model's counts.</summary>
    private static readonly FrozenDictionary<string, (double Version, AnthropicModelRules Rules)[]> Families = new Dictionary<string, (double, AnthropicModelRules)[]>
    {
        ["opus"] = [(5.5, AlwaysThinker), (5, Thinker), (4.8, AdaptiveWithSystem), (4.7, Adaptive), (4.6, Mixed), (4.5, Structured with { Efforts = UpToHigh }), (4.1, Structured), (4, Budgeted), (0, Old)],
        ["sonnet"] = [(5.5, AlwaysThinker), (5, Thinker), (4.6, Mixed), (4.5, Structured), (3.7, Budgeted), (0, Old)],
        ["haiku"] = [(5, Thinker), (4.5, Structured), (0, Old)],
        ["fable"] = [(0, AlwaysThinker)],
        ["mythos"] = [(0, AlwaysThinker)],
        ["instant"] = [(0, Old)],
        ["2"] = [(0, Old)],
    }.ToFrozenDictionary();

    /// <summary>How it is told to think.</summary>
    public ThinkingStyle Thinking { get; private init; }

    /// <summary>It thinks when <c>thinking</c> is left out.</summary>
    public bool ThinksByDefault { get; private init; }

    /// <summary><c>thinking: {type: disabled}</c> is accepted.</summary>
    public bool CanDisableThinking { get; private init; } = true;

    /// <summary>The words for <c>output_config.effort</c>, from least to most; empty where it has none.</summary>
    public IReadOnlyList<string> Efforts { get; private init; } = [];

    /// <summary>Any <c>temperature</c> but 1, a <c>top_p</c> below 0.99 and every <c>top_k</c> give 400.</summary>
    public bool HasFixedSampling { get; private init; }

    /// <summary>Only one of <c>temperature</c> and <c>top_p</c> is accepted.</summary>
    public bool OneSampler { get; private init; }

    /// <summary><c>tool_choice</c> any and tool are accepted (while not thinking by a budget).</summary>
    public bool CanForceTools { get; private init; } = true;

    /// <summary><c>output_config.format</c> and strict tools are accepted.</summary>
    public bool HasStructuredOutput { get; private init; }

    /// <summary>Messages of role system may stand in the middle of a conversation.</summary>
    public bool TakesSystemInPlace { get; private init; }

    /// <summary>The rules of a model, by its name as any host spells it (<c>claude-opus-4-5-20251101</c>, <c>claude-3-7-sonnet-latest</c>, <c>us.anthropic.claude-sonnet-4-5-v1:0</c>, <c>claude-opus-4.6</c>). An unknown Claude counts as the newest.</summary>
    public static AnthropicModelRules Of(string model)
    {
        int start = model.IndexOf("claude", StringComparison.OrdinalIgnoreCase);
        if (start < 0) return Foreign;
        string? family = null;
        var numbers = new List<int>();
        foreach (string word in model[start..].ToLowerInvariant().Split('-', '.', '_', '@', ':'))
        {
            if (word.Length <= 2 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) numbers.Add(number);
            else if (Families.ContainsKey(word)) family ??= word;
            else if (word.Length >= 6 && numbers.Count > 0) break;
        }
        if (family is null && numbers is [2, ..]) return Old;
        if (family is null || !Families.TryGetValue(family, out var rows)) return AlwaysThinker;
        if (numbers.Count == 0) return rows[0].Rules;
        double version = numbers[0] + (numbers.Count > 1 ? numbers[1] / 10.0 : 0);
        return Array.Find(rows, r => r.Version <= version).Rules;
    }
}
