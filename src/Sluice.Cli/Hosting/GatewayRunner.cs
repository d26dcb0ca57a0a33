using System.Net.Sockets;
using Sluice.Configuration;
using Sluice.Errors;
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
        // What keeps the ledger is opened before anything listens: no call shall go unrecorded.
        var store = await StoreOpener.OpenOrTellAsync(config.Storage);
        if (store is null) return ExitCodes.Failed;
        await using (store) return await RunAsync(config, store, announce, loaded);
    }

    private static async Task<int> RunAsync(SluiceConfig config, ISluiceStore store, Action<GatewayHost> announce, LoadedConfiguration? loaded)
    {
        foreach (string key in StartChecks.NotApplied(config)) await Console.Error.WriteLineAsync($"sluice: warning: {key} is written in the configuration, but this version does not apply it");
        using var signals = new ShutdownSignals();
        GatewayHost host;
        try
        {
            host = await GatewayHost.StartAsync(config, new GatewayHostOptions { LogOutput = Console.OpenStandardError(), Store = store });
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"sluice: cannot listen on {config.Server.Listen}: {Reason(e)}");
            return ExitCodes.Failed;
        }
        catch (SluiceException e)
        {
            await Console.Error.WriteLineAsync($"sluice: {e.Error.Message}");
            return ExitCodes.Failed;
        }
        await using (host)
        {
            announce(host);
            if (host.MadeAdminKey is { } made) Console.WriteLine($"Admin key, shown this once: {made}");
            using var reload = loaded is null ? null : new ConfigurationReload(loaded, host.State, signals.Stop);
            await signals.WaitAsync();
            await Console.Error.WriteLineAsync("sluice: stopping; open streams may finish");
            await host.StopAsync();
        }
        return ExitCodes.Done;
    }

    private static string Reason(Exception e) => e is SocketException { SocketErrorCode: SocketError.AccessDenied } ? "this user may not take that port; choose one from 1024 on"
        : e is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } ? "this machine has no such address; 0.0.0.0 takes all that it has"
        : e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException
        ? "the address is in use; stop the other program or set server.listen to another port"
        : e.Message;
}
