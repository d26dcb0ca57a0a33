using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Reads a request (platform.openai.com/docs/api-reference/chat/create), with the parameters that vendors of the same shape add: <c>top_k</c>, <c>min_p</c>,
/// OpenRouter's <c>reasoning</c>, DeepSeek's and Z.ai's <c>thinking</c>, Mistral's <c>random_seed</c>.
/// </summary>
internal sealed class ChatRequestReader(ChatDialect dialect)
{
    /// <summary>Reads a body. Throws <see cref="WireFormatException"/>.</summary>
    public ChatRequest Read(JsonElement body)
    {
        var notes = new NotesBuilder(dialect.Id);
        notes.Sort(body, ChatMembers.Request);
        if (body.Boolean("stream"u8) == false) notes.Spell("~stream");
        var tools = new ChatToolReader(dialect);
        return new ChatRequest
        {
            Model = body.RequiredString("model"u8),
            Messages = ReadMessages(body),
            Tools = tools.ReadTools(body),
            ToolChoice = tools.ReadChoice(body),
            ParallelToolCalls = body.Boolean("parallel_tool_calls"u8),
            AnswerFormat = ReadFormat(body),
            Reasoning = ReadReasoning(body, notes),
            Stream = body.Boolean("stream"u8) == true,
            IncludeUsage = ReadIncludeUsage(body, notes),
            MaxTokens = ReadLimit(body, notes),
            Temperature = body.Double("temperature"u8),
            TopP = body.Double("top_p"u8),
            TopK = body.Int64("top_k"u8),
            MinP = body.Double("min_p"u8),
            Seed = ReadSeed(body, notes),
            PresencePenalty = body.Double("presence_penalty"u8),
            FrequencyPenalty = body.Double("frequency_penalty"u8),
            Stop = ReadStop(body, notes),
            CandidateCount = body.Int32("n"u8),
            Logprobs = body.Boolean("logprobs"u8),
            TopLogprobs = body.Int32("top_logprobs"u8),
            LogitBias = body.Raw("logit_bias"u8),
            User = body.String("user"u8),
            Metadata = body.Raw("metadata"u8),
            ServiceTier = body.String("service_tier"u8),
            Store = body.Boolean("store"u8),
            Verbosity = body.String("verbosity"u8),
            PromptCacheKey = body.String("prompt_cache_key"u8),
            OutputModalities = ReadTexts(body.Array("modalities"u8), "modalities"),
            AudioOutput = body.Raw("audio"u8),
            Notes = notes.Build(),
        };
    }

    private List<ChatMessage> ReadMessages(JsonElement body)
    {
        var messages = body.Array("messages"u8) ?? throw new WireFormatException("messages", "is missing; a list of messages is required");
        var reader = new ChatMessageReader(dialect);
        var read = new List<ChatMessage>(messages.GetArrayLength());
        foreach (var message in messages.EnumerateArray()) read.Add(reader.Read(message, read.Count));
        return read;
    }

    private AnswerFormat? ReadFormat(JsonElement body)
    {
        if (body.Object("response_format"u8) is not { } format) return null;
        string type = format.RequiredString("type"u8, "response_format");
        var notes = new NotesBuilder(dialect.Id);
        notes.Sort(format, ChatMembers.ResponseFormat);
        var schema = type == "json_schema" ? format.Object("json_schema"u8, "response_format") ?? throw new WireFormatException("response_format.json_schema", "is missing; an object is required") : default;
        if (schema.ValueKind == JsonValueKind.Object) notes.Sort(schema, ChatMembers.JsonSchema, "json_schema.");
        return new AnswerFormat(type == "json_object" ? "json" : type)
        {
            Name = schema.String("name"u8, "response_format.json_schema"),
            Description = schema.String("description"u8, "response_format.json_schema"),
            Schema = schema.Raw("schema"u8),
            Strict = schema.Boolean("strict"u8, "response_format.json_schema"),
            Notes = notes.Build(),
        };
    }

    // Three ways to say it; the more exact one counts, and what another says beside it is kept as it stands.
    private ReasoningOptions? ReadReasoning(JsonElement body, NotesBuilder request)
    {
        var notes = new NotesBuilder(dialect.Id);
        string? effort = body.String("reasoning_effort"u8);
        var router = body.Get("reasoning"u8) is { ValueKind: JsonValueKind.Object } r ? r : default;
        var thinking = body.Get("thinking"u8) is { ValueKind: JsonValueKind.Object } t ? t : default;
        if (body.Get("reasoning"u8) is { ValueKind: not JsonValueKind.Object } odd) request.Keep("reasoning", RawJson.From(odd));
        if (body.Get("thinking"u8) is { ValueKind: not JsonValueKind.Object } oddThinking) request.Keep("thinking", RawJson.From(oddThinking));
        bool promptMode = body.Text("prompt_mode"u8) == "reasoning";
        if (body.Get("prompt_mode"u8) is { } mode) notes.Spell("~prompt_mode", mode.GetRawText());
        if (effort is null && router.ValueKind == JsonValueKind.Undefined && thinking.ValueKind == JsonValueKind.Undefined && !promptMode) return null;
        if (effort is not null) notes.Spell("~reasoning_effort", "true");
        if (router.ValueKind == JsonValueKind.Object)
        {
            notes.Spell("~reasoning", router.GetRawText());
            ReadUnknown(router, ChatMembers.Reasoning, "reasoning", notes);
        }
        if (thinking.ValueKind == JsonValueKind.Object)
        {
            notes.Spell("~thinking", thinking.GetRawText());
            ReadUnknown(thinking, ChatMembers.Thinking, "thinking", notes);
        }
        return new ReasoningOptions
        {
            Effort = effort ?? router.Text("effort"u8),
            BudgetTokens = (router.Count("max_tokens"u8) ?? thinking.Count("budget_tokens"u8)) is { } budget ? (int)Math.Clamp(budget, -1, int.MaxValue) : null,
            Enabled = EnabledBy(router, thinking) ?? (promptMode ? true : null),
            IncludeText = router.ValueKind == JsonValueKind.Object && router.Boolean("exclude"u8, "reasoning") is { } exclude ? !exclude : null,
            Notes = notes.Build(),
        };
    }

    private static void ReadUnknown(JsonElement value, FrozenSet<string> known, string prefix, NotesBuilder notes)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (!known.Contains(member.Name)) notes.Keep($"{prefix}.{member.Name}", RawJson.From(member.Value));
        }
    }

    private static bool? EnabledBy(JsonElement router, JsonElement thinking)
    {
        if (router.ValueKind == JsonValueKind.Object && router.Boolean("enabled"u8, "reasoning") is { } enabled) return enabled;
        return thinking.Text("type"u8) switch { null => null, "disabled" => false, _ => true };
    }

    private static bool? ReadIncludeUsage(JsonElement body, NotesBuilder notes)
    {
        if (body.Object("stream_options"u8) is not { } options) return null;
        if (options.GetPropertyCount() == 0) return null;
        notes.Spell("~stream_options");
        notes.Sort(options, ChatMembers.StreamOptions, "stream_options.");
        return options.Boolean("include_usage"u8, "stream_options");
    }

    // `max_completion_tokens` counts where both are given, as at OpenAI; the other is kept.
    private static long? ReadLimit(JsonElement body, NotesBuilder notes)
    {
        long? old = body.Int64("max_tokens"u8), limit = body.Int64("max_completion_tokens"u8);
        if (limit is null && old is null) return null;
        notes.Spell("~limit", limit is null ? "\"max_tokens\"" : "\"max_completion_tokens\"");
        if (limit is not null && old is not null) notes.Keep("max_tokens", RawJson.From(body.GetProperty("max_tokens")));
        return limit ?? old;
    }

    private long? ReadSeed(JsonElement body, NotesBuilder notes)
    {
        bool isMistral = dialect.SeedMember == "random_seed";
        long? own = isMistral ? body.Int64("random_seed"u8) : body.Int64("seed"u8);
        long? other = own is not null ? null : isMistral ? body.Int64("seed"u8) : body.Int64("random_seed"u8);
        if (other is not null) notes.Spell("~seed", isMistral ? "\"seed\"" : "\"random_seed\"");
        return own ?? other;
    }

    private static List<string> ReadStop(JsonElement body, NotesBuilder notes)
    {
        if (body.Get("stop"u8) is not { } stop) return [];
        if (stop.ValueKind == JsonValueKind.Array) return ReadTexts(stop, "stop");
        if (stop.ValueKind != JsonValueKind.String) throw new WireFormatException("stop", "must be a string or a list of strings");
        notes.Spell("~stop");
        return [stop.GetString()!];
    }

    private static List<string> ReadTexts(JsonElement? list, string path)
    {
        var texts = new List<string>();
        foreach (var item in list?.EnumerateArray() ?? default)
        {
            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw new WireFormatException($"{path}[{texts.Count}]", "must be a string"));
        }
        return texts;
    }
}
