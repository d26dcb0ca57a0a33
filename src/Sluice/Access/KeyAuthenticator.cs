using System.Net;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Storage;

namespace Sluice.Access;

/// <summary>
/// Knows callers by the virtual keys of a store. A key that was looked up is remembered until any key changes, so that a call costs a hash and a
/// question for the keys' revision. Where no key is required, one that cannot be a virtual key counts as none: SDKs always send some.
/// </summary>
/// <param name="keys">The keys.</param>
/// <param name="state">The configuration in force.</param>
/// <param name="time">The clock.</param>
internal sealed class KeyAuthenticator(IKeyStore keys, GatewayState state, TimeProvider time) : ICallerAuthenticator
{
    private readonly KeyPepper _pepper = new(keys);
    private readonly GivenKeys _given = new(keys);
    private readonly KeyLimiters _limiters = new(time);
    private volatile CallerCache _cache = new(long.MinValue);

    public ValueTask<CallerResult> AuthenticateAsync(IClientHeaders headers, string? queryKey, IPAddress? address, CancellationToken cancellationToken)
    {
        var config = state.Current.Config;
        var presented = PresentedKey.Find(headers, queryKey);
        if (!KeyFormat.IsMeant(presented)) return presented.IsEmpty ? ValueTask.FromResult(Stranger(presented, config)) : GivenAsync(headers, queryKey, presented, address, config, cancellationToken);
        // The pepper is in memory but for the first call.
        if (_pepper.Known(config.Keys) is { } pepper)
        {
            var hash = KeyHash.Of(presented, pepper);
            var revision = keys.RevisionAsync(cancellationToken);
            if (hash is { } known && revision.IsCompletedSuccessfully && Remembered(known, revision.Result, config) is { } caller) return ValueTask.FromResult(caller.Check(address, time.GetUtcNow()));
        }
        if (!KeyFormat.IsWhole(presented)) return ValueTask.FromResult(new CallerResult(null, AccessErrors.Mistyped));
        return LookUpAsync(presented.ToString(), address, config, cancellationToken);
    }

    // What looks like no key of a gateway may be one whose secret was given.
    private ValueTask<CallerResult> GivenAsync(IClientHeaders headers, string? queryKey, ReadOnlySpan<char> presented, IPAddress? address, SluiceConfig config, CancellationToken cancellationToken)
    {
        var stranger = Stranger(presented, config);
        var asked = keys.RevisionAsync(cancellationToken);
        if (!asked.IsCompletedSuccessfully) return FindGivenAsync(headers, queryKey, stranger, asked, address, config, cancellationToken);
        var revision = asked.Result;
        if (revision.Error is null && _given.AreNone(revision.Value)) return ValueTask.FromResult(stranger);
        return FindGivenAsync(headers, queryKey, stranger, ValueTask.FromResult(revision), address, config, cancellationToken);
    }

    private async ValueTask<CallerResult> FindGivenAsync(IClientHeaders headers, string? queryKey, CallerResult stranger, ValueTask<KeyRevision> asked, IPAddress? address, SluiceConfig config, CancellationToken cancellationToken)
    {
        var revision = await asked.ConfigureAwait(false);
        var pepper = await _pepper.GetAsync(config.Keys, cancellationToken).ConfigureAwait(false);
        string? key = null;
        var error = revision.Error ?? pepper.Error;
        if (error is null) (key, error) = await _given.FindAsync(headers, queryKey, pepper.Value!, revision.Value, cancellationToken).ConfigureAwait(false);
        // Nobody can say whether it is a key. Where none is required it counts as none, as what SDKs send always did.
        if (error is not null) return config.Keys.Required ? new CallerResult(null, AccessErrors.Store(error)) : stranger;
        if (key is null) return stranger;
        var hash = KeyHash.Of(key, pepper.Value!)!.Value;
        var known = Remembered(hash, revision, config) is { } caller ? caller.Check(address, time.GetUtcNow()) : await LookUpAsync(key, address, config, cancellationToken).ConfigureAwait(false);
        return known with { GivenKey = key };
    }

    private static CallerResult Stranger(ReadOnlySpan<char> presented, SluiceConfig config) => new(null, config.Keys.Required ? Refusal(presented) : null);

    // While the store does not answer, keys that were good before go on where the configuration wants calls to.
    private KnownCaller? Remembered(KeyHash hash, KeyRevision revision, SluiceConfig config)
    {
        var cache = _cache;
        bool isCurrent = revision.Error is null ? revision.Value == cache.Revision : config.Storage.OnFailure == StorageFailurePolicy.Allow;
        return isCurrent && cache.Find(hash) is { } known && ReferenceEquals(known.Config, config) ? known : null;
    }

    private async ValueTask<CallerResult> LookUpAsync(string key, IPAddress? address, SluiceConfig config, CancellationToken cancellationToken)
    {
        var pepper = await _pepper.GetAsync(config.Keys, cancellationToken).ConfigureAwait(false);
        if (!pepper.IsSuccess) return new CallerResult(null, AccessErrors.Store(pepper.Error));
        var hash = KeyHash.Of(key, pepper.Value)!.Value;
        // Asked before the key is: what is found may be newer than the revision says, never older.
        var revision = await keys.RevisionAsync(cancellationToken).ConfigureAwait(false);
        if (Remembered(hash, revision, config) is { } remembered) return remembered.Check(address, time.GetUtcNow());
        if (revision.Error is { } unknown) return new CallerResult(null, AccessErrors.Store(unknown));
        var found = await keys.FindAsync(hash.ToBytes(), cancellationToken).ConfigureAwait(false);
        if (found.Error is { } failed) return new CallerResult(null, AccessErrors.Store(failed));
        bool isPrevious = found.Key is { } record && !hash.Is(record.Hash.Span);
        if (found.Key is not { } there || there.Id == AdminKey.Id || (isPrevious && !hash.Is(there.PreviousHash.Span))) return new CallerResult(null, AccessErrors.Unknown);
        var caller = new KnownCaller(there, isPrevious, config, _limiters);
        Remember(hash, caller, revision.Value);
        return caller.Check(address, time.GetUtcNow());
    }

    private void Remember(KeyHash hash, KnownCaller caller, long revision)
    {
        var cache = _cache;
        if (cache.Revision != revision) _cache = cache = new CallerCache(revision);
        cache.Add(hash, caller);
    }

    private static GatewayError Refusal(ReadOnlySpan<char> presented) =>
        presented.IsEmpty ? AccessErrors.Missing : presented.StartsWith(KeyFormat.AdminPrefix, StringComparison.Ordinal) ? AccessErrors.Admin : AccessErrors.Foreign;
}
