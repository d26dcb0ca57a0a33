using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>What a target changes in a chat request: default parameters where the client gives none.</summary>
internal sealed class ChatRules
{
    private readonly IReadOnlyDictionary<string, JsonElement> _defaults;

    public ChatRules(TargetModel target) => _defaults = target.Config?.Params ?? target.Provider.Config.Params;

    /// <summary>The request as the target shall get it; changes of what the client wrote are reported.</summary>
    public ChatRequest Apply(ChatRequest request, LossReport losses)
    {
        foreach (var (name, value) in _defaults) request = Default(request, name, value);
        return request;
    }

    private static ChatRequest Default(ChatRequest request, string name, JsonElement value) => (name, value.ValueKind) switch
    {
        ("temperature", JsonValueKind.Number) => request with { Temperature = request.Temperature ?? value.GetDouble() },
        ("top_p", JsonValueKind.Number) => request with { TopP = request.TopP ?? value.GetDouble() },
        ("top_k", JsonValueKind.Number) => request with { TopK = request.TopK ?? value.GetInt64() },
        ("max_tokens", JsonValueKind.Number) => request with { MaxTokens = request.MaxTokens ?? value.GetInt64() },
        ("seed", JsonValueKind.Number) => request with { Seed = request.Seed ?? value.GetInt64() },
        ("presence_penalty", JsonValueKind.Number) => request with { PresencePenalty = request.PresencePenalty ?? value.GetDouble() },
        ("frequency_penalty", JsonValueKind.Number) => request with { FrequencyPenalty = request.FrequencyPenalty ?? value.GetDouble() },
        ("stop", JsonValueKind.Array) when request.Stop.Count == 0 => request with { Stop = [.. value.EnumerateArray().Select(s => s.GetString() ?? "")] },
        ("stop", JsonValueKind.String) when request.Stop.Count == 0 => request with { Stop = [value.GetString()!] },
        _ => request,
    };
}
