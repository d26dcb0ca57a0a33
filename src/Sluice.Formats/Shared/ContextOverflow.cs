using System.Globalization;
using Sluice.Errors;

namespace Sluice.Formats.Shared;

/// <summary>
/// A prompt that does not fit the model: how vendors say it, and how clients want to hear it. Agents look for their own vendor's words, and compact the conversation when they find
/// them.
/// </summary>
internal static class ContextOverflow
{
    /// <summary>OpenAI's code for it.</summary>
    public const string OpenAICode = "context_length_exceeded";

    // Numbers below are parts of names, or of the message's own numbering.
    private const long LeastTokens = 256;

    // Codes and types, or parts of them.
    private static readonly string[] Codes =
    [
        "context_length", // OpenAI, Groq, Cerebras, OpenRouter
        "exceed_context_size", // llama.cpp
        "context_window_exceeded", "max_prompt_tokens_exceeded", "tokens_limit_reached", // proxies, GitHub Copilot, GitHub Models
    ];

    // Parts of messages.
    private static readonly string[] Words =
    [
        "context length", // OpenAI, Azure, DeepSeek, vLLM, SGLang, Mistral, OpenRouter, Together, Ollama
        "context window", // OpenAI Responses, MiniMax, Voyage
        "context limit", // Anthropic: input length and max_tokens together
        "context size", // llama.cpp
        "prompt is too long", // Anthropic, Fireworks, Ollama's runner
        "input is too long", // Bedrock
        "input tokens exceed", "too many input tokens", // Bedrock: Nova, Titan
        "input token count", // Gemini
        "maximum number of tokens", // Gemini
        "too many tokens", // Cohere
        "maximum prompt length", // xAI
        "maximum model length", // vLLM
        "maximum allowed length", // SGLang
        "prompt exceeds max length", // Z.AI
        "model token limit", // Moonshot
        "range of input length", // Qwen
        "reduce the length of the messages", // Groq, Cerebras
        "prompt token count", // GitHub Copilot
        "`inputs` tokens + `max_new_tokens`", // Hugging Face
    ];

    /// <summary>Whether a provider says it.</summary>
    /// <param name="status">HTTP status; 0 for an error inside a stream.</param>
    /// <param name="code">The provider's code.</param>
    /// <param name="type">The provider's type.</param>
    /// <param name="message">The provider's words.</param>
    public static bool IsSaid(int status, string? code, string? type, string? message)
    {
        if (AnyIn(code, Codes) || AnyIn(type, Codes)) return true;
        // "Too many tokens, please wait" is a rate limit; a plan may lack the "long context window".
        return status is not (401 or 402 or 403 or 404 or 429) && AnyIn(message, Words);
    }

    /// <summary>The message in the words that a dialect's clients look for, with the provider's own kept in it.</summary>
    /// <param name="error">The error.</param>
    /// <param name="known">The words.</param>
    /// <param name="counts">Words with the prompt's tokens as {0} and the model's most as {1}, for a provider that tells them.</param>
    public static string Tell(GatewayError error, string known, string counts)
    {
        if (error.Kind != ErrorKind.ContextTooLong || error.Message.Contains(known, StringComparison.OrdinalIgnoreCase)) return error.Message;
        string begin = Counts(error.Message) is var (prompt, most) ? string.Format(CultureInfo.InvariantCulture, counts, prompt, most) : known;
        return $"{begin}: {error.Message}";
    }

    // Every vendor names both numbers before it breaks them down: the model's most, and what the request has.
    private static (long Prompt, long Most)? Counts(string message)
    {
        long? first = null;
        int at = 0;
        while (at < message.Length)
        {
            if (!char.IsAsciiDigit(message[at]))
            {
                at++;
                continue;
            }
            bool isName = at > 0 && (char.IsLetterOrDigit(message[at - 1]) || message[at - 1] is '-' or '_' or '.' or '/');
            int end = at;
            while (end < message.Length && (char.IsAsciiDigit(message[end]) || (message[end] == ',' && end + 1 < message.Length && char.IsAsciiDigit(message[end + 1])))) end++;
            if (!isName && long.TryParse(message.AsSpan(at, end - at), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out long number) && number >= LeastTokens)
            {
                if (first is { } one && one != number) return (Math.Max(one, number), Math.Min(one, number));
                first ??= number;
            }
            at = end;
        }
        return null;
    }

    private static bool AnyIn(string? text, string[] parts)
    {
        if (text is null) return false;
        foreach (string part in parts)
        {
            if (text.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }
}
