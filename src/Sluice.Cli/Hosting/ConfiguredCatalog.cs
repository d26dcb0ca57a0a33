using Sluice.Catalog;
using Sluice.Configuration;

namespace Sluice.Cli.Hosting;

/// <summary>The catalogue with the files of the configuration over it.</summary>
internal static class ConfiguredCatalog
{
    /// <summary>Loads it. A file with faults is told and left out: a listing is still of use without it.</summary>
    public static ModelCatalog Load(SluiceConfig config)
    {
        var catalog = ModelCatalog.Embedded.With(config.Catalog.Files, out var faults);
        foreach (string fault in faults) Console.Error.WriteLine(fault);
        return catalog;
    }
}
