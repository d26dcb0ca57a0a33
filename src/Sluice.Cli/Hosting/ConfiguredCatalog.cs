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

    /// <summary>Tells what is wrong with the files, and false where anything is: a price that is left out is money that is not counted.</summary>
    public static bool Check(SluiceConfig config, TextWriter error)
    {
        var catalog = ModelCatalog.Embedded.With(config.Catalog.Files, out var faults);
        foreach (string fault in faults) error.WriteLine(fault);
        if (faults.Count > 0) return false;
        foreach (string warning in RetiringModels.Of(config, catalog, TimeProvider.System.GetUtcNow())) error.WriteLine($"sluice: warning: {warning}");
        return true;
    }
}
