using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Reports the settings of another format's request for which this format has no word.</summary>
internal static class AnthropicUnsaid
{
    private const string NoWord = "this format has no such setting";

    /// <summary>Reports what will not be written.</summary>
    public static void Report(ChatRequest request, AnthropicModelRules rules, LossReport losses, AnthropicRequestUse use)
    {
        losses.Unknown(request.Notes, AnthropicNames.Id, "");
        losses.Unknown(request.ToolChoice?.Notes, AnthropicNames.Id, "tool_choice");
        losses.Unknown(request.AnswerFormat?.Notes, AnthropicNames.Id, "answer_format");
        losses.Unknown(request.Reasoning?.Notes, AnthropicNames.Id, "reasoning");
        if (request.PreviousResponseId is not null) losses.Dropped("previous_response_id", "this provider keeps no answers");
        if (request.UsesServerState) losses.Dropped("server_state", "this provider keeps no conversations");
        if (use == AnthropicRequestUse.CountTokens) return;
        Unsaid(losses, "seed", request.Seed is not null);
        Unsaid(losses, "presence_penalty", request.PresencePenalty is not (null or 0));
        Unsaid(losses, "frequency_penalty", request.FrequencyPenalty is not (null or 0));
        Unsaid(losses, "min_p", request.MinP is not null);
        Unsaid(losses, "n", request.CandidateCount is > 1);
        Unsaid(losses, "logprobs", request.Logprobs == true);
        Unsaid(losses, "top_logprobs", request.TopLogprobs is > 0);
        Unsaid(losses, "logit_bias", request.LogitBias is { IsAbsent: false, IsNull: false });
        Unsaid(losses, "metadata", request.Metadata is { IsAbsent: false, IsNull: false });
        Unsaid(losses, "verbosity", request.Verbosity is not null);
        Unsaid(losses, "prompt_cache_key", request.PromptCacheKey is not null);
        Unsaid(losses, "store", request.Store == true);
        Unsaid(losses, "output_modalities", request.OutputModalities.Any(m => m != "text"));
        Unsaid(losses, "audio_output", request.AudioOutput is { IsAbsent: false, IsNull: false });
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

    private static void Unsaid(LossReport losses, string path, bool isSaid)
    {
        if (isSaid) losses.Dropped(path, NoWord);
    }
}
