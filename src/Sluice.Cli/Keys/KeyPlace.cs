using System.CommandLine;
using Sluice.Cli.Hosting;

namespace Sluice.Cli.Keys;

/// <summary>Where the keys are that a command works on: in the store of the configuration, or at a gateway elsewhere.</summary>
internal sealed class KeyPlace
{
    private readonly Option<Uri?> _url = GatewayUrl.Option("A gateway elsewhere, whose administration API is used in place of the configuration's store");
    private readonly Option<string?> _key = new("--admin-key") { Description = $"The admin key of that gateway; better in the variable {GatewayUrl.KeyVariable}, as others on this machine can see command lines", HelpName = "KEY" };

    /// <summary>The options that find the configuration.</summary>
    public ConfigurationOptions Configuration { get; } = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_key);
        Configuration.AddTo(command);
    }

    /// <summary>Opens it, does the work, closes it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="work">What is done.</param>
    /// <param name="makes">Whether a store is made where there is none: for what puts the first thing into it.</param>
    public async Task<int> WorkAsync(ParseResult parsed, Func<KeyDesk, Task<int>> work, bool makes = false)
    {
        var errors = parsed.InvocationConfiguration.Error;
        if (parsed.GetValue(_url) is { } url)
        {
            string? key = parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(GatewayUrl.KeyVariable);
            if (string.IsNullOrWhiteSpace(key))
            {
                errors.WriteLine($"sluice: --url needs the gateway's admin key: set {GatewayUrl.KeyVariable}, or write --admin-key KEY");
                return ExitCodes.WrongUsage;
            }
            if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback) errors.WriteLine($"sluice: warning: the admin key goes to {url.Host} unencrypted (http)");
            await using var remote = new RemoteKeyRing(new AdminClient(url, key.Trim()));
            return await work(new KeyDesk(remote, errors));
        }
        if (Configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
        bool isNew = makes && !File.Exists(config.Storage.Sqlite);
        if (await (makes ? StoreOpening.OpenOrTellAsync(config) : StoreOpening.OpenExistingAsync(config, Configuration.Flags(parsed))) is not { } store) return ExitCodes.Failed;
        if (isNew) errors.WriteLine($"sluice: made a new store: {config.Storage.Sqlite}");
        await using var stored = new StoredKeyRing(store, config);
        return await work(new KeyDesk(stored, errors));
    }
}
