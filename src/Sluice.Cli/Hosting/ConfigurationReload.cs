using System.Security.Cryptography;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Storage;

namespace Sluice.Cli.Hosting;

/// <summary>Takes a changed configuration into a running gateway: when a file changes, at SIGHUP, and when the administration API asks. Each is in the audit log.</summary>
internal sealed class ConfigurationReload : IAsyncDisposable
{
    private const string Signal = "signal";
    private const string Asked = "admin";
    private readonly GatewayHost _host;
    private readonly ConfigurationWatcher _watcher;
    private readonly HangupSignal _hangup;
    private volatile ConfigurationResult _last;
    private Task _written = Task.CompletedTask;

    /// <summary>Begins to watch.</summary>
    /// <param name="loaded">What was loaded at the start.</param>
    /// <param name="host">The running gateway.</param>
    /// <param name="terminalLost">Called when SIGHUP meant that the terminal is gone.</param>
    public ConfigurationReload(LoadedConfiguration loaded, GatewayHost host, Action terminalLost)
    {
        _host = host;
        _last = loaded.Result;
        var snapshot = new ConfigurationSnapshot(loaded.Config);
        _watcher = new ConfigurationWatcher(loaded.Source, loaded.Environment, loaded.Result, snapshot, TimeProvider.System, new PlainLogger<ConfigurationWatcher>()) { Apply = Apply };
        _watcher.Reloaded += Keep;
        _watcher.Start();
        _hangup = new HangupSignal(() => _watcher.Reload(Signal), terminalLost);
    }

    /// <summary>What the last valid load gave.</summary>
    public ConfigurationResult Last => _last;

    /// <summary>Loads again now, for the administration API, which writes down who asked.</summary>
    public ConfigurationResult Reload() => _watcher.Reload(Asked);

    public async ValueTask DisposeAsync()
    {
        _hangup.Dispose();
        _watcher.Dispose();
        await _written;
    }

    private string? Apply(SluiceConfig config)
    {
        try
        {
            _host.State.Swap(ReachableProviders.Only(config));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // A certificate that is named but cannot be used is found only here.
            return $"the configuration cannot be put in force: {e.Message}";
        }
    }

    // Raised for one reload after the other.
    private void Keep(object? sender, ConfigurationReloadedEventArgs reloaded)
    {
        if (reloaded.Result.IsValid) _last = reloaded.Result;
        if (reloaded.Trigger != Asked) _written = WriteAsync(_written, reloaded);
    }

    private async Task WriteAsync(Task before, ConfigurationReloadedEventArgs reloaded)
    {
        await before;
        var act = new AuditEntry(TimeProvider.System.GetUtcNow(), "gateway", reloaded.Result.IsValid ? "config.reload" : "config.reload_refused", null) { Detail = $$"""{"by":"{{reloaded.Trigger}}"}""" };
        if (await _host.Audit.WriteAsync(act, CancellationToken.None) is { } error) await Console.Error.WriteLineAsync($"sluice: a reload could not be written down: {error.Message}");
    }
}
