namespace Sluice.Resilience.Keys;

/// <summary>Sums over the last minute, to five seconds. Not thread-safe.</summary>
internal sealed class MinuteCounter(TimeProvider time)
{
    private const int Slots = 12;
    private const int SecondsPerSlot = 60 / Slots;
    private readonly long[] _sums = new long[Slots];
    private long _slot;

    public long Sum
    {
        get
        {
            Turn();
            return _sums.Sum();
        }
    }

    public void Add(long amount)
    {
        Turn();
        _sums[_slot % Slots] += amount;
    }

    private void Turn()
    {
        long now = time.GetTimestamp() / (time.TimestampFrequency * SecondsPerSlot);
        long stale = Math.Min(now - _slot, Slots);
        for (long i = 1; i <= stale; i++) _sums[(_slot + i) % Slots] = 0;
        _slot = Math.Max(now, _slot);
    }
}
