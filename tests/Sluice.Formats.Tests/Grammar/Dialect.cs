using Sluice.Wire;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>A way in which clients are spoken to, with its judge.</summary>
internal sealed record Dialect(string Name, WireFormatId Format, Func<bool, Judge> Judge)
{
    public static IReadOnlyList<Dialect> All { get; } =
    [
        new("anthropic-messages", WireFormatId.AnthropicMessages, _ => new AnthropicJudge()),
        new("openai-chat", WireFormatId.OpenAIChat, asked => new ChatJudge(asked)) { Traits = new() { ManyCandidates = true, Refusals = true }, UsageOnDemand = true },
        new("mistral-chat", WireFormatId.MistralChat, _ => new ChatJudge(usageAsked: false, mistral: true)) { Traits = new() { ManyCandidates = true } },
        new("openai-completions", WireFormatId.OpenAICompletions, asked => new CompletionsJudge(asked)) { Traits = new() { ManyCandidates = true, Reasoning = false, Calls = false }, UsageOnDemand = true },
        new("openai-responses", WireFormatId.OpenAIResponses, _ => new ResponsesJudge()) { Traits = new() { Refusals = true }, FailsOnError = true },
        new("gemini-generate", WireFormatId.GeminiGenerate, _ => new GeminiJudge(asArray: false)) { Traits = new() { ManyCandidates = true } },
        new("gemini-generate as array", WireFormatId.GeminiGenerate, _ => new GeminiJudge(asArray: true)) { Traits = new() { ManyCandidates = true }, Style = StreamStyle.JsonArray },
        new("ollama-chat", WireFormatId.OllamaChat, _ => new OllamaJudge(chat: true)),
        new("ollama-generate", WireFormatId.OllamaGenerate, _ => new OllamaJudge(chat: false)) { Traits = new() { Calls = false } },
    ];

    public DialectTraits Traits { get; init; } = new();

    public StreamStyle Style { get; init; }

    /// <summary>Usage is told only to clients that ask.</summary>
    public bool UsageOnDemand { get; init; }

    /// <summary>An answer that the provider gave up is told as failed, not as ended.</summary>
    public bool FailsOnError { get; init; }

    public bool TellsUsage(bool asked) => asked || !UsageOnDemand;
}
