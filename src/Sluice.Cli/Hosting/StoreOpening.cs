using Sluice.Cli.Output;
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

    /// <summary>The store, where there is one; else says so on standard error, makes none, and gives null.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="flags">The options that found it, for what is suggested.</param>
    public static async ValueTask<ISluiceStore?> OpenExistingAsync(SluiceConfig config, string flags)
    {
        if (File.Exists(config.Storage.Sqlite)) return await OpenOrTellAsync(config);
        await Console.Error.WriteLineAsync(ProgramName.In($"sluice: there is no store at {config.Storage.Sqlite}: nothing has been kept there yet. A gateway makes it at its start ('sluice serve{flags}'), and so does the first key ('sluice keys create{flags}'). If it lies elsewhere, name its configuration with --config, or the file with --set storage.sqlite=PATH"));
        return null;
    }

    /// <summary>The store; where it cannot be used, says why on standard error and gives null.</summary>
    public static async ValueTask<ISluiceStore?> OpenOrTellAsync(SluiceConfig config)
    {
        var opened = Open(config);
        if (!opened.IsSuccess) await Console.Error.WriteLineAsync($"sluice: {opened.Error.Message}");
        return opened.Value;
    }
}
