using System.Net.Sockets;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Gateway.Admin;
using Sluice.Gateway.Hosting;
using Sluice.Storage;

namespace Sluice.Cli.Hosting;

/// <summary>Runs a gateway until it is asked to stop.</summary>
internal static class GatewayRunner
{
    /// <summary>Starts, announces, waits, stops.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="announce">Says what has started.</param>
    /// <param name="loaded">What to load again when it changes; <see langword="null"/> for a configuration that does not change.</param>
    public static async Task<int> RunAsync(SluiceConfig config, Action<GatewayHost> announce, LoadedConfiguration? loaded = null)
    {
        if (StartChecks.Refusal(config) is { } refusal)
        {
            await Console.Error.WriteLineAsync($"sluice: {refusal}");
            return ExitCodes.ConfigurationInvalid;
        }
        if (!ConfiguredCatalog.Check(config, Console.Error)) return ExitCodes.ConfigurationInvalid;
        // What keeps the ledger is opened before anything listens: no call shall go unrecorded.
        var opened = StoreOpening.Open(config);
        if (!opened.IsSuccess && (config.Storage.OnFailure == StorageFailurePolicy.Refuse || config.Keys.Required))
        {
            await Console.Error.WriteLineAsync($"sluice: {opened.Error.Message}");
            return ExitCodes.Failed;
        }
        if (!opened.IsSuccess) await Console.Error.WriteLineAsync($"sluice: warning: {opened.Error.Message}; going on without keys and ledger (storage.on_failure: allow)");
        await using var store = opened.Value;
        return await RunAsync(config, announce, loaded, store);
    }

    private static async Task<int> RunAsync(SluiceConfig config, Action<GatewayHost> announce, LoadedConfiguration? loaded, ISluiceStore? store)
    {
        using var signals = new ShutdownSignals();
        ConfigurationReload? reload = null;
        var access = loaded is null ? null : new ConfigurationAccess(() => reload?.Last ?? loaded.Result, () => reload?.Reload() ?? loaded.Result);
        GatewayHost host;
        try
        {
            host = await GatewayHost.StartAsync(config, new GatewayHostOptions { LogOutput = Console.OpenStandardError(), Store = store, Configuration = access });
        }
        catch (OperationCanceledException)
        {
            // It was asked to stop before it listened.
            return ExitCodes.Done;
        }
        catch (SluiceException e)
        {
            await Console.Error.WriteLineAsync($"sluice: {e.Message}");
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"sluice: cannot listen on {config.Server.Listen}{(config.Admin is { Enabled: true, Listen: { } admin } ? $" and {admin}" : "")}: {Reason(e)}");
            return ExitCodes.Failed;
        }
        await using (host)
        {
            // Before anybody is told that it runs: from then on SIGHUP must not end it.
            await using var watch = reload = loaded is null ? null : new ConfigurationReload(loaded, host, signals.Stop);
            announce(host);
            if (store is not null) await KeyNotes.WriteAsync(host, store, loaded is null ? null : ConfigurationFlags.Of(loaded.Source));
            await signals.WaitAsync();
            await Console.Error.WriteLineAsync("sluice: stopping; open streams may finish");
            await host.StopAsync();
        }
        return ExitCodes.Done;
    }

    private static string Reason(Exception e) => e is SocketException { SocketErrorCode: SocketError.AccessDenied } ? "this user may not take that port; choose one from 1024 on"
        : e is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } ? "this machine has no such address; 0.0.0.0 takes all that it has"
        : e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException
        ? "the address is in use; stop the other program, or choose another port with --listen or server.listen"
        : e.Message;
}
