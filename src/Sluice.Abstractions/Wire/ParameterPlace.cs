namespace Sluice.Wire;

/// <summary>Where a request parameter stands in a format's body.</summary>
/// <param name="Parameter">Its neutral name.</param>
/// <param name="Holder">The object that holds it, in its spellings; empty for the body itself.</param>
/// <param name="Names">Its spellings, the usual one first.</param>
public sealed record ParameterPlace(string Parameter, IReadOnlyList<string> Holder, IReadOnlyList<string> Names)
{
    /// <summary>True where the value is always a list, also of a single text.</summary>
    public bool IsList { get; init; }

    /// <summary>Names that some servers of the format take for the parameter, beside its own. Nobody writes them, but who must know the most that a request can mean counts them.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>Where values stand in a body itself, under one of some names.</summary>
    public static ParameterPlace Top(string parameter, params string[] names) => new(parameter, [], names.Length == 0 ? [parameter] : names);

    /// <summary>Where a value stands in an object of a body.</summary>
    public static ParameterPlace In(string holder, string parameter, params string[] names) => new(parameter, [holder], names.Length == 0 ? [parameter] : names);

    /// <summary>Places in a body itself, each under its neutral name.</summary>
    public static IEnumerable<ParameterPlace> Same(params string[] parameters) => parameters.Select(p => Top(p));
}
