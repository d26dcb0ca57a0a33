using System.Collections.Concurrent;

namespace Sluice.Access;

/// <summary>The callers seen since the keys last changed. Holds good keys and spent ones alike, but only such as the store has, so that guesses cannot fill it.</summary>
/// <param name="revision">The keys' revision that all of it belongs to.</param>
internal sealed class CallerCache(long revision)
{
    private const int MostCallers = 10_000;
    private readonly ConcurrentDictionary<KeyHash, KnownCaller> _callers = new();

    public long Revision => revision;

    public KnownCaller? Find(KeyHash hash) => _callers.GetValueOrDefault(hash);

    public void Add(KeyHash hash, KnownCaller caller)
    {
        if (_callers.Count >= MostCallers) _callers.Clear();
        _callers[hash] = caller;
    }
}
