using Sluice.Storage;

namespace Sluice.Access;

/// <summary>Who makes a call: the virtual key that was presented, and the groups above it.</summary>
/// <param name="Key">The key as it was when the call came in.</param>
/// <param name="Groups">The names of its groups, the nearest first; empty where it belongs to none.</param>
public sealed record Caller(KeyRecord Key, IReadOnlyList<string> Groups)
{
    /// <summary>The key's id.</summary>
    public string KeyId => Key.Id;

    /// <summary>The key's name.</summary>
    public string Name => Key.Name;

    /// <summary>What it may use and how often; <see langword="null"/> for no rule at all.</summary>
    internal CallerRules? Rules { get; init; }
}
