namespace Sluice.Routing;

/// <summary>What outlives a reload of one provider: counters. Thread-safe.</summary>
public sealed class ProviderState(string name)
{
    private int _nextKey = -1;

    /// <summary>The provider's name.</summary>
    public string Name { get; } = name;

    /// <summary>The turn of the next key, counting up.</summary>
    internal int TakeKeyTurn() => Interlocked.Increment(ref _nextKey) & int.MaxValue;
}
