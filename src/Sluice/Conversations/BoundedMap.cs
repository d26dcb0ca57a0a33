using System.Diagnostics.CodeAnalysis;

namespace Sluice.Conversations;

/// <summary>A map that forgets what was used longest ago when it grows beyond its bounds, and whatever was not used for too long. Thread-safe.</summary>
internal sealed class BoundedMap<TKey, TValue>(int maxCount, long maxBytes, TimeSpan maxAge, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];

    // The front was used last.
    private readonly LinkedList<Entry> _order = new();

    /// <summary>How many values are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <summary>How much they take, as their owners counted it.</summary>
    public long Bytes { get; private set; }

    /// <summary>Finds a value and counts it as used.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            RemoveOld();
            if (!_entries.TryGetValue(key, out var node))
            {
                value = default;
                return false;
            }
            Touch(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>Keeps a value, in place of one with the same key.</summary>
    /// <returns>False when it alone is larger than the bound.</returns>
    public bool Set(TKey key, TValue value, long bytes)
    {
        if (bytes > maxBytes || maxCount <= 0) return false;
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var old)) Remove(old);
            _entries[key] = _order.AddFirst(new Entry(key, value, bytes) { UsedAt = time.GetUtcNow() });
            Bytes += bytes;
            RemoveOld();
            while (_entries.Count > maxCount || Bytes > maxBytes) Remove(_order.Last!);
            return true;
        }
    }

    /// <summary>Forgets a value.</summary>
    public bool Remove(TKey key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node)) return false;
            Remove(node);
            return true;
        }
    }

    private void RemoveOld()
    {
        var limit = time.GetUtcNow() - maxAge;
        while (_order.Last is { } last && last.Value.UsedAt < limit) Remove(last);
    }

    private void Touch(LinkedListNode<Entry> node)
    {
        node.Value.UsedAt = time.GetUtcNow();
        _order.Remove(node);
        _order.AddFirst(node);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        _entries.Remove(node.Value.Key);
        Bytes -= node.Value.Bytes;
    }

    private sealed class Entry(TKey key, TValue value, long bytes)
    {
        public TKey Key { get; } = key;

        public TValue Value { get; } = value;

        public long Bytes { get; } = bytes;

        public DateTimeOffset UsedAt { get; set; }
    }
}
