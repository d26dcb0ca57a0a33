namespace Sluice.Resilience.Keys;

/// <summary>The keys that a call has tried at one target.</summary>
internal struct KeyTrail
{
    private ulong _few;
    private HashSet<int>? _many;

    public readonly bool IsEmpty => _few == 0 && _many is null;

    public readonly bool Has(int index) => index < 64 ? (_few & (1UL << index)) != 0 : _many?.Contains(index) == true;

    public void Add(int index)
    {
        if (index < 64) _few |= 1UL << index;
        else (_many ??= []).Add(index);
    }
}
