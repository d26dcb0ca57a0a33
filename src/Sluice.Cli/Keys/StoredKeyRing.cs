using System.Text.Json;
using Sluice.Access;
using Sluice.Access.Administration;
using Sluice.Configuration;
using Sluice.Configuration.Yaml;
using Sluice.Errors;
using Sluice.Storage;
using Sluice.Telemetry;

namespace Sluice.Cli.Keys;

/// <summary>The keys of a configuration's store, whether or not a gateway runs: gateways see a change at their next call.</summary>
internal sealed class StoredKeyRing : IKeyRing
{
    // This command line, for whoever may use it.
    private static readonly Administrator Who = new("cli");
    private readonly ISluiceStore _store;
    private readonly SluiceConfig _config;
    private readonly KeyAdministration _keys;
    private readonly AdminKey _admin;

    public StoredKeyRing(ISluiceStore store, SluiceConfig config)
    {
        (_store, _config) = (store, config);
        var secrets = SecretMask.Of(config);
        var audit = new AuditLog(null, store.Audit, () => secrets);
        _keys = new KeyAdministration(store.Keys, audit, () => config, TimeProvider.System);
        _admin = new AdminKey(store.Keys, audit, () => config, TimeProvider.System);
    }

    public string? Address => $"{(_config.Server.Https is null ? "http" : "https")}://{(_config.Server.Listen.Host is "*" or "0.0.0.0" or "::" ? $"THIS-HOST:{_config.Server.Listen.Port}" : _config.Server.Listen)}";

    public async ValueTask<Outcome<IReadOnlyList<ShownKey>>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await _keys.ListAsync(cancellationToken);
        return all.IsSuccess ? Outcome.Of<IReadOnlyList<ShownKey>>([.. all.Value.Select(k => Shown(k))]) : all.Error;
    }

    public async ValueTask<Outcome<ShownKey>> GetAsync(string idOrName, CancellationToken cancellationToken) => Shown(await _keys.GetAsync(idOrName, cancellationToken));

    public async ValueTask<Outcome<ShownKey>> CreateAsync(MapNode settings, CancellationToken cancellationToken) => Shown(await _keys.CreateAsync(settings, Who, cancellationToken));

    public async ValueTask<Outcome<ShownKey>> UpdateAsync(string idOrName, MapNode patch, long? version, CancellationToken cancellationToken) => Shown(await _keys.UpdateAsync(idOrName, patch, version, Who, cancellationToken));

    public async ValueTask<Outcome<ShownKey>> RotateAsync(string idOrName, TimeSpan grace, long? version, CancellationToken cancellationToken) => Shown(await _keys.RotateAsync(idOrName, grace, version, Who, cancellationToken));

    public async ValueTask<Outcome<ShownKey>> RevokeAsync(string idOrName, long? version, CancellationToken cancellationToken) => Shown(await _keys.RevokeAsync(idOrName, version, Who, cancellationToken));

    public ValueTask<Outcome<string>> RotateAdminAsync(CancellationToken cancellationToken) => _admin.RotateAsync(Who, cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private Outcome<ShownKey> Shown(Outcome<KeyRecord> key) => key.IsSuccess ? Shown(key.Value) : key.Error;

    private Outcome<ShownKey> Shown(Outcome<IssuedKey> issued) => issued.IsSuccess ? Shown(issued.Value.Record, issued.Value) : issued.Error;

    private ShownKey Shown(KeyRecord key, IssuedKey? issued = null)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) KeyJson.Write(writer, key, _config, TimeProvider.System.GetUtcNow(), issued);
        var reader = new Utf8JsonReader(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        return new ShownKey(JsonElement.ParseValue(ref reader));
    }
}
