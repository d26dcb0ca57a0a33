namespace Sluice.Conversations;

/// <summary>
/// Who made what providers keep (responses, conversations, items, containers), and where it is, so that what names it later goes there and comes from its
/// owner. In memory and bounded. Thread-safe.
/// </summary>
internal sealed class StateHomes(ConversationBounds bounds, TimeProvider time)
{
    // The names alone: many more of them fit than of whole turns, and providers keep responses for a month.
    private const int Weight = 256;

    // Ids are random; a server that counts instead gives the same one to several callers.
    private const int MostOwners = 16;
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly BoundedMap<string, StateHome[]> _homes = new(bounds.MaxCount * 20, bounds.MaxBytes, Month, time);

    /// <summary>Remembers who made something and where it is. What another made stays theirs, whatever a server says.</summary>
    public void Remember(string id, StateHome home)
    {
        lock (_gate)
        {
            StateHome[] known = _homes.TryGet(id, out var before) ? [.. before.Where(h => h.Owner != home.Owner)] : [];
            if (known.Length < MostOwners) _homes.Set(id, [.. known, home], Weight);
        }
    }

    /// <summary>Where something is that an owner made; <see langword="null"/> where that is not known.</summary>
    public StateHome? Find(string owner, string id) => _homes.TryGet(id, out var homes) ? Array.Find(homes, h => h.Owner == owner) : null;

    /// <summary>Whether others made it, and the owner did not.</summary>
    public bool IsForeign(string owner, string id) => _homes.TryGet(id, out var homes) && !Array.Exists(homes, h => h.Owner == owner);

    /// <summary>Forgets what an owner deleted.</summary>
    public void Forget(string owner, string id)
    {
        lock (_gate)
        {
            if (!_homes.TryGet(id, out var homes)) return;
            StateHome[] left = [.. homes.Where(h => h.Owner != owner)];
            if (left.Length == 0) _homes.Remove(id);
            else _homes.Set(id, left, Weight);
        }
    }
}

/// <summary>Where something is kept, and for whom.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Provider">The provider's name; <see langword="null"/> for what the gateway itself keeps.</param>
/// <param name="KeyName">The name of the provider's key by which it was made; <see langword="null"/> where it has none.</param>
internal sealed record StateHome(string Owner, string? Provider, string? KeyName);
