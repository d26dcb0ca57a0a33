using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>A tool that the model may use.</summary>
public abstract record Tool
{
    /// <summary>A prompt-cache marker after this tool.</summary>
    public CacheMarker? Cache { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>A function that the client runs.</summary>
/// <param name="Name">Its name.</param>
public sealed record FunctionTool(string Name) : Tool
{
    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>JSON Schema of its arguments; absent where none was given. Codecs of other schema dialects convert.</summary>
    public RawJson Parameters { get; init; }

    /// <summary>Arguments must follow the schema exactly.</summary>
    public bool? Strict { get; init; }
}

/// <summary>A tool that takes free text (OpenAI custom tools).</summary>
/// <param name="Name">Its name.</param>
public sealed record CustomTool(string Name) : Tool
{
    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>The grammar of its input as the format spells it; absent for any text.</summary>
    public RawJson Format { get; init; }
}

/// <summary>A tool that the provider runs itself. Passed on in its own format, refused or reported elsewhere.</summary>
/// <param name="Format">Whose it is.</param>
/// <param name="Type">The format's name for it (<c>web_search_20250305</c>, <c>code_interpreter</c>, <c>googleSearch</c>).</param>
/// <param name="Json">Its declaration.</param>
public sealed record HostedTool(WireFormatId Format, string Type, RawJson Json) : Tool;
