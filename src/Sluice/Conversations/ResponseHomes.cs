namespace Sluice.Conversations;

/// <summary>Which provider stored a response that passed through, so that what names it later goes there. In memory, bounded, and seen only by the owner that made it. Thread-safe.</summary>
internal sealed class ResponseHomes(ConversationBounds bounds, TimeProvider time)
{
    // The names alone: many more of them fit than of whole turns, and providers keep responses for a month.
    private const int Weight = 256;
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private readonly BoundedMap<(string Owner, string Id), ResponseHome> _homes = new(bounds.MaxCount * 10, bounds.MaxBytes, Month, time);

    /// <summary>Remembers where a response is.</summary>
    public void Remember(string owner, string id, ResponseHome home) => _homes.Set((owner, id), home, Weight);

    /// <summary>Where a response is; <see langword="null"/> where that is not known.</summary>
    public ResponseHome? Find(string owner, string id) => _homes.TryGet((owner, id), out var home) ? home : null;

    /// <summary>Forgets one that was deleted.</summary>
    public void Forget(string owner, string id) => _homes.Remove((owner, id));
}

/// <summary>Where a response is stored.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="KeyName">The name of its key by which it was made; <see langword="null"/> where it has none.</param>
internal sealed record ResponseHome(string Provider, string? KeyName);
