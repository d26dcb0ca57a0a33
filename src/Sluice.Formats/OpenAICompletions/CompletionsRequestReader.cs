using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAICompletions;

/// <summary>Reads a text completion as a conversation of one message. What a conversation cannot say (<c>suffix</c>, <c>echo</c>, <c>best_of</c>) is kept, and reported by the encoders.</summary>
internal static class CompletionsRequestReader
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(StringComparer.Ordinal,
        "model", "prompt", "max_tokens", "temperature", "top_p", "n", "stream", "stream_options", "logprobs", "stop", "presence_penalty", "frequency_penalty", "logit_bias", "user", "seed");

    /// <summary>Reads a body. Throws <see cref="WireFormatException"/>.</summary>
    public static ChatRequest Read(JsonElement body)
    {
        var notes = new NotesBuilder(WireFormatId.OpenAICompletions);
        notes.Sort(body, Known);
        int? logprobs = body.Int32("logprobs"u8);
        return new ChatRequest
        {
            Model = body.RequiredString("model"u8),
            Messages = [new ChatMessage(Role.User, [new TextPart(ReadPrompt(body))])],
            Stream = body.Boolean("stream"u8) == true,
            IncludeUsage = body.Object("stream_options"u8)?.Boolean("include_usage"u8, "stream_options"),
            MaxTokens = body.Int64("max_tokens"u8),
            Temperature = body.Double("temperature"u8),
            TopP = body.Double("top_p"u8),
            CandidateCount = body.Int32("n"u8),
            Logprobs = logprobs is null ? null : true,
            TopLogprobs = logprobs,
            Stop = ReadStop(body),
            PresencePenalty = body.Double("presence_penalty"u8),
            FrequencyPenalty = body.Double("frequency_penalty"u8),
            LogitBias = body.Raw("logit_bias"u8),
            User = body.String("user"u8),
            Seed = body.Int64("seed"u8),
            Notes = notes.Build(),
        };
    }

    private static string ReadPrompt(JsonElement body)
    {
        var prompt = body.Get("prompt"u8) ?? throw new WireFormatException("prompt", "is missing; a string is required");
        if (prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() == 1) prompt = prompt[0];
        return prompt.ValueKind switch
        {
            JsonValueKind.String => prompt.GetString()!,
            JsonValueKind.Array when prompt.GetArrayLength() > 0 && prompt[0].ValueKind == JsonValueKind.String => throw new WireFormatException("prompt", "must be one prompt: this model's provider takes no lists of them"),
            JsonValueKind.Array or JsonValueKind.Number => throw new WireFormatException("prompt", "must be text: token ids mean nothing to this model's provider"),
            _ => throw new WireFormatException("prompt", "must be a string"),
        };
    }

    private static List<string> ReadStop(JsonElement body)
    {
        if (body.Get("stop"u8) is not { } stop) return [];
        if (stop.ValueKind == JsonValueKind.String) return [stop.GetString()!];
        if (stop.ValueKind != JsonValueKind.Array) throw new WireFormatException("stop", "must be a string or a list of strings");
        var texts = new List<string>();
        foreach (var item in stop.EnumerateArray()) texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw new WireFormatException($"stop[{texts.Count}]", "must be a string"));
        return texts;
    }
}
