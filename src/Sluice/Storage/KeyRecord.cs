using Sluice.Configuration;

namespace Sluice.Storage;

/// <summary>A virtual key as the store keeps it. The key itself is nowhere: only its keyed hash.</summary>
public sealed record KeyRecord
{
    /// <summary>The id, <c>key_...</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name; unique.</summary>
    public required string Name { get; init; }

    /// <summary>HMAC-SHA256 of the key under the pepper, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>The hash of the key before the last rotation, while it is still taken; empty where there is none.</summary>
    public ReadOnlyMemory<byte> PreviousHash { get; init; }

    /// <summary>Until when the key before is taken.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>True where its secret, or the one before the last rotation, was given by an administrator and may look like anything.</summary>
    public bool IsGiven { get; init; }

    /// <summary>The last four characters of the key, so that a person can tell which it is.</summary>
    public string Tail { get; init; } = "";

    /// <summary>The group in <c>keys.groups</c>; <see langword="null"/> for none.</summary>
    public string? Group { get; init; }

    /// <summary>Model ids that may be used, patterns with <c>*</c>; <see langword="null"/> means all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Routes that may be used, patterns with <c>*</c>; <see langword="null"/> means all.</summary>
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>Providers that may be used; <see langword="null"/> means all.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary>Its rates.</summary>
    public LimitsConfig Limits { get; init; } = LimitsConfig.None;

    /// <summary>Its budget.</summary>
    public BudgetConfig Budget { get; init; } = BudgetConfig.None;

    /// <summary>When it ends; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Addresses or networks (CIDR) that it may be used from; <see langword="null"/> means any.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>Labels that every call of it gets.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked; <see langword="null"/> while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Counts its changes, from 1; the ETag of the administration API.</summary>
    public long Version { get; init; } = 1;
}
