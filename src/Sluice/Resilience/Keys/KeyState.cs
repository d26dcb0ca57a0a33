using Sluice.Errors;

namespace Sluice.Resilience.Keys;

/// <summary>
/// What is known of one key of a provider across reloads. Limits are held for each model by itself, since providers count them so; a refusal of the
/// key holds for all, one of a permission for the model. Thread-safe.
/// </summary>
internal sealed class KeyState(TimeProvider time)
{
    // Models are named by clients: beyond the bound the oldest rests are forgotten, and found out anew.
    private const int MaxModels = 256;
    private const string All = "";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Hold> _holds = new(StringComparer.Ordinal);
    private readonly MinuteCounter _tokens = new(time);
    private volatile bool _isHeld;

    /// <summary>Tokens of the last minute.</summary>
    public long RecentTokens
    {
        get
        {
            lock (_gate) return _tokens.Sum;
        }
    }

    /// <summary>What keeps the key from a model now; <see langword="null"/> where nothing does.</summary>
    public Hold? On(string model)
    {
        if (!_isHeld) return null;
        lock (_gate)
        {
            Prune();
            var (all, one) = (_holds.GetValueOrDefault(All), _holds.GetValueOrDefault(model));
            return all is null || (one is not null && one.Weight > all.Weight) ? one : all;
        }
    }

    /// <summary>The key rests for a model until the provider's limit is reset.</summary>
    public void Rest(string model, TimeSpan rest) => Put(model, new Hold(HoldKind.Limited, Until(rest), 0, ErrorKind.RateLimited));

    /// <summary>The provider has said that nothing is left: others are asked first, but nobody is refused for it.</summary>
    public void Spare(string model, TimeSpan rest) => Put(model, new Hold(HoldKind.Spared, Until(rest), 0, ErrorKind.RateLimited));

    /// <summary>The provider refused the key, or its permission for a model.</summary>
    /// <param name="model">The model; <see langword="null"/> for all.</param>
    /// <param name="rest">After which time it is tried again.</param>
    /// <param name="reason">Why.</param>
    public void Refuse(string? model, TimeSpan rest, ErrorKind reason) => Put(model ?? All, new Hold(HoldKind.Refused, Until(rest), time.GetTimestamp(), reason));

    /// <summary>Forgets refusals: the user has looked at the configuration, or has changed something at the provider.</summary>
    public void Forgive() => Remove(static h => h.Kind == HoldKind.Refused);

    /// <summary>Counts what the key was used for.</summary>
    public void Count(long tokens)
    {
        lock (_gate) _tokens.Add(tokens);
    }

    /// <summary>The state for people.</summary>
    public KeyStatus Status(string name)
    {
        lock (_gate)
        {
            Prune();
            var worst = _holds.Values.Where(h => h.Kind != HoldKind.Spared).OrderByDescending(h => h.Weight).ThenByDescending(h => h.Until).FirstOrDefault();
            return worst is null ? new KeyStatus(name, KeyCondition.Good, TimeSpan.Zero, null) : new KeyStatus(name, worst.Kind == HoldKind.Refused ? KeyCondition.Refused : KeyCondition.Resting, Left(worst), worst.Reason.Value);
        }
    }

    /// <summary>How long a hold lasts from now.</summary>
    public TimeSpan Left(Hold hold) => time.GetElapsedTime(time.GetTimestamp(), hold.Until);

    private long Until(TimeSpan rest) => time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency);

    private void Put(string model, Hold hold)
    {
        lock (_gate)
        {
            Prune();
            if (_holds.TryGetValue(model, out var known) && (known.Weight > hold.Weight || (known.Kind == hold.Kind && known.Until > hold.Until))) return;
            if (_holds.Count >= MaxModels && !_holds.ContainsKey(model)) _holds.Remove(_holds.MinBy(h => h.Value.Until).Key);
            _holds[model] = hold;
            _isHeld = true;
        }
    }

    private void Prune()
    {
        long now = time.GetTimestamp();
        Remove(h => h.Until <= now);
    }

    private void Remove(Func<Hold, bool> isGone)
    {
        lock (_gate)
        {
            foreach (var (model, hold) in _holds)
            {
                if (isGone(hold)) _holds.Remove(model);
            }
            _isHeld = _holds.Count > 0;
        }
    }

    /// <summary>How a key is held back.</summary>
    public enum HoldKind
    {
        /// <summary>Used only where no other is free.</summary>
        Spared,

        /// <summary>Not used before its end.</summary>
        Limited,

        /// <summary>Used only where all keys are refused.</summary>
        Refused,
    }

    /// <summary>What keeps a key back.</summary>
    public sealed record Hold(HoldKind Kind, long Until, long Since, ErrorKind Reason)
    {
        /// <summary>The heavier of two holds counts.</summary>
        public int Weight => (int)Kind;
    }
}
