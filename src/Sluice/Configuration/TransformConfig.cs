using System.Text.Json;

namespace Sluice.Configuration;

/// <summary>One rule that changes requests or responses (<c>transforms</c>). Exactly one of its actions is set.</summary>
public sealed record TransformConfig
{
    /// <summary>A name for reports. Default <c>transforms[0]</c>, <c>transforms[1]</c> ...</summary>
    public required string Name { get; init; }

    /// <summary>What it acts on.</summary>
    public required TransformPhase On { get; init; }

    /// <summary>Which calls it acts on.</summary>
    public TransformFilterConfig Where { get; init; } = TransformFilterConfig.All;

    /// <summary>Search and replace over text content.</summary>
    public RegexConfig? Regex { get; init; }

    /// <summary>A JSONPath of what is taken away.</summary>
    public string? Drop { get; init; }

    /// <summary>A member or element that is put in where absent.</summary>
    public EditConfig? Add { get; init; }

    /// <summary>A member or element that is put in, whatever was there.</summary>
    public EditConfig? Set { get; init; }

    /// <summary>Request parameters that are forced, defaulted or dropped.</summary>
    public ParamRulesConfig? Params { get; init; }
}

/// <summary>What a transform acts on (<c>on</c>).</summary>
public enum TransformPhase
{
    /// <summary>The request.</summary>
    Request,

    /// <summary>The response, whole or streamed.</summary>
    Response,
}

/// <summary>Which calls a transform acts on (<c>where</c>); null lists mean any.</summary>
public sealed record TransformFilterConfig
{
    /// <summary>Every call.</summary>
    public static TransformFilterConfig All { get; } = new();

    /// <summary>Model ids <c>provider/model</c>, patterns with <c>*</c>.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Names of providers.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary>Names of routes.</summary>
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>Names of keys, patterns with <c>*</c>.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>The client's wire formats, e.g. <c>openai-chat</c>, patterns with <c>*</c>.</summary>
    public IReadOnlyList<string>? Dialects { get; init; }
}

/// <summary>Search and replace over text content (<c>regex</c>). Runs without backtracking.</summary>
public sealed record RegexConfig
{
    /// <summary>The expression, checked at load against <see cref="System.Text.RegularExpressions.RegexOptions.NonBacktracking"/>.</summary>
    public required string Pattern { get; init; }

    /// <summary>The replacement; <c>$1</c> and <c>${name}</c> stand for groups.</summary>
    public string Replace { get; init; } = "";

    /// <summary>Flags: <c>i</c> ignore case, <c>m</c> lines, <c>s</c> the dot takes line ends too, <c>x</c> blanks ignored. Default none.</summary>
    public string Flags { get; init; } = "";

    /// <summary>How many characters of a stream are held back so that a match may span chunks. Default 64.</summary>
    public int Window { get; init; } = 64;
}

/// <summary>A path and what is put there (<c>add</c>, <c>set</c>).</summary>
public sealed record EditConfig
{
    /// <summary>A JSONPath; <c>[-]</c> at the end appends to an array.</summary>
    public required string Path { get; init; }

    /// <summary>The value.</summary>
    public required JsonElement Value { get; init; }
}

/// <summary>Request parameters by their names in the client's format (<c>params</c> of a transform).</summary>
public sealed record ParamRulesConfig
{
    /// <summary>Put in, whatever was there.</summary>
    public IReadOnlyDictionary<string, JsonElement> Force { get; init; } = Empty<JsonElement>.Map;

    /// <summary>Put in where absent.</summary>
    public IReadOnlyDictionary<string, JsonElement> Default { get; init; } = Empty<JsonElement>.Map;

    /// <summary>Taken away.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];
}
