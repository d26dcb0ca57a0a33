using System.Collections.Frozen;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Names of this format's members that the chat model has words for. Everything else is kept as it is.</summary>
internal static class AnthropicNames
{
    /// <summary>The family of its signatures.</summary>
    public const string Family = "anthropic";

    public static WireFormatId Id => WireFormatId.AnthropicMessages;

    /// <summary>The notes of something read from this format that had nothing to note: they say where it came from.</summary>
    public static WireNotes Origin { get; } = new(WireFormatId.AnthropicMessages);

    public static FrozenSet<string> Request { get; } = Set(
        "model", "messages", "system", "max_tokens", "metadata", "stop_sequences", "stream", "temperature", "top_k", "top_p", "thinking", "tool_choice",
        "tools", "service_tier", "output_config", "output_format");

    public static FrozenSet<string> Metadata { get; } = Set("user_id");

    public static FrozenSet<string> OutputConfig { get; } = Set("effort", "format");

    public static FrozenSet<string> AnswerFormat { get; } = Set("type", "schema");

    public static FrozenSet<string> Thinking { get; } = Set("type", "budget_tokens", "display");

    public static FrozenSet<string> Message { get; } = Set("role", "content");

    public static FrozenSet<string> FunctionTool { get; } = Set("type", "name", "description", "input_schema", "strict", "cache_control");

    public static FrozenSet<string> ToolChoice { get; } = Set("type", "name", "disable_parallel_tool_use");

    public static FrozenSet<string> Cache { get; } = Set("type", "ttl");

    public static FrozenSet<string> Text { get; } = Set("type", "text", "citations", "cache_control");

    public static FrozenSet<string> ThinkingBlock { get; } = Set("type", "thinking", "signature");

    public static FrozenSet<string> RedactedThinking { get; } = Set("type", "data");

    public static FrozenSet<string> ToolUse { get; } = Set("type", "id", "name", "input", "cache_control");

    public static FrozenSet<string> DirectToolUse { get; } = Set("type", "id", "name", "input", "cache_control", "caller");

    public static FrozenSet<string> ToolResult { get; } = Set("type", "tool_use_id", "content", "is_error", "cache_control");

    public static FrozenSet<string> ServerToolResult { get; } = Set("type", "tool_use_id", "content", "cache_control");

    public static FrozenSet<string> DirectServerToolResult { get; } = Set("type", "tool_use_id", "content", "cache_control", "caller");

    public static FrozenSet<string> Media { get; } = Set("type", "source", "title", "citations", "cache_control");

    public static FrozenSet<string> SearchResult { get; } = Set("type", "content", "title", "citations", "cache_control");

    public static FrozenSet<string> Source { get; } = Set("type", "media_type", "data", "url", "file_id", "content");

    public static FrozenSet<string> CitationsSwitch { get; } = Set("enabled");

    public static FrozenSet<string> Citation { get; } = Set("type", "cited_text", "url", "title");

    public static FrozenSet<string> SearchResultCitation { get; } = Set("type", "cited_text", "source", "title");

    public static FrozenSet<string> DocumentCitation { get; } = Set("type", "cited_text", "document_title");

    public static FrozenSet<string> Response { get; } = Set(
        "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage", "container", "stop_details", "context_management");

    /// <summary>What comes with the end of an answer: in a stream these stand in <c>message_delta</c>.</summary>
    public static FrozenSet<string> End { get; } = Set("stop_reason", "stop_sequence", "container", "stop_details", "context_management");

    /// <summary>True for notes of this format.</summary>
    public static bool IsOwn(this WireNotes? notes) => notes?.Format == Id;

    /// <summary>The notes if they are of this format, else <see langword="null"/>.</summary>
    public static WireNotes? Own(this WireNotes? notes) => notes.IsOwn() ? notes : null;

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
