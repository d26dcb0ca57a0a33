using System.Security.Cryptography;
using System.Text;
using Sluice.Access.Administration;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Storage;
using Sluice.Telemetry;

namespace Sluice.Access;

/// <summary>
/// The key of the administration API: the configuration's, else one that is made at the first start. That one is kept among the keys, hashed like them,
/// under an id that no key may have; so all gateways that share a store know it.
/// </summary>
/// <param name="keys">The keys; <see langword="null"/> where there is no store.</param>
/// <param name="audit">Where acts are written down.</param>
/// <param name="config">The configuration in force.</param>
/// <param name="time">The clock.</param>
internal sealed class AdminKey(IKeyStore? keys, IAuditLog audit, Func<SluiceConfig> config, TimeProvider time)
{
    /// <summary>Its id and name.</summary>
    public const string Id = "admin";

    private readonly KeyPepper? _pepper = keys is null ? null : new KeyPepper(keys);

    /// <summary>Makes the key where neither the configuration nor the store has one.</summary>
    /// <returns>The key itself, to be shown once, where it was made.</returns>
    public async ValueTask<(string? Made, GatewayError? Error)> EnsureAsync(CancellationToken cancellationToken)
    {
        if (config().Admin.Key is not null || keys is null) return default;
        var found = await keys.GetAsync(Id, cancellationToken).ConfigureAwait(false);
        if (found.Error is { } failed) return (null, failed);
        if (found.Key is not null) return default;
        var (record, secret, error) = await NewAsync(cancellationToken).ConfigureAwait(false);
        if (error is not null) return (null, error);
        error = await keys.AddAsync(record!, cancellationToken).ConfigureAwait(false);
        // Another gateway was quicker: its key is the key.
        if (error is { StatusOrDefault: 409 }) return default;
        error ??= await audit.WriteAsync(new AuditEntry(time.GetUtcNow(), "gateway", "admin_key.create", Id), cancellationToken).ConfigureAwait(false);
        return error is null ? (secret, null) : (null, error);
    }

    /// <summary>Gives it a new secret; the one before ends at once.</summary>
    public async ValueTask<Outcome<string>> RotateAsync(Administrator who, CancellationToken cancellationToken)
    {
        if (config().Admin.Key is not null) return new GatewayError(ErrorKind.InvalidRequest, "the admin key stands in the configuration (admin.key): change it there") { Status = 409 };
        if (keys is null) return new GatewayError(ErrorKind.Internal, "there is no store that could keep an admin key");
        var (record, secret, error) = await NewAsync(cancellationToken).ConfigureAwait(false);
        if (error is not null) return error;
        var found = await keys.GetAsync(Id, cancellationToken).ConfigureAwait(false);
        error = found.Error ?? (found.Key is { } old
            ? await keys.UpdateAsync(record! with { CreatedAt = old.CreatedAt, Version = old.Version + 1 }, old.Version, cancellationToken).ConfigureAwait(false)
            : await keys.AddAsync(record!, cancellationToken).ConfigureAwait(false));
        error ??= await audit.WriteAsync(new AuditEntry(time.GetUtcNow(), who.Name, "admin_key.rotate", Id) { Address = who.Address, RequestId = who.RequestId }, cancellationToken).ConfigureAwait(false);
        return error is null ? secret! : error;
    }

    /// <summary>Whether this is the admin key. Takes the same time wherever a wrong one differs.</summary>
    /// <returns>Why the store could not say; <see langword="null"/> where it could.</returns>
    public async ValueTask<(bool IsIt, GatewayError? Error)> CheckAsync(string presented, CancellationToken cancellationToken)
    {
        if (config().Admin.Key is { } configured) return (CryptographicOperations.FixedTimeEquals(Digest(configured.Reveal()), Digest(presented)), null);
        if (keys is null || !KeyFormat.IsWhole(presented)) return default;
        var pepper = await _pepper!.GetAsync(config().Keys, cancellationToken).ConfigureAwait(false);
        if (!pepper.IsSuccess) return (false, pepper.Error);
        // Asked for each time: a rotation elsewhere holds at once.
        var found = await keys.GetAsync(Id, cancellationToken).ConfigureAwait(false);
        return found.Error is { } failed ? (false, failed) : (found.Key is { } key && KeyHash.Of(presented, pepper.Value) is { } hash && hash.Is(key.Hash.Span), null);
    }

    private async ValueTask<(KeyRecord? Record, string? Secret, GatewayError? Error)> NewAsync(CancellationToken cancellationToken)
    {
        var pepper = await _pepper!.GetAsync(config().Keys, cancellationToken).ConfigureAwait(false);
        if (!pepper.IsSuccess) return (null, null, pepper.Error);
        string secret = KeyFormat.NewAdminKey();
        return (new KeyRecord { Id = Id, Name = Id, Hash = KeyHash.Of(secret, pepper.Value)!.Value.ToBytes(), Tail = KeyFormat.TailOf(secret), CreatedAt = time.GetUtcNow() }, secret, null);
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
