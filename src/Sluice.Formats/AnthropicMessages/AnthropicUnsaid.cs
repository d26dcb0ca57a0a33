using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Reports the settings of another format's request for which this format has no word.</summary>
internal static class AnthropicUnsaid
{
    /// <summary>Reports what will not be written.</summary>
    public static void Report(ChatRequest request, AnthropicModelRules rules, LossReport losses, AnthropicRequestUse use)
    {
        losses.Unknown(request.Notes, AnthropicNames.Id, "");
        losses.Unknown(request.ToolChoice?.Notes, AnthropicNames.Id, "tool_choice");
        losses.Unknown(request.AnswerFormat?.Notes, AnthropicNames.Id, "answer_format");
        losses.Unknown(request.Reasoning?.Notes, AnthropicNames.Id, "reasoning");
        if (use == AnthropicRequestUse.CountTokens) return;
        SettingLosses.Report(request, losses, "Anthropic", Settings.ParallelToolCalls | Settings.TopK | Settings.Stop | Settings.User | Settings.ServiceTier);
        if (request.Stop.Any(string.IsNullOrWhiteSpace)) losses.Dropped("stop", "a stop sequence of white space is refused by this format");
        if (request.ServiceTier is { } tier && ServiceTier(request) != tier)
        {
            if (ServiceTier(request) is { } other) losses.Changed("service_tier", $"'{tier}' is '{other}' here");
            else losses.Dropped("service_tier", $"this format has no tier '{tier}'");
        }
    }

    /// <summary>The class of service in this format's words: <c>auto</c> may use priority capacity, <c>standard_only</c> does not.</summary>
    public static string? ServiceTier(ChatRequest request) => request.Notes.IsOwn() ? request.ServiceTier : request.ServiceTier switch
    {
        "auto" or "priority" => "auto",
        "default" or "standard" or "standard_only" => "standard_only",
        _ => null,
    };
}
