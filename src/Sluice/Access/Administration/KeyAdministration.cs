using System.Security.Cryptography;
using Sluice.Configuration;
using Sluice.Configuration.Yaml;
using Sluice.Errors;
using Sluice.Storage;
using Sluice.Telemetry;

namespace Sluice.Access.Administration;

/// <summary>Makes, changes, rotates and revokes keys: the one set of rules behind the command line and the administration API. Each act is written down.</summary>
/// <param name="keys">The keys.</param>
/// <param name="audit">Where acts are written down.</param>
/// <param name="config">The configuration in force.</param>
/// <param name="time">The clock.</param>
internal sealed class KeyAdministration(IKeyStore keys, IAuditLog audit, Func<SluiceConfig> config, TimeProvider time)
{
    private const int MostTries = 5;
    private const string IdSigns = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private readonly KeyPepper _pepper = new(keys);

    /// <summary>All keys in the order they were made.</summary>
    public async ValueTask<Outcome<IReadOnlyList<KeyRecord>>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await keys.ListAsync(cancellationToken).ConfigureAwait(false);
        return all.IsSuccess ? Outcome.Of<IReadOnlyList<KeyRecord>>([.. all.Value.Where(k => k.Id != AdminKey.Id)]) : all;
    }

    /// <summary>The key with this id or name; an error with the nearest names where there is none.</summary>
    public async ValueTask<Outcome<KeyRecord>> GetAsync(string idOrName, CancellationToken cancellationToken)
    {
        var found = await keys.GetAsync(idOrName, cancellationToken).ConfigureAwait(false);
        if (found.Error is { } failed) return failed;
        if (found.Key is { } key && key.Id != AdminKey.Id) return key;
        var all = await ListAsync(cancellationToken).ConfigureAwait(false);
        string near = all.IsSuccess ? Routing.NearestNames.Suggestion(idOrName, all.Value.Select(k => k.Name)) : "";
        return new GatewayError(ErrorKind.NotFound, $"there is no key '{Cut(idOrName)}'.{near}") { Code = "key_not_found" };
    }

    /// <summary>Makes a key.</summary>
    /// <param name="settings">What is said of it; <c>secret</c> among it is the key itself, where it is not to be made.</param>
    /// <param name="who">Who acts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Outcome<IssuedKey>> CreateAsync(MapNode settings, Administrator who, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var written = MergePatch.Apply(new MapNode(settings.Origin, []), settings);
        bool isNamed = written["name"] is not null;
        string? given = null;
        if (written["secret"] is { } secret)
        {
            if (secret is not ScalarNode { Text: { } text }) return new GatewayError(ErrorKind.InvalidRequest, "secret: write the secret as a text") { Param = "secret", Code = "invalid_key_settings" };
            if (GivenSecret.Fault(text, config()) is { } unfit) return unfit;
            (given, written) = (text, new MapNode(written.Origin, [.. written.Entries.Where(e => e.Key != "secret")]));
        }
        var blank = new KeyRecord { Id = $"key_{RandomNumberGenerator.GetString(IdSigns, 16)}", Name = "", Hash = default, CreatedAt = now };
        var bound = KeySettings.Apply(blank, written, now);
        if (!bound.IsSuccess) return bound.Error;
        if (KeyReferences.Check(null, bound.Value, config(), now) is { } wrong) return wrong;
        for (int i = 0; ; i++)
        {
            var issued = await IssueAsync(isNamed ? bound.Value : bound.Value with { Name = $"{bound.Value.Group ?? "key"}-{RandomNumberGenerator.GetString(IdSigns.AsSpan(0, 36), 4).ToLowerInvariant()}" }, given, cancellationToken).ConfigureAwait(false);
            if (!issued.IsSuccess) return issued.Error;
            if (await keys.AddAsync(issued.Value.Record, cancellationToken).ConfigureAwait(false) is not { } error)
            {
                return await audit.WriteAsync(KeyActs.Of("key.create", who, null, issued.Value.Record, now), cancellationToken).ConfigureAwait(false) is { } unwritten ? unwritten : issued.Value;
            }
            if (isNamed || error.Code != "name_taken" || i >= MostTries) return error;
        }
    }

    /// <summary>Changes what is said of a key by a merge patch.</summary>
    public ValueTask<Outcome<KeyRecord>> UpdateAsync(string idOrName, MapNode patch, long? expectedVersion, Administrator who, CancellationToken cancellationToken) =>
        ChangeAsync("key.update", idOrName, expectedVersion, who, key =>
        {
            var now = time.GetUtcNow();
            var bound = KeySettings.Apply(key, MergePatch.Apply(KeySettings.Of(key, isShown: false), patch), now);
            return !bound.IsSuccess ? bound : KeyReferences.Check(key, bound.Value, config(), now) is { } wrong ? wrong : bound;
        }, cancellationToken);

    /// <summary>Ends a key for good; one that is revoked already stays as it is.</summary>
    public ValueTask<Outcome<KeyRecord>> RevokeAsync(string idOrName, long? expectedVersion, Administrator who, CancellationToken cancellationToken) =>
        ChangeAsync("key.revoke", idOrName, expectedVersion, who, key => key.RevokedAt is not null ? key : key with { RevokedAt = time.GetUtcNow() }, cancellationToken);

    /// <summary>Gives a key a new secret. The one before is taken until the grace is over.</summary>
    public async ValueTask<Outcome<IssuedKey>> RotateAsync(string idOrName, TimeSpan grace, long? expectedVersion, Administrator who, CancellationToken cancellationToken)
    {
        var issued = await IssueAsync(new KeyRecord { Id = "", Name = "", Hash = default, CreatedAt = default }, null, cancellationToken).ConfigureAwait(false);
        if (!issued.IsSuccess) return issued.Error;
        var changed = await ChangeAsync("key.rotate", idOrName, expectedVersion, who, key => key.RevokedAt is not null
            ? new GatewayError(ErrorKind.InvalidRequest, $"key '{key.Name}' is revoked: make a new one") { Status = 409, Code = "key_revoked" }
            : key with
            {
                Hash = issued.Value.Record.Hash,
                Tail = issued.Value.Record.Tail,
                PreviousHash = grace > TimeSpan.Zero ? key.Hash : default,
                PreviousUntil = grace > TimeSpan.Zero ? time.GetUtcNow() + grace : null,
                IsGiven = key.IsGiven && grace > TimeSpan.Zero,
            }, cancellationToken).ConfigureAwait(false);
        return changed.IsSuccess ? issued.Value with { Record = changed.Value } : changed.Error;
    }

    // Read, change, write if nobody else has written meanwhile; again where the caller did not name a version.
    private async ValueTask<Outcome<KeyRecord>> ChangeAsync(string act, string idOrName, long? expectedVersion, Administrator who, Func<KeyRecord, Outcome<KeyRecord>> change, CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            var found = await GetAsync(idOrName, cancellationToken).ConfigureAwait(false);
            if (!found.IsSuccess) return found;
            var key = found.Value;
            if (expectedVersion is { } expected && expected != key.Version) return Stale(key);
            var changed = change(key);
            if (!changed.IsSuccess || ReferenceEquals(changed.Value, key)) return changed;
            var next = changed.Value with { Version = key.Version + 1 };
            if (await keys.UpdateAsync(next, key.Version, cancellationToken).ConfigureAwait(false) is not { } error)
            {
                return await audit.WriteAsync(KeyActs.Of(act, who, key, next, time.GetUtcNow()), cancellationToken).ConfigureAwait(false) is { } unwritten ? unwritten : next;
            }
            if (error.StatusOrDefault != 412 || expectedVersion is not null || i >= MostTries) return error;
        }
    }

    private async ValueTask<Outcome<IssuedKey>> IssueAsync(KeyRecord record, string? given, CancellationToken cancellationToken)
    {
        var pepper = await _pepper.GetAsync(config().Keys, cancellationToken).ConfigureAwait(false);
        if (!pepper.IsSuccess) return pepper.Error;
        string secret = given ?? KeyFormat.NewKey();
        // Four signs of a short secret are half of it.
        string tail = given is { Length: < 16 } ? "" : KeyFormat.TailOf(secret);
        return new IssuedKey(record with { Hash = KeyHash.Of(secret, pepper.Value)!.Value.ToBytes(), Tail = tail, IsGiven = given is not null && !KeyFormat.IsMeant(given) }, secret, given is not null && GivenSecret.IsWeak(given));
    }

    private static GatewayError Stale(KeyRecord key) =>
        new(ErrorKind.InvalidRequest, $"key '{key.Name}' has version {key.Version}, not the one asked for: read it again") { Status = 412, Code = "version_mismatch" };

    private static string Cut(string name) => name.Length <= 100 ? name : name[..100] + "...";
}
