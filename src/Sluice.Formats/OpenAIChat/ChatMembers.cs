using System.Collections.Frozen;

namespace Sluice.Formats.OpenAIChat;

/// <summary>The members that the chat model has a word for, by object. Everything else is kept in notes.</summary>
internal static class ChatMembers
{
    /// <summary>A request body.</summary>
    public static FrozenSet<string> Request { get; } = FrozenSet.Create(StringComparer.Ordinal,
        "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "reasoning", "stream", "stream_options",
        "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "seed", "random_seed", "presence_penalty", "frequency_penalty", "stop", "n",
        "logprobs", "top_logprobs", "logit_bias", "user", "metadata", "service_tier", "store", "verbosity", "prompt_cache_key", "modalities", "audio", "thinking",
        "web_search_options", "functions", "function_call", "prompt_mode");

    /// <summary>A message of a request.</summary>
    public static FrozenSet<string> Message { get; } = FrozenSet.Create(StringComparer.Ordinal,
        "role", "content", "name", "tool_calls", "tool_call_id", "refusal", "audio", "reasoning_content", "reasoning", "reasoning_details", "function_call", "images", "annotations");

    /// <summary>A piece of content, of any type.</summary>
    public static FrozenSet<string> ContentPart { get; } = FrozenSet.Create(StringComparer.Ordinal,
        "type", "text", "image_url", "input_audio", "file", "video_url", "refusal", "cache_control", "thinking", "document_url", "document_name", "file_id", "signature");

    /// <summary><c>image_url</c> and <c>video_url</c>.</summary>
    public static FrozenSet<string> Url { get; } = FrozenSet.Create(StringComparer.Ordinal, "url", "detail");

    /// <summary><c>input_audio</c>.</summary>
    public static FrozenSet<string> InputAudio { get; } = FrozenSet.Create(StringComparer.Ordinal, "data", "format");

    /// <summary><c>file</c>.</summary>
    public static FrozenSet<string> File { get; } = FrozenSet.Create(StringComparer.Ordinal, "file_data", "filename", "file_id");

    /// <summary><c>cache_control</c>.</summary>
    public static FrozenSet<string> CacheControl { get; } = FrozenSet.Create(StringComparer.Ordinal, "type", "ttl");

    /// <summary>A tool call.</summary>
    public static FrozenSet<string> ToolCall { get; } = FrozenSet.Create(StringComparer.Ordinal, "id", "type", "function", "custom", "index", "extra_content");

    /// <summary>What a call calls.</summary>
    public static FrozenSet<string> Called { get; } = FrozenSet.Create(StringComparer.Ordinal, "name", "arguments", "input");

    /// <summary>A declared tool.</summary>
    public static FrozenSet<string> Tool { get; } = FrozenSet.Create(StringComparer.Ordinal, "type", "function", "custom", "cache_control");

    /// <summary>A declared function.</summary>
    public static FrozenSet<string> Function { get; } = FrozenSet.Create(StringComparer.Ordinal, "name", "description", "parameters", "strict");

    /// <summary>A declared custom tool.</summary>
    public static FrozenSet<string> Custom { get; } = FrozenSet.Create(StringComparer.Ordinal, "name", "description", "format");

    /// <summary><c>response_format</c>.</summary>
    public static FrozenSet<string> ResponseFormat { get; } = FrozenSet.Create(StringComparer.Ordinal, "type", "json_schema");

    /// <summary><c>response_format.json_schema</c>.</summary>
    public static FrozenSet<string> JsonSchema { get; } = FrozenSet.Create(StringComparer.Ordinal, "name", "description", "schema", "strict");

    /// <summary><c>reasoning</c> of OpenRouter.</summary>
    public static FrozenSet<string> Reasoning { get; } = FrozenSet.Create(StringComparer.Ordinal, "effort", "max_tokens", "enabled", "exclude");

    /// <summary><c>thinking</c> of DeepSeek and Z.ai.</summary>
    public static FrozenSet<string> Thinking { get; } = FrozenSet.Create(StringComparer.Ordinal, "type", "budget_tokens");

    /// <summary>An item of <c>reasoning_details</c>.</summary>
    public static FrozenSet<string> ReasoningDetail { get; } = FrozenSet.Create(StringComparer.Ordinal, "type", "text", "summary", "data", "signature", "format", "index", "id");

    /// <summary>An answer.</summary>
    public static FrozenSet<string> Response { get; } = FrozenSet.Create(StringComparer.Ordinal, "id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint");

    /// <summary>A choice of an answer.</summary>
    public static FrozenSet<string> Choice { get; } = FrozenSet.Create(StringComparer.Ordinal, "index", "message", "finish_reason", "logprobs");

    /// <summary><c>audio</c> of an answer.</summary>
    public static FrozenSet<string> Audio { get; } = FrozenSet.Create(StringComparer.Ordinal, "id", "data", "transcript", "expires_at");

    /// <summary>An annotation of an answer.</summary>
    public static FrozenSet<string> Annotation { get; } = FrozenSet.Create(StringComparer.Ordinal, "type", "url_citation");

    /// <summary><c>url_citation</c>.</summary>
    public static FrozenSet<string> UrlCitation { get; } = FrozenSet.Create(StringComparer.Ordinal, "url", "title", "content", "start_index", "end_index");

    /// <summary><c>stream_options</c>.</summary>
    public static FrozenSet<string> StreamOptions { get; } = FrozenSet.Create(StringComparer.Ordinal, "include_usage");
}
