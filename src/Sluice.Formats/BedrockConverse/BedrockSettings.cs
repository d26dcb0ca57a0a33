using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.AnthropicMessages;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>The parameters as the model's maker takes them: the common ones, and those in <c>additionalModelRequestFields</c>.</summary>
internal sealed record BedrockSettings
{
    private AnthropicSettings? _claude;
    private string? _novaEffort;
    private string? _gptOssEffort;
    private long? _topK;
    private bool _isNova;

    public long? MaxTokens { get; private init; }

    public double? Temperature { get; private init; }

    public double? TopP { get; private init; }

    public ToolChoice? Choice { get; private init; }

    /// <summary>The settings of a request.</summary>
    public static BedrockSettings Of(ChatRequest request, BedrockModel model, TranslationContext context)
    {
        if (!model.IsClaude) return OfOthers(request, model, context.Losses);
        var fitted = AnthropicSettings.Fit(request, AnthropicModelRules.Of(context.UpstreamModel), context.Losses, context.MaxOutputTokens);
        return new BedrockSettings
        {
            _claude = fitted,
            _topK = fitted.TopK,
            // The limit is no mandatory field here: the model's own holds where none was given.
            MaxTokens = request.MaxTokens is null && fitted.Budget is null ? null : fitted.MaxTokens,
            Temperature = fitted.Temperature,
            TopP = fitted.TopP,
            Choice = fitted.Choice,
        };
    }

    /// <summary>Writes <c>additionalModelRequestFields</c>, where there are any.</summary>
    public void WriteModelFields(Utf8JsonWriter writer)
    {
        if (_claude?.ThinkingType is null && _claude?.Effort is null && _novaEffort is null && _gptOssEffort is null && _topK is null) return;
        writer.WriteStartObject("additionalModelRequestFields"u8);
        if (_claude is { ThinkingType: { } thinking })
        {
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, thinking);
            if (_claude.Budget is { } budget) writer.WriteNumber("budget_tokens"u8, budget);
            if (_claude.Display is { } display) writer.WriteString("display"u8, display);
            writer.WriteEndObject();
        }
        if (_claude?.Effort is { } effort)
        {
            writer.WriteStartObject("output_config"u8);
            writer.WriteString("effort"u8, effort);
            writer.WriteEndObject();
        }
        if (_novaEffort is not null)
        {
            writer.WriteStartObject("reasoningConfig"u8);
            writer.WriteString("type"u8, _novaEffort == "none" ? "disabled" : "enabled");
            if (_novaEffort != "none") writer.WriteString("maxReasoningEffort"u8, _novaEffort);
            writer.WriteEndObject();
        }
        if (_gptOssEffort is not null) writer.WriteString("reasoning_effort"u8, _gptOssEffort);
        if (_topK is { } k) WriteTopK(writer, k);
        writer.WriteEndObject();
    }

    private static BedrockSettings OfOthers(ChatRequest request, BedrockModel model, LossReport losses)
    {
        double? temperature = request.Temperature;
        if (temperature > 1)
        {
            losses.Changed("temperature", "at most 1 in this format");
            temperature = 1;
        }
        if (request.TopK is not null && !model.IsNova) losses.Dropped("top_k", "not a common parameter of this format");
        string? effort = request.Reasoning is null ? null : Effort(request.Reasoning, model, losses);
        var choice = request.ToolChoice;
        if (choice?.Mode == "allowed")
        {
            losses.Changed("tool_choice", "this format cannot name several tools to choose from");
            choice = choice.AllowedRequired ? ToolChoice.Required : ToolChoice.Auto;
        }
        return new BedrockSettings
        {
            _isNova = model.IsNova,
            _topK = model.IsNova ? request.TopK : null,
            _novaEffort = model.IsNova2 ? effort : null,
            _gptOssEffort = model.IsGptOss ? effort : null,
            MaxTokens = request.MaxTokens,
            Temperature = temperature,
            TopP = request.TopP,
            Choice = choice,
        };
    }

    private static string? Effort(ReasoningOptions reasoning, BedrockModel model, LossReport losses)
    {
        if (ReasoningScale.EffortOf(reasoning) is not { } wanted) return null;
        if (!model.IsNova2 && !model.IsGptOss)
        {
            if (wanted != "none") losses.Dropped("reasoning", "this model takes no reasoning settings");
            return null;
        }
        if (wanted == "none" && model.IsNova2) return wanted;
        string fitted = wanted switch { "none" or "minimal" or "low" => "low", "medium" => "medium", _ => "high" };
        if (fitted != wanted) losses.Changed("reasoning.effort", $"this model has no effort '{wanted}': {fitted} was sent");
        return fitted;
    }

    private void WriteTopK(Utf8JsonWriter writer, long k)
    {
        if (!_isNova)
        {
            writer.WriteNumber("top_k"u8, k);
            return;
        }
        writer.WriteStartObject("inferenceConfig"u8);
        writer.WriteNumber("topK"u8, k);
        writer.WriteEndObject();
    }
}
