using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>What a target changes in a request that is translated: default parameters where the client gives none.</summary>
internal sealed class ChatRules
{
    private static readonly FrozenSet<string> Known =
    [
        "temperature", "top_p", "top_k", "min_p", "max_tokens", "seed", "n", "presence_penalty", "frequency_penalty", "stop", "logprobs", "top_logprobs", "logit_bias",
        "user", "metadata", "store", "service_tier", "verbosity", "prompt_cache_key", "reasoning_effort", "parallel_tool_calls",
    ];

    private readonly IReadOnlyDictionary<string, JsonElement> _defaults;

    public ChatRules(TargetModel target) => _defaults = target.Config?.Params ?? target.Provider.Config.Params;

    /// <summary>Whether the chat model has a parameter.</summary>
    public static bool Carries(string parameter) => Known.Contains(parameter);

    /// <summary>The request as the target shall get it.</summary>
    public ChatRequest Apply(ChatRequest request)
    {
        foreach (var (name, value) in _defaults) request = Default(request, name, value);
        return request;
    }

    /// <summary>A request for embeddings as the target shall get it.</summary>
    public EmbeddingRequest Apply(EmbeddingRequest request)
    {
        if (request.Dimensions is null && _defaults.TryGetValue("dimensions", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int dimensions)) request = request with { Dimensions = dimensions };
        if (request.User is null && _defaults.TryGetValue("user", out value) && value.ValueKind == JsonValueKind.String) request = request with { User = value.GetString() };
        return request;
    }

    private static ChatRequest Default(ChatRequest request, string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(request, name, value),
        JsonValueKind.String => Text(request, name, value.GetString()!),
        JsonValueKind.True or JsonValueKind.False => Switch(request, name, value.ValueKind == JsonValueKind.True),
        JsonValueKind.Array when name == "stop" && request.Stop.Count == 0 => request with { Stop = [.. value.EnumerateArray().Select(s => s.ToString())] },
        JsonValueKind.Object when name == "metadata" && request.Metadata.IsAbsent => request with { Metadata = RawJson.From(value) },
        JsonValueKind.Object when name == "logit_bias" && request.LogitBias.IsAbsent => request with { LogitBias = RawJson.From(value) },
        _ => request,
    };

    private static ChatRequest Number(ChatRequest request, string name, JsonElement value) => name switch
    {
        "temperature" => request with { Temperature = request.Temperature ?? value.GetDouble() },
        "top_p" => request with { TopP = request.TopP ?? value.GetDouble() },
        "min_p" => request with { MinP = request.MinP ?? value.GetDouble() },
        "presence_penalty" => request with { PresencePenalty = request.PresencePenalty ?? value.GetDouble() },
        "frequency_penalty" => request with { FrequencyPenalty = request.FrequencyPenalty ?? value.GetDouble() },
        "top_k" when value.TryGetInt64(out long whole) => request with { TopK = request.TopK ?? whole },
        "max_tokens" when value.TryGetInt64(out long whole) => request with { MaxTokens = request.MaxTokens ?? whole },
        "seed" when value.TryGetInt64(out long whole) => request with { Seed = request.Seed ?? whole },
        "n" when value.TryGetInt32(out int whole) => request with { CandidateCount = request.CandidateCount ?? whole },
        "top_logprobs" when value.TryGetInt32(out int whole) => request with { TopLogprobs = request.TopLogprobs ?? whole },
        _ => request,
    };

    private static ChatRequest Text(ChatRequest request, string name, string value) => name switch
    {
        "stop" when request.Stop.Count == 0 => request with { Stop = [value] },
        "user" => request with { User = request.User ?? value },
        "service_tier" => request with { ServiceTier = request.ServiceTier ?? value },
        "verbosity" => request with { Verbosity = request.Verbosity ?? value },
        "prompt_cache_key" => request with { PromptCacheKey = request.PromptCacheKey ?? value },
        "reasoning_effort" when request.Reasoning is null => request with { Reasoning = new ReasoningOptions { Effort = value } },
        _ => request,
    };

    private static ChatRequest Switch(ChatRequest request, string name, bool value) => name switch
    {
        "logprobs" => request with { Logprobs = request.Logprobs ?? value },
        "store" => request with { Store = request.Store ?? value },
        "parallel_tool_calls" => request with { ParallelToolCalls = request.ParallelToolCalls ?? value },
        _ => request,
    };
}
