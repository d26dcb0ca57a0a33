using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reports the settings of a request of another format that this one has no place for.</summary>
internal static class GeminiLosses
{
    public static void Report(ChatRequest request, TranslationContext context)
    {
        var losses = context.Losses;
        losses.Unknown(request.Notes, WireFormatId.GeminiGenerate, "");
        losses.Unknown(request.AnswerFormat?.Notes, WireFormatId.GeminiGenerate, "response_format");
        losses.Unknown(request.Reasoning?.Notes, WireFormatId.GeminiGenerate, "reasoning");
        losses.Unknown(request.ToolChoice?.Notes, WireFormatId.GeminiGenerate, "tool_choice");
        Drop(request.MinP is not null, "min_p");
        Drop(!request.LogitBias.IsAbsent, "logit_bias");
        Drop(request.User is not null, "user");
        Drop(!request.Metadata.IsAbsent, "metadata");
        Drop(request.Verbosity is not null, "verbosity");
        Drop(request.PromptCacheKey is not null, "prompt_cache_key");
        Drop(request.Store == true, "store");
        Drop(request.PreviousResponseId is not null, "previous_response_id");
        Drop(!request.AudioOutput.IsAbsent, "audio");
        if (request.ParallelToolCalls == false) losses.Dropped("parallel_tool_calls", "Gemini cannot be held to one call at a time");
        if (request.ServiceTier is { } tier && (GeminiServiceTiers.FromNeutral(tier) is null || (context.Vendor == "vertex" && tier is not ("auto" or "default")))) losses.Dropped("service_tier", "Gemini has no such class of service");

        void Drop(bool isSet, string path)
        {
            if (isSet) losses.Dropped(path, "Gemini has no such setting");
        }
    }
}
