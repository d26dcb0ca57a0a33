using System.Text.Json;
using Sluice.Configuration;
using Sluice.Configuration.Binding;
using Sluice.Storage;

namespace Sluice.Access.Administration;

/// <summary>A key as JSON, for the administration API and <c>--output json</c>. Neither the key nor its hash is in it but right after it was made.</summary>
internal static class KeyJson
{
    /// <summary>What a key can be.</summary>
    public static IReadOnlyList<string> States { get; } = ["active", "expired", "revoked"];

    /// <summary>Writes a key.</summary>
    /// <param name="w">The writer.</param>
    /// <param name="key">The key.</param>
    /// <param name="config">The configuration with its groups.</param>
    /// <param name="now">The time that its state is told for.</param>
    /// <param name="issued">The key itself, right after it was made.</param>
    public static void Write(Utf8JsonWriter w, KeyRecord key, SluiceConfig config, DateTimeOffset now, IssuedKey? issued = null)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, key.Id);
        if (issued is not null) w.WriteString("key"u8, issued.Secret);
        if (issued is { IsWeak: true }) w.WriteBoolean("weak"u8, true);
        w.WriteString("state"u8, State(key, now));
        w.WriteString("ends_with"u8, key.Tail);
        foreach (var entry in KeySettings.Of(key, isShown: true).Entries)
        {
            w.WritePropertyName(entry.Key);
            JsonValues.Write(entry.Value, w);
            if (entry.Key == "group") Groups(w, key, config);
        }
        w.WriteString("created_at"u8, KeySettings.Text(key.CreatedAt));
        if (key.PreviousUntil is { } until && until > now) w.WriteString("previous_until"u8, KeySettings.Text(until));
        if (key.RevokedAt is { } revoked) w.WriteString("revoked_at"u8, KeySettings.Text(revoked));
        w.WriteNumber("version"u8, key.Version);
        w.WriteEndObject();
    }

    /// <summary><c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public static string State(KeyRecord key, DateTimeOffset now) => key.RevokedAt is not null ? "revoked" : key.ExpiresAt is { } end && end <= now ? "expired" : "active";

    private static void Groups(Utf8JsonWriter w, KeyRecord key, SluiceConfig config)
    {
        if (GroupChain.Of(key.Group, config.Keys.Groups) is not { } chain) return;
        w.WriteStartArray("groups"u8);
        foreach (var group in chain) w.WriteStringValue(group.Name);
        w.WriteEndArray();
    }
}
