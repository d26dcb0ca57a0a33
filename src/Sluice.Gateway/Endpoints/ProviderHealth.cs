using System.Text.Json;
using Sluice.Resilience;
using Sluice.Resilience.Keys;
using Sluice.Routing;

namespace Sluice.Gateway.Endpoints;

/// <summary>What is known of a provider: its keys by name, models that rest, calls under way and waiting.</summary>
internal static class ProviderHealth
{
    public static void Write(Utf8JsonWriter w, ProviderModel provider, GatewayState state)
    {
        w.WriteNumber("busy"u8, state.Targets.Where(t => IsOf(provider, t.Key)).Sum(t => t.Value.Busy));
        if (provider.State.Limiter.Waiting is > 0 and var waiting) w.WriteNumber("waiting"u8, waiting);
        Keys(w, provider.KeyStatus);
        Resting(w, provider, state);
    }

    private static void Keys(Utf8JsonWriter w, IReadOnlyList<KeyStatus> keys)
    {
        if (keys.Count == 0) return;
        w.WriteStartArray("keys"u8);
        foreach (var key in keys)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, key.Name);
            w.WriteString("state"u8, key.Condition switch { KeyCondition.Refused => "refused", KeyCondition.Resting => "resting", _ => "good" });
            if (key.Reason is { } reason)
            {
                w.WriteString("reason"u8, reason);
                w.WriteNumber("rest_seconds"u8, Math.Ceiling(key.Left.TotalSeconds));
            }
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void Resting(Utf8JsonWriter w, ProviderModel provider, GatewayState state)
    {
        var resting = state.Targets.Where(t => IsOf(provider, t.Key) && t.Value.Breaker.Current != BreakerState.Closed).ToArray();
        if (resting.Length == 0) return;
        w.WriteStartArray("resting"u8);
        foreach (var (id, target) in resting)
        {
            w.WriteStartObject();
            w.WriteString("model"u8, id[(provider.Name.Length + 1)..]);
            w.WriteString("breaker"u8, target.Breaker.Current == BreakerState.Open ? "open" : "half_open");
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static bool IsOf(ProviderModel provider, string id) => id.Length > provider.Name.Length && id[provider.Name.Length] == '/' && id.StartsWith(provider.Name, StringComparison.Ordinal);
}
