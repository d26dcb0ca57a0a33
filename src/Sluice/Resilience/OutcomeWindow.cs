namespace Sluice.Resilience;

/// <summary>Counts calls and failures over a window that slides by a tenth of its length. Not thread-safe.</summary>
internal sealed class OutcomeWindow(TimeProvider time)
{
    private const int Slots = 10;
    private readonly int[] _calls = new int[Slots];
    private readonly int[] _failures = new int[Slots];
    private long _slot = -1;
    private TimeSpan _length;

    public int Calls => _calls.Sum();

    public int Failures => _failures.Sum();

    public void Add(TimeSpan length, bool failed)
    {
        if (length != _length) Clear();
        _length = length;
        Turn();
        int at = (int)(_slot % Slots);
        _calls[at]++;
        if (failed) _failures[at]++;
    }

    public void Clear()
    {
        Array.Clear(_calls);
        Array.Clear(_failures);
        _slot = -1;
    }

    private void Turn()
    {
        long ticks = Math.Max(1, (long)(_length.TotalSeconds * time.TimestampFrequency / Slots));
        long now = time.GetTimestamp() / ticks;
        long stale = _slot < 0 ? 0 : Math.Min(now - _slot, Slots);
        for (long i = 1; i <= stale; i++) _calls[(_slot + i) % Slots] = _failures[(_slot + i) % Slots] = 0;
        _slot = Math.Max(now, _slot);
    }
}
