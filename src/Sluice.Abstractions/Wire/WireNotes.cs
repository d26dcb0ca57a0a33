namespace Sluice.Wire;

/// <summary>
/// What a codec read and the chat model has no word for: unknown members, and how a known thing was spelled. Written back only by
/// the codec of the same <see cref="Format"/>; every other encoder reports <see cref="Fields"/> as lost.
/// </summary>
/// <param name="Format">The format that this was read from.</param>
public sealed record WireNotes(WireFormatId Format)
{
    /// <summary>Members of the JSON object that the model does not name, in the order they stood.</summary>
    public IReadOnlyList<KeyValuePair<string, RawJson>> Fields { get; init; } = [];

    /// <summary>
    /// Spelling that carries no meaning but must come out as it went in when the format is the same (content as a string or as a
    /// list, <c>null</c> or absent, ...). Private to the codec; never reported as lost.
    /// </summary>
    public string? Shape { get; init; }
}
