namespace Sluice.Configuration;

/// <summary>
/// Rules for headers (<c>headers</c>, <c>response_headers</c>), applied in this order: <see cref="AllowOnly"/>, <see cref="Drop"/>,
/// <see cref="Add"/>, <see cref="Set"/>. Names are compared without regard to case.
/// </summary>
public sealed record HeaderRulesConfig
{
    /// <summary>No rule.</summary>
    public static HeaderRulesConfig None { get; } = new();

    /// <summary>Further headers of the client that are forwarded; <c>*</c> at the end of a name stands for any rest. Hop-by-hop and credential headers never are.</summary>
    public IReadOnlyList<string> Forward { get; init; } = [];

    /// <summary>The only headers that pass; null means no restriction, an empty list drops all.</summary>
    public IReadOnlyList<string>? AllowOnly { get; init; }

    /// <summary>Headers that are taken away.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>Headers that are put in where absent.</summary>
    public IReadOnlyDictionary<string, string> Add { get; init; } = Empty<string>.Map;

    /// <summary>Headers that are put in, whatever was there.</summary>
    public IReadOnlyDictionary<string, string> Set { get; init; } = Empty<string>.Map;

    /// <summary>Whether no rule is written.</summary>
    public bool IsEmpty => Forward.Count == 0 && AllowOnly is null && Drop.Count == 0 && Add.Count == 0 && Set.Count == 0;
}
