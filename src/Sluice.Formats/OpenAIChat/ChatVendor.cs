namespace Sluice.Formats.OpenAIChat;

/// <summary>Where the vendors of the Chat Completions shape differ in what they accept. Facts of single models are parameter rules, not codec.</summary>
internal sealed record ChatVendor
{
    private static readonly ChatVendor Plain = new();

    /// <summary>OpenAI itself, or Azure.</summary>
    public bool IsOpenAI { get; private init; }

    /// <summary>The name of the output limit: OpenAI deprecates <c>max_tokens</c>, most others know nothing else.</summary>
    public string MaxTokensMember { get; private init; } = "max_tokens";

    /// <summary>The member that takes earlier reasoning back as text; <see langword="null"/> where the vendor takes none.</summary>
    public string? ReasoningMember { get; private init; }

    /// <summary>Takes <c>reasoning_details</c> with signatures back (OpenRouter).</summary>
    public bool TakesReasoningDetails { get; private init; }

    /// <summary>Takes the object <c>reasoning</c> in place of <c>reasoning_effort</c> (OpenRouter).</summary>
    public bool TakesReasoningObject { get; private init; }

    /// <summary>Takes the object <c>thinking</c> as the switch (DeepSeek, Z.ai).</summary>
    public bool TakesThinkingSwitch { get; private init; }

    /// <summary>Takes <c>top_k</c> and <c>min_p</c>.</summary>
    public bool TakesTopK { get; private init; }

    /// <summary>Takes prompt-cache markers on content and tools.</summary>
    public bool TakesCacheControl { get; private init; }

    /// <summary>Takes text as a list of parts in every role.</summary>
    public bool TakesTextLists { get; private init; }

    /// <summary>Takes addresses of documents in <c>file_data</c> (OpenRouter).</summary>
    public bool TakesDocumentUrls { get; private init; }

    /// <summary>Takes <c>video_url</c> parts.</summary>
    public bool TakesVideo { get; private init; }

    /// <summary>Takes Gemini's thought signatures in <c>extra_content</c> (ai.google.dev/gemini-api/docs/openai).</summary>
    public bool TakesThoughtSignatures { get; private init; }

    /// <summary>The same with earlier reasoning in this member; <see langword="null"/> leaves it as it is.</summary>
    public ChatVendor WithReasoningIn(string? member) => member is null ? this : this with { ReasoningMember = member };

    /// <summary>The facts of a vendor; the careful ones for an unknown name.</summary>
    public static ChatVendor Of(string vendor) => vendor switch
    {
        "openai" or "openai-responses" or "azure" => Plain with { IsOpenAI = true, MaxTokensMember = "max_completion_tokens", TakesTextLists = true },
        "openrouter" => Plain with
        {
            TakesReasoningDetails = true, TakesReasoningObject = true, ReasoningMember = "reasoning", TakesTopK = true, TakesCacheControl = true, TakesTextLists = true, TakesDocumentUrls = true, TakesVideo = true,
        },
        "deepseek" => Plain with { ReasoningMember = "reasoning_content", TakesThinkingSwitch = true },
        "zai" => Plain with { ReasoningMember = "reasoning_content", TakesThinkingSwitch = true },
        "groq" or "cerebras" => Plain with { ReasoningMember = "reasoning" },
        "vllm" => Plain with { ReasoningMember = "reasoning", TakesTopK = true, TakesTextLists = true, TakesVideo = true },
        "together" or "fireworks" => Plain with { TakesTopK = true },
        "mistral" => Plain with { TakesTextLists = true },
        "gemini" or "vertex" => Plain with { TakesThoughtSignatures = true, TakesTextLists = true },
        _ => Plain,
    };
}
