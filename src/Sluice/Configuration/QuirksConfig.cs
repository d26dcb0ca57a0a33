namespace Sluice.Configuration;

/// <summary>How a provider's servers differ from their format. It wins over what is known of the vendor.</summary>
public sealed record QuirksConfig
{
    /// <summary>Nothing beside the vendor's own.</summary>
    public static QuirksConfig None { get; } = new();

    /// <summary>Roles that are refused, and the role that is sent in place of each; the same role again means that it is taken.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = Empty<string>.Map;

    /// <summary>The most characters of texts, by the names of parameters in Chat Completions.</summary>
    public IReadOnlyDictionary<string, int> Lengths { get; init; } = Empty<int>.Map;

    /// <summary>The member of an assistant's message in Chat Completions in which the server wants its own reasoning back within a tool loop; <see langword="null"/> as the vendor has it.</summary>
    public string? ReasoningBack { get; init; }
}
