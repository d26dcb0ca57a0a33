using Sluice.Configuration;
using Sluice.Wire;

namespace Sluice.Providers;

/// <summary>What a vendor's servers refuse though their format has it. Immutable.</summary>
public sealed record VendorQuirks
{
    /// <summary>A vendor without any.</summary>
    public static VendorQuirks None { get; } = new();

    /// <summary>Roles of messages that it refuses, and the role that is sent in place of each.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = Empty<string>.Map;

    /// <summary>The most characters of texts, by the neutral names of parameters (<see cref="ParameterMap"/>). A longer one is sent as its digest.</summary>
    public IReadOnlyDictionary<string, int> Lengths { get; init; } = Empty<int>.Map;

    /// <summary>Lengths for translated requests only: nobody knows what such a server takes, and who speaks its own format says what it means.</summary>
    public IReadOnlyDictionary<string, int> CarefulLengths { get; init; } = Empty<int>.Map;

    /// <summary>Bounds of <c>metadata</c>: pairs, characters of a key, characters of a value; <see langword="null"/> for none.</summary>
    public MetadataBounds? Metadata { get; init; }

    /// <summary>True where an empty list of tools, or a choice among none, is answered with an error.</summary>
    public bool RefusesEmptyTools { get; init; }

    /// <summary>Which subset of JSON Schema it understands, by the models that have it; the first that fits counts.</summary>
    public IReadOnlyList<VendorSchemas> Schemas { get; init; } = [];
}

/// <summary>Bounds of labels.</summary>
/// <param name="Pairs">Most pairs.</param>
/// <param name="Key">Most characters of a key.</param>
/// <param name="Value">Most characters of a value.</param>
public sealed record MetadataBounds(int Pairs, int Key, int Value);

/// <summary>The subsets of JSON Schema that models of a vendor understand, by their names in <c>schema-subsets.json</c>; <see langword="null"/> for all of it.</summary>
/// <param name="Models">A pattern of models.</param>
public sealed record VendorSchemas(string Models)
{
    /// <summary>For the arguments of a tool.</summary>
    public string? Tools { get; init; }

    /// <summary>For the arguments of a tool that is held to its schema.</summary>
    public string? StrictTools { get; init; }

    /// <summary>For answers.</summary>
    public string? Answers { get; init; }

    /// <summary>For answers that are held to their schema.</summary>
    public string? StrictAnswers { get; init; }
}
