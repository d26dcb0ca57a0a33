using System.Security.Cryptography;
using Sluice.Configuration;
using Sluice.Routing;

namespace Sluice.Cli.Hosting;

/// <summary>Takes a changed configuration into a running gateway: when a file changes, and at SIGHUP.</summary>
internal sealed class ConfigurationReload : IDisposable
{
    private readonly GatewayState _state;
    private readonly ConfigurationWatcher _watcher;
    private readonly HangupSignal _hangup;
    private volatile ConfigurationResult _last;

    /// <summary>Begins to watch.</summary>
    /// <param name="loaded">What was loaded at the start.</param>
    /// <param name="state">The running gateway's.</param>
    /// <param name="terminalLost">Called when SIGHUP meant that the terminal is gone.</param>
    public ConfigurationReload(LoadedConfiguration loaded, GatewayState state, Action terminalLost)
    {
        _state = state;
        _last = loaded.Result;
        var snapshot = new ConfigurationSnapshot(loaded.Config);
        snapshot.Changed += Take;
        _watcher = new ConfigurationWatcher(loaded.Source, loaded.Environment, loaded.Result, snapshot, TimeProvider.System, new PlainLogger<ConfigurationWatcher>());
        _watcher.Reloaded += (_, reloaded) =>
        {
            if (reloaded.Result.IsValid) _last = reloaded.Result;
        };
        _watcher.Start();
        _hangup = new HangupSignal(() => _watcher.Reload(), terminalLost);
    }

    /// <summary>What the last valid load gave.</summary>
    public ConfigurationResult Last => _last;

    /// <summary>Loads again now.</summary>
    public ConfigurationResult Reload() => _watcher.Reload();

    public void Dispose()
    {
        _hangup.Dispose();
        _watcher.Dispose();
    }

    private void Take(object? sender, ConfigurationChangedEventArgs change)
    {
        try
        {
            _state.Swap(ReachableProviders.Only(change.Now));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // A certificate that is named but cannot be used is found only here. The gateway goes on with what it has.
            Console.Error.WriteLine($"sluice: the configuration could not be put in force, and the one before stays: {e.Message}");
        }
    }
}
