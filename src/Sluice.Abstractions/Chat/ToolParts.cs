using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>The model asks the client to run a tool.</summary>
/// <param name="CallId">Links the result to the call. Decoders make one where the format gives none.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">JSON text as the model wrote it, never repaired; a call without arguments is <c>{}</c>. Free text when <see cref="IsCustom"/>.</param>
public sealed record ToolCallPart(string CallId, string Name, string Arguments) : Part
{
    /// <summary>True for a tool that takes free text (OpenAI custom tools).</summary>
    public bool IsCustom { get; init; }
}

/// <summary>What a tool gave back.</summary>
/// <param name="CallId">The call it answers.</param>
/// <param name="Content">Text and media; may be empty.</param>
public sealed record ToolResultPart(string CallId, IReadOnlyList<Part> Content) : Part
{
    /// <summary>True or false where the format says so.</summary>
    public bool? IsError { get; init; }

    /// <summary>The tool's name, where the format says it with the result (Gemini, Ollama).</summary>
    public string? ToolName { get; init; }

    /// <summary>The result as one JSON object, where the format keeps it so (Gemini <c>response</c>); <see cref="Content"/> then holds its text as well.</summary>
    public RawJson Structured { get; init; }

    /// <summary>True for the result of a free-text tool (OpenAI custom tools).</summary>
    public bool IsCustom { get; init; }
}

/// <summary>A tool that the provider runs itself was called (web search, code execution ...).</summary>
/// <param name="CallId">The provider's id; may be empty.</param>
/// <param name="Name">The provider's name for the tool.</param>
/// <param name="Input">Its input; absent where not shown.</param>
public sealed record ServerToolCallPart(string CallId, string Name, RawJson Input) : Part;

/// <summary>What a tool that the provider runs gave back.</summary>
/// <param name="CallId">The call it belongs to; may be empty.</param>
/// <param name="Name">The provider's name for the tool or the kind of result.</param>
/// <param name="Content">The result as the provider spells it.</param>
public sealed record ServerToolResultPart(string CallId, string Name, RawJson Content) : Part;
