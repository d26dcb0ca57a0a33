namespace Sluice.Resilience.Keys;

/// <summary>One key of a provider.</summary>
/// <param name="index">Its place in the configuration.</param>
/// <param name="name">Its name in messages.</param>
/// <param name="value">The key itself. Never in a message.</param>
/// <param name="weight">Its share.</param>
/// <param name="state">What is known of it.</param>
internal sealed class ProviderKey(int index, string name, string value, int weight, KeyState state)
{
    public int Index => index;

    public string Name => name;

    public string Value => value;

    public int Weight => weight;

    public KeyState State => state;

    /// <summary>What its turns have left over; changed only under the ring's lock.</summary>
    public long Credit { get; set; }

    public override string ToString() => name;
}
