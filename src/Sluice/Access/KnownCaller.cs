using System.Net;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Access;

/// <summary>A key with all that is worked out from it and from the configuration once, and asked on every call. Immutable.</summary>
internal sealed class KnownCaller
{
    private readonly AddressList? _addresses;
    private readonly GatewayError? _refusal;
    private readonly DateTimeOffset _until;
    private readonly bool _isPrevious;

    /// <summary>Works it out.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isPrevious">True where the client came with the key before the last rotation.</param>
    /// <param name="config">The configuration in force.</param>
    /// <param name="limiters">What has been used of each rate.</param>
    public KnownCaller(KeyRecord key, bool isPrevious, SluiceConfig config, KeyLimiters limiters)
    {
        Config = config;
        _addresses = AddressList.Of(key.Addresses);
        _isPrevious = isPrevious;
        _until = isPrevious ? key.PreviousUntil ?? DateTimeOffset.MinValue : DateTimeOffset.MaxValue;
        var groups = GroupChain.Of(key.Group, config.Keys.Groups);
        _refusal = key.RevokedAt is not null ? AccessErrors.Revoked(key) : groups is null ? AccessErrors.NoGroup(key, key.Group!) : null;
        Caller = new Caller(key, [.. (groups ?? []).Select(g => g.Name)]) { Rules = CallerRules.Of(key, groups ?? [], config.Providers.Keys, limiters) };
    }

    /// <summary>The configuration that it was worked out for.</summary>
    public SluiceConfig Config { get; }

    public Caller Caller { get; }

    /// <summary>Whether the key is good now and here.</summary>
    public CallerResult Check(IPAddress? address, DateTimeOffset now)
    {
        if (_refusal is not null) return new CallerResult(null, _refusal);
        var key = Caller.Key;
        if (_isPrevious && now >= _until) return new CallerResult(null, AccessErrors.Unknown);
        if (key.ExpiresAt is { } end && now >= end) return new CallerResult(null, AccessErrors.Expired(key));
        if (_addresses is not null && !_addresses.Contains(address)) return new CallerResult(null, AccessErrors.Elsewhere(key, address));
        return new CallerResult(Caller, null);
    }
}
