using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Hosting;

/// <summary>Opens the store that a configuration names.</summary>
internal static class StoreOpening
{
    /// <summary>The store; or why it cannot be used.</summary>
    public static Outcome<ISluiceStore> Open(SluiceConfig config)
    {
        var opened = SqliteStore.Open(config.Storage.Sqlite, TimeProvider.System);
        return opened.IsSuccess ? Outcome.Of<ISluiceStore>(opened.Value) : opened.Error;
    }

    /// <summary>The store; where it cannot be used, says why on standard error and gives null.</summary>
    public static async ValueTask<ISluiceStore?> OpenOrTellAsync(SluiceConfig config)
    {
        var opened = Open(config);
        if (!opened.IsSuccess) await Console.Error.WriteLineAsync($"sluice: {opened.Error.Message}");
        return opened.Value;
    }
}
