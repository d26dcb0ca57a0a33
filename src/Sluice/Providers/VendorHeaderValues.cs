using Sluice.Configuration;
using Sluice.Catalog;

namespace Sluice.Providers;

/// <summary>The values of a header with a list in it (<c>anthropic-beta</c>) that a vendor takes; it answers others with an error. Immutable.</summary>
public sealed record VendorHeaderValues
{
    /// <summary>The header's name.</summary>
    public required string Name { get; init; }

    /// <summary>The values that are taken, as patterns.</summary>
    public required IReadOnlyList<string> Takes { get; init; }

    /// <summary>Values that have another name there.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = Empty<string>.Map;

    /// <summary>Values that change nothing in an answer, as patterns: they are left out without a report.</summary>
    public IReadOnlyList<string> Silent { get; init; } = [];

    /// <summary>The values of a list that may be sent, joined again; null where none is left.</summary>
    /// <param name="list">The values, with commas between them.</param>
    /// <param name="refused">Is told each value that is left out and would have changed something.</param>
    public string? Filter(string list, Action<string> refused)
    {
        var kept = new List<string>();
        foreach (string value in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string there = Renames.GetValueOrDefault(value, value);
            if (Matches(Takes, there))
            {
                if (!kept.Contains(there, StringComparer.Ordinal)) kept.Add(there);
            }
            else if (!Matches(Silent, value))
            {
                refused(value);
            }
        }
        return kept.Count == 0 ? null : string.Join(',', kept);
    }

    private static bool Matches(IReadOnlyList<string> patterns, string value) => patterns.Any(p => ModelPattern.Parse(p).Matches(value));
}
