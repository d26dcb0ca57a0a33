namespace Sluice.Formats.Shared;

/// <summary>A call of a conversation, as its results look for it.</summary>
/// <param name="id">The id that it goes by.</param>
/// <param name="turn">The number of its turn, where that counts.</param>
internal sealed class AwaitedCall(string id, int turn = 0)
{
    /// <summary>The id that it goes by.</summary>
    public string Id { get; } = id;

    /// <summary>The number of its turn.</summary>
    public int Turn { get; } = turn;

    /// <summary>A result was found for it.</summary>
    public bool IsAnswered { get; set; }
}

/// <summary>
/// Calls by a key in the order in which they came. An answered call is passed over once and never met again, so that matching all results of a
/// conversation is work in proportion to its length.
/// </summary>
internal sealed class UnansweredCalls<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Line> _lines = [];

    /// <summary>How many calls were looked at; for tests of how much work that is.</summary>
    internal int Looks { get; private set; }

    /// <summary>Adds a call.</summary>
    public void Add(TKey key, AwaitedCall call)
    {
        if (!_lines.TryGetValue(key, out var line)) _lines[key] = line = new Line();
        line.Calls.Add(call);
    }

    /// <summary>The first that has no answer; <see langword="null"/> for none.</summary>
    public AwaitedCall? First(TKey key)
    {
        if (!_lines.TryGetValue(key, out var line)) return null;
        for (; line.Start < line.Calls.Count; line.Start++)
        {
            Looks++;
            if (!line.Calls[line.Start].IsAnswered) return line.Calls[line.Start];
        }
        return null;
    }

    /// <summary>The last that has no answer; <see langword="null"/> for none.</summary>
    public AwaitedCall? Last(TKey key)
    {
        if (!_lines.TryGetValue(key, out var line)) return null;
        for (; line.Calls.Count > line.Start; line.Calls.RemoveAt(line.Calls.Count - 1))
        {
            Looks++;
            if (!line.Calls[^1].IsAnswered) return line.Calls[^1];
        }
        return null;
    }

    private sealed class Line
    {
        public List<AwaitedCall> Calls { get; } = [];

        /// <summary>All before it are answered.</summary>
        public int Start { get; set; }
    }
}
