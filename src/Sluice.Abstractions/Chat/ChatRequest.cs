using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>A request for an answer, neutral of any wire format. An absent setting means the provider's default; nothing is invented.</summary>
public sealed record ChatRequest
{
    /// <summary>The model as the client named it; the encoder writes <see cref="TranslationContext.UpstreamModel"/>.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation, instructions included, in position.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Tools that the model may use.</summary>
    public IReadOnlyList<Tool> Tools { get; init; } = [];

    /// <summary>Whether and which tool must be called.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>False: at most one call in an answer.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>The form of answer that is asked for.</summary>
    public AnswerFormat? AnswerFormat { get; init; }

    /// <summary>How much the model shall reason.</summary>
    public ReasoningOptions? Reasoning { get; init; }

    /// <summary>True when the answer is to be streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>True when a streaming client asked for a usage report of its own (OpenAI <c>stream_options.include_usage</c>).</summary>
    public bool? IncludeUsage { get; init; }

    /// <summary>Most tokens of output, reasoning included.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>Sampling temperature.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling.</summary>
    public double? TopP { get; init; }

    /// <summary>Sampling among the k likeliest tokens.</summary>
    public long? TopK { get; init; }

    /// <summary>Sampling above a share of the likeliest token's probability.</summary>
    public double? MinP { get; init; }

    /// <summary>For repeatable sampling. Up to 19 digits were seen on the wire.</summary>
    public long? Seed { get; init; }

    /// <summary>Penalty for tokens that were used at all.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>Penalty for tokens by how often they were used.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How many candidates are wanted (OpenAI <c>n</c>).</summary>
    public int? CandidateCount { get; init; }

    /// <summary>True when token probabilities are wanted.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>How many alternatives a token.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Bias by token id, as a JSON object; absent where none.</summary>
    public RawJson LogitBias { get; init; }

    /// <summary>The end user, for abuse detection.</summary>
    public string? User { get; init; }

    /// <summary>Labels of the client, as a JSON object; absent where none.</summary>
    public RawJson Metadata { get; init; }

    /// <summary>The class of service that is asked for.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Whether the provider may keep the answer for later use.</summary>
    public bool? Store { get; init; }

    /// <summary>How wordy the answer shall be (OpenAI <c>verbosity</c>).</summary>
    public string? Verbosity { get; init; }

    /// <summary>A hint by which the provider finds cached prompts again (OpenAI, Mistral <c>prompt_cache_key</c>).</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>What the answer may consist of: <c>text</c>, <c>audio</c>, <c>image</c>. Empty for the default.</summary>
    public IReadOnlyList<string> OutputModalities { get; init; } = [];

    /// <summary>Voice and encoding of an audio answer as the format spells it; absent where none.</summary>
    public RawJson AudioOutput { get; init; }

    /// <summary>An earlier answer that the provider keeps and this request continues (Responses <c>previous_response_id</c>).</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>True when the request leans on other state that a provider keeps (a Responses <c>conversation</c>, a Gemini <c>cachedContent</c>).</summary>
    public bool UsesServerState { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}
