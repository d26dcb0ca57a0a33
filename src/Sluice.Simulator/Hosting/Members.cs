using System.Collections.Frozen;
using System.Text.Json;

namespace Sluice.Simulator.Hosting;

/// <summary>The members that an API knows in one place of a request.</summary>
internal sealed class Members
{
    private readonly FrozenSet<string> known;

    /// <summary>The names of the members.</summary>
    /// <param name="names">Separated by spaces or line ends.</param>
    public Members(string names) => known = names.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The first member that the API does not know, or null.</summary>
    public string? FirstUnknown(JsonElement value, bool snakeCaseToo = false)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var member in value.EnumerateObject())
        {
            if (!known.Contains(member.Name) && !(snakeCaseToo && known.Contains(Camel(member.Name))))
                return member.Name;
        }

        return null;
    }

    public static bool AreChecked(SimulatedCall call) => call.Stage.Options.Strict || call.Model!.Contains("strict", StringComparison.OrdinalIgnoreCase);

    private static string Camel(string snake)
    {
        var parts = snake.Split('_');
        return parts[0] + string.Concat(parts.Skip(1).Select(part => part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
    }
}
