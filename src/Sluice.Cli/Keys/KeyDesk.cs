using System.CommandLine;
using Sluice.Access;
using Sluice.Access.Administration;
using Sluice.Cli.Hosting;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Storage;
using Sluice.Telemetry;

namespace Sluice.Cli.Keys;

/// <summary>Works on the keys of a configuration's store, whether or not a gateway runs: gateways see a change at their next call.</summary>
internal sealed class KeyDesk : IAsyncDisposable
{
    private readonly ISluiceStore _store;

    private KeyDesk(ISluiceStore store, SluiceConfig config, TextWriter errors)
    {
        (_store, Config, Errors) = (store, config, errors);
        var secrets = SecretMask.Of(config);
        var audit = new AuditLog(null, store.Audit, () => secrets);
        Keys = new KeyAdministration(store.Keys, audit, () => config, TimeProvider.System);
        Admin = new AdminKey(store.Keys, audit, () => config, TimeProvider.System);
    }

    public SluiceConfig Config { get; }

    public KeyAdministration Keys { get; }

    public AdminKey Admin { get; }

    /// <summary>Where what is not the result is told.</summary>
    public TextWriter Errors { get; }

    /// <summary>Who acts: this command line, for whoever may use it.</summary>
    public static Administrator Who { get; } = new("cli");

    /// <summary>Opens the store, does the work, closes it.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, ConfigurationOptions configuration, Func<KeyDesk, Task<int>> work)
    {
        if (configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
        var errors = parsed.InvocationConfiguration.Error;
        var opened = StoreOpening.Open(config);
        if (!opened.IsSuccess) return Tell(errors, opened.Error);
        await using var desk = new KeyDesk(opened.Value, config, errors);
        return await work(desk);
    }

    /// <summary>Tells an error and gives the exit code.</summary>
    public int Tell(GatewayError error) => Tell(Errors, error);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static int Tell(TextWriter errors, GatewayError error)
    {
        foreach (string line in error.Message.Split('\n')) errors.WriteLine($"sluice: {line}");
        return error.StatusOrDefault is 400 ? ExitCodes.WrongUsage : ExitCodes.Failed;
    }
}
