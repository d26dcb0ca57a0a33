using System.CommandLine.Parsing;
using Sluice.Catalog;
using Sluice.Configuration;

namespace Sluice.Cli.Listing;

/// <summary>What a model can be asked to do, by the catalogue's names.</summary>
internal static class Capability
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tools", "parallel_tools", "vision", "documents", "audio", "reasoning", "schema", "web_search", "computer_use", "prompt_caching", "embedding", "rerank", "image"];

    /// <summary>The ones worth a place in a table.</summary>
    public static IReadOnlyList<string> Shown { get; } = ["tools", "vision", "documents", "audio", "reasoning", "schema", "web_search"];

    /// <summary>Whether a model has it; false where that is not known.</summary>
    public static bool Has(CatalogModel? model, string capability) => model is not null && (capability is "embedding" or "rerank" or "image" ? model.Kind == capability : model.Can(capability) == true);

    /// <summary>Refuses a name that does not exist.</summary>
    public static void Check(OptionResult option)
    {
        foreach (string name in option.Tokens.Select(t => t.Value).Where(name => !Names.Contains(name) && name != "json_schema"))
        {
            option.AddError($"--capability {name}: there is no such capability; {(Nearest.Find(name, Names) is { } near ? $"did you mean '{near}'?" : $"there are {string.Join(", ", Names)}")}");
            return;
        }
    }
}
