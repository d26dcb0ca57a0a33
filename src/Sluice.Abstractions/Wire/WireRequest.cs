namespace Sluice.Wire;

/// <summary>An HTTP request as a codec sees it: no transport, no credentials.</summary>
public sealed record WireRequest
{
    /// <summary>The path without query, as the client sent it: <c>/v1/chat/completions</c>, <c>/v1beta/models/x:generateContent</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>The query without its question mark; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>The model that the path names (decoded); <see langword="null"/> where the body names it.</summary>
    public string? PathModel { get; init; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Headers that change what a request means, by lower-case name (<c>anthropic-beta</c>); never credentials.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = EmptyHeaders;

    private static IReadOnlyDictionary<string, string> EmptyHeaders { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>What routing must know of a request. Read in one pass without an object model.</summary>
public readonly record struct RequestHead
{
    /// <summary>The model that is asked for; <see langword="null"/> where none is named.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Another spelling of the same model, where the format has one that says nothing more (Ollama: <c>name:latest</c> is <c>name</c>); it is asked for where nobody has a
    /// model of the first.
    /// </summary>
    public string? ModelAlias { get; init; }

    /// <summary>The answer shall be a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>How the stream shall be framed.</summary>
    public StreamStyle StreamStyle { get; init; }

    /// <summary>The client asked for a usage report in the stream; <see langword="null"/> where the format always sends it.</summary>
    public bool? IncludeUsage { get; init; }

    /// <summary>The output limit, for estimates.</summary>
    public long? MaxTokens { get; init; }
}
