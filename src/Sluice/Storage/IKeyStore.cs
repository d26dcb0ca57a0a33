using Sluice.Errors;

namespace Sluice.Storage;

/// <summary>The virtual keys. A change is seen by every gateway that shares the store at its next look.</summary>
public interface IKeyStore
{
    /// <summary>The secret with which keys are hashed, made at the first use; the same for all that share the store.</summary>
    ValueTask<Outcome<byte[]>> PepperAsync(CancellationToken cancellationToken);

    /// <summary>A number that changes with every change of any key; cheap enough to ask for on every call.</summary>
    ValueTask<KeyRevision> RevisionAsync(CancellationToken cancellationToken);

    /// <summary>The key with this hash, as its own or as the one before its last rotation, revoked and expired ones too; a value that is <see langword="null"/> where there is none.</summary>
    ValueTask<KeyLookup> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>The key with this id or name.</summary>
    ValueTask<KeyLookup> GetAsync(string idOrName, CancellationToken cancellationToken);

    /// <summary>All keys in the order they were made.</summary>
    ValueTask<Outcome<IReadOnlyList<KeyRecord>>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The hashes of all keys whose secret was given, those from before a rotation too: only such keys may look like anything.</summary>
    ValueTask<Outcome<IReadOnlyList<ReadOnlyMemory<byte>>>> GivenAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key. A name or a secret that is taken is an error (<see cref="ErrorKind.InvalidRequest"/>, status 409).</summary>
    ValueTask<GatewayError?> AddAsync(KeyRecord key, CancellationToken cancellationToken);

    /// <summary>Replaces a key if it still has version <paramref name="expectedVersion"/>; else an error with status 412.</summary>
    ValueTask<GatewayError?> UpdateAsync(KeyRecord key, long expectedVersion, CancellationToken cancellationToken);
}

/// <summary>The revision of all keys, or why it is unknown.</summary>
public readonly record struct KeyRevision(long Value, GatewayError? Error);

/// <summary>A key that was looked for; both are <see langword="null"/> where there is none.</summary>
public readonly record struct KeyLookup(KeyRecord? Key, GatewayError? Error);
