using System.Text.Json;
using Sluice.Resilience;
using Sluice.Resilience.Keys;
using Sluice.Routing;

namespace Sluice.Gateway.Endpoints;

/// <summary>What is known of a provider: its keys by name, its models with their breakers, calls under way and waiting.</summary>
internal static class ProviderHealth
{
    public static void Write(Utf8JsonWriter w, ProviderModel provider, GatewayState state)
    {
        w.WriteNumber("busy"u8, state.Targets.Where(t => IsOf(provider, t.Key)).Sum(t => t.Value.Busy));
        if (provider.State.Limiter.Waiting is > 0 and var waiting) w.WriteNumber("waiting"u8, waiting);
        Keys(w, provider.KeyStatus);
        Models(w, provider, state);
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

    // Models that only requests name are told of while there is something to tell: clients may name any.
    private static void Models(Utf8JsonWriter w, ProviderModel provider, GatewayState state)
    {
        var configured = state.Current.ConfiguredModels;
        var told = state.Targets
            .Where(t => IsOf(provider, t.Key))
            .Select(t => (Id: t.Key, State: t.Value, Breaker: t.Value.Breaker.Status()))
            .Where(t => configured.Contains(t.Id) || t.Breaker is not { State: BreakerState.Closed, Failures: 0 } || t.State.Busy > 0 || t.State.Limiter.Waiting > 0)
            .OrderBy(t => t.Id, StringComparer.Ordinal).ToArray();
        if (told.Length == 0) return;
        w.WriteStartArray("models"u8);
        foreach (var (id, target, breaker) in told)
        {
            w.WriteStartObject();
            w.WriteString("model"u8, id[(provider.Name.Length + 1)..]);
            w.WriteString("breaker"u8, breaker.State switch { BreakerState.Open => "open", BreakerState.HalfOpen => "half_open", _ => "closed" });
            w.WriteNumber("failures"u8, breaker.Failures);
            if (breaker.State == BreakerState.Open) w.WriteNumber("rest_seconds"u8, Math.Ceiling(breaker.OpenFor.TotalSeconds));
            w.WriteNumber("busy"u8, target.Busy);
            if (target.Limiter.Waiting is > 0 and var waiting) w.WriteNumber("waiting"u8, waiting);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static bool IsOf(ProviderModel provider, string id) => id.Length > provider.Name.Length && id[provider.Name.Length] == '/' && id.StartsWith(provider.Name, StringComparison.Ordinal);
}
