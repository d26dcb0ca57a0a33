using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>Settings of a request that not every format has.</summary>
[Flags]
internal enum Settings
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><see cref="ChatRequest.ParallelToolCalls"/>.</summary>
    ParallelToolCalls = 1,

    /// <summary><see cref="ChatRequest.TopK"/>.</summary>
    TopK = 1 << 1,

    /// <summary><see cref="ChatRequest.MinP"/>.</summary>
    MinP = 1 << 2,

    /// <summary><see cref="ChatRequest.Seed"/>.</summary>
    Seed = 1 << 3,

    /// <summary><see cref="ChatRequest.PresencePenalty"/> and <see cref="ChatRequest.FrequencyPenalty"/>.</summary>
    Penalties = 1 << 4,

    /// <summary><see cref="ChatRequest.Stop"/>.</summary>
    Stop = 1 << 5,

    /// <summary><see cref="ChatRequest.Logprobs"/>.</summary>
    Logprobs = 1 << 6,

    /// <summary><see cref="ChatRequest.TopLogprobs"/>.</summary>
    TopLogprobs = 1 << 7,

    /// <summary><see cref="ChatRequest.User"/>.</summary>
    User = 1 << 8,

    /// <summary><see cref="ChatRequest.Metadata"/>.</summary>
    Metadata = 1 << 9,

    /// <summary><see cref="ChatRequest.ServiceTier"/>.</summary>
    ServiceTier = 1 << 10,
}

/// <summary>Reports the settings that a format cannot say, one by one.</summary>
internal static class SettingLosses
{
    /// <summary>True for an object that says something: an empty one changes nothing.</summary>
    public static bool HasMembers(RawJson json) => !json.IsAbsent && !json.IsNull && json.ToElement() is var element && (element.ValueKind != System.Text.Json.JsonValueKind.Object || element.EnumerateObject().Any());

    /// <summary>Reports every setting of <paramref name="request"/> that is used and that the format does not have.</summary>
    /// <param name="request">The request.</param>
    /// <param name="losses">Where to report.</param>
    /// <param name="format">The format's name for users.</param>
    /// <param name="has">What the format has.</param>
    public static void Report(ChatRequest request, LossReport losses, string format, Settings has)
    {
        void Lost(string path, bool used)
        {
            if (used) losses.Dropped(path, $"{format} has no such setting");
        }

        void Missing(string path, Settings setting, bool used) => Lost(path, used && !has.HasFlag(setting));

        Missing("parallel_tool_calls", Settings.ParallelToolCalls, request.ParallelToolCalls == false);
        Missing("top_k", Settings.TopK, request.TopK is not null);
        Missing("min_p", Settings.MinP, request.MinP is not null);
        Missing("seed", Settings.Seed, request.Seed is not null);
        Missing("presence_penalty", Settings.Penalties, request.PresencePenalty is not (null or 0));
        Missing("frequency_penalty", Settings.Penalties, request.FrequencyPenalty is not (null or 0));
        Missing("stop", Settings.Stop, request.Stop.Count > 0);
        Missing("logprobs", Settings.Logprobs, request.Logprobs == true);
        Missing("top_logprobs", Settings.TopLogprobs, request.TopLogprobs > 0);
        Lost("n", request.CandidateCount > 1);
        Lost("logit_bias", HasMembers(request.LogitBias));
        Missing("user", Settings.User, request.User is not null);
        Missing("metadata", Settings.Metadata, HasMembers(request.Metadata));
        Missing("service_tier", Settings.ServiceTier, request.ServiceTier is not (null or "auto" or "default"));
        Lost("store", request.Store == true);
        Lost("verbosity", request.Verbosity is not null);
        Lost("prompt_cache_key", request.PromptCacheKey is not null);
        Lost("modalities", request.OutputModalities.Any(m => m != "text"));
        Lost("audio", !request.AudioOutput.IsAbsent);
        Lost("previous_response_id", request.PreviousResponseId is not null);
        Lost("server_state", request.UsesServerState);
    }
}
