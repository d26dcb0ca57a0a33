using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Writes <c>thinkingConfig</c>: a budget in tokens for 2.5, a level for 3 and later, nothing for models that do not think.</summary>
internal static class GeminiThinking
{
    private const string Prefix = "generationConfig.thinkingConfig.";

    public static void WriteOwn(Utf8JsonWriter writer, ReasoningOptions? options, GeminiNotes notes)
    {
        if (options is null && !notes.Has("thinkingConfig")) return;
        writer.WriteStartObject(notes.Name("thinkingConfig", "generationConfig."));
        if (options?.BudgetTokens is { } budget) writer.WriteNumber(notes.Name("thinkingBudget", Prefix), budget);
        if (notes.Value("thinkingLevel") is { } spelled && (options?.Effort is null || string.Equals(spelled, options.Effort, StringComparison.OrdinalIgnoreCase))) writer.WriteString(notes.Name("thinkingLevel", Prefix), spelled);
        else if (options?.Effort is { } effort) writer.WriteString("thinkingLevel"u8, effort.ToUpperInvariant());
        if (options?.IncludeText is { } include) writer.WriteBoolean(notes.Name("includeThoughts", Prefix), include);
        notes.WriteFields(writer, Prefix);
        writer.WriteEndObject();
    }

    public static void WriteForeign(Utf8JsonWriter writer, ReasoningOptions options, TranslationContext context)
    {
        var model = GeminiModels.Of(context.UpstreamModel);
        if (options.Wanted is null && options.IncludeText != true) return;
        if (model.Thinking == ThinkingControl.None)
        {
            if (options.Wanted != false) context.Losses.Dropped("reasoning", "this model does not think");
            return;
        }
        writer.WriteStartObject("thinkingConfig"u8);
        if (options.Wanted is not null)
        {
            if (model.Thinking == ThinkingControl.Budget) writer.WriteNumber("thinkingBudget"u8, Budget(options, model, context.Losses));
            else if (Level(options, model, context.Losses) is { } level) writer.WriteString("thinkingLevel"u8, level.ToUpperInvariant());
        }
        if (options.Wanted != false && options.IncludeText != false) writer.WriteBoolean("includeThoughts"u8, true);
        writer.WriteEndObject();
    }

    // -1: the model decides.
    private static int Budget(ReasoningOptions options, GeminiModels model, LossReport losses)
    {
        if (options is { Enabled: not false, Effort: null, BudgetTokens: null or < 0 }) return -1;
        int wanted = ReasoningScale.BudgetOf(options) ?? -1;
        if (wanted < 0 || (wanted == 0 && model.CanStopThinking)) return wanted;
        int budget = Math.Clamp(wanted, model.MinBudget, model.MaxBudget);
        if (budget != wanted && (wanted == 0 || options.BudgetTokens is not null)) losses.Changed("reasoning.budget_tokens", $"this model takes {model.MinBudget} to {model.MaxBudget} tokens: {budget} instead of {wanted}");
        return budget;
    }

    private static string? Level(ReasoningOptions options, GeminiModels model, LossReport losses)
    {
        if (options is { Enabled: not false, Effort: null, BudgetTokens: null or < 0 }) return null;
        string wanted = ReasoningScale.EffortOf(options) ?? "medium";
        string level = wanted switch
        {
            "none" or "minimal" => model.LowestLevel,
            "low" or "medium" or "high" => wanted,
            "xhigh" or "max" => "high",
            _ => "medium",
        };
        if (level != wanted && options.BudgetTokens is null) losses.Changed("reasoning.effort", $"this model's levels have no '{wanted}': '{level}' instead");
        return level;
    }
}
