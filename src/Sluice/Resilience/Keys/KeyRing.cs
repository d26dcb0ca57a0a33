using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Upstream;

namespace Sluice.Resilience.Keys;

/// <summary>The keys of one provider: chooses one for each attempt, and learns from what became of it. Thread-safe.</summary>
internal sealed class KeyRing
{
    /// <summary>How long a refused key is set aside.</summary>
    internal static readonly TimeSpan RefusedRest = TimeSpan.FromMinutes(5);

    // A limit without a word about its end; and the longest that is believed, so that a daily quota raised by the user is found out.
    private static readonly TimeSpan UnknownRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private readonly KeyStrategy _strategy;

    private KeyRing(IReadOnlyList<ProviderKey> keys, KeyStrategy strategy) => (Keys, _strategy) = (keys, strategy);

    public IReadOnlyList<ProviderKey> Keys { get; }

    /// <summary>The keys of a provider, with what is known of them from before. A reload forgives refusals.</summary>
    public static KeyRing Of(ProviderConfig config, Func<string, KeyState> states)
    {
        var keys = config.ApiKeys.Select((k, i) => new ProviderKey(i, k.Name, k.Value.Reveal(), Math.Max(1, k.Weight), states(Hash(k.Value)))).ToArray();
        foreach (var key in keys) key.State.Forgive();
        return new KeyRing(keys, config.KeyStrategy);
    }

    /// <summary>Chooses the key for the next attempt of a call.</summary>
    /// <param name="model">The model's name at the provider.</param>
    /// <param name="tried">The keys that the call has tried at this target.</param>
    public KeyChoice Choose(string model, KeyTrail tried)
    {
        if (Keys.Count == 0) return default;
        if (Keys.Count == 1) return Only(Keys[0], model, tried);
        lock (_gate) return Among(model, tried);
    }

    /// <summary>Whether a key is free that the call has not tried; takes no turn.</summary>
    public bool HasFree(string model, KeyTrail tried) => Keys.Count > 1 && Keys.Any(k => !tried.Has(k.Index) && k.State.On(model)?.Kind is (null or KeyState.HoldKind.Spared));

    /// <summary>Learns from an attempt.</summary>
    /// <param name="key">The key that it used.</param>
    /// <param name="model">The model.</param>
    /// <param name="error">Why it failed; <see langword="null"/> where it did not.</param>
    /// <param name="tokens">What it used.</param>
    /// <returns>True when the key is set aside because the provider refused it.</returns>
    public bool Report(ProviderKey key, string model, GatewayError? error, long tokens)
    {
        if (Keys.Count > 1 && _strategy == KeyStrategy.LeastUsed) key.State.Count(tokens);
        switch (error?.Kind.Value)
        {
            case "rate_limited":
                // Without a word about the end the only key is not kept from anyone: the call's own backoff will do.
                if (error.RetryAfter is null && Keys.Count == 1) return false;
                var rest = error.RetryAfter ?? UnknownRest;
                key.State.Rest(model, rest < LongestRest ? rest : LongestRest);
                return false;
            case "authentication" or "quota_spent":
                key.State.Refuse(null, RefusedRest, error.Kind);
                return true;
            case "permission":
                key.State.Refuse(model, RefusedRest, error.Kind);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Spares a key of which the provider says that nothing is left; the others are asked first.</summary>
    public void Observe(ProviderKey? key, TargetModel target, HttpResponseHeaders headers, TimeProvider time)
    {
        if (key is null || Keys.Count == 1) return;
        if (RetryAfter.Exhausted(headers, target.Provider.Vendor.LimitHeaders, time) is { } rest && rest > TimeSpan.Zero) key.State.Spare(target.Model, rest < LongestRest ? rest : LongestRest);
    }

    /// <summary>The state of each key.</summary>
    public IReadOnlyList<KeyStatus> Status() => [.. Keys.Select(k => k.State.Status(k.Name))];

    // States are kept by what cannot be turned back into the key.
    private static string Hash(Secret key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal())), 0, 16);

    // The only key is used though it was refused: the user may have mended it, and the provider's own error says most.
    private static KeyChoice Only(ProviderKey key, string model, KeyTrail tried)
    {
        if (tried.Has(key.Index)) return new KeyChoice(null, IsExhausted: true);
        return key.State.On(model) is { Kind: KeyState.HoldKind.Limited } hold ? new KeyChoice(null, key.State.Left(hold)) : new KeyChoice(key);
    }

    private KeyChoice Among(string model, KeyTrail tried)
    {
        List<ProviderKey> free = [], spared = [];
        (ProviderKey Key, long Since)? refused = null;
        TimeSpan? soonest = null;
        foreach (var key in Keys)
        {
            if (tried.Has(key.Index)) continue;
            var hold = key.State.On(model);
            switch (hold?.Kind)
            {
                case null: free.Add(key); break;
                case KeyState.HoldKind.Spared: spared.Add(key); break;
                case KeyState.HoldKind.Refused:
                    if (refused is not { } known || hold.Since < known.Since) refused = (key, hold.Since);
                    break;
                default:
                    var left = key.State.Left(hold);
                    if (soonest is null || left < soonest) soonest = left;
                    break;
            }
        }
        if (free.Count > 0) return new KeyChoice(Next(free));
        if (spared.Count > 0) return new KeyChoice(spared.MinBy(k => k.State.Left(k.State.On(model) ?? new KeyState.Hold(default, 0, 0, default))));
        if (soonest is not null) return new KeyChoice(null, soonest);
        return refused is { } last && tried.IsEmpty && Keys.All(k => k.State.On(model)?.Kind == KeyState.HoldKind.Refused) ? new KeyChoice(last.Key) : new KeyChoice(null, IsExhausted: true);
    }

    // Smooth weighted turns: each gains its weight, the richest goes and pays for all. With equal weights that is a plain rotation.
    private ProviderKey Next(List<ProviderKey> free)
    {
        if (_strategy == KeyStrategy.LeastUsed)
        {
            // Turns part those that have used the same.
            long least = free.Min(k => k.State.RecentTokens);
            free.RemoveAll(k => k.State.RecentTokens > least);
        }
        long total = 0;
        foreach (var key in free)
        {
            int weight = _strategy == KeyStrategy.Weighted ? key.Weight : 1;
            key.Credit += weight;
            total += weight;
        }
        var next = free[0];
        foreach (var key in free)
        {
            if (key.Credit > next.Credit) next = key;
        }
        next.Credit -= total;
        return next;
    }
}
