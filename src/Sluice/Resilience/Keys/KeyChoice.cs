namespace Sluice.Resilience.Keys;

/// <summary>The key for an attempt, or why there is none.</summary>
/// <param name="Key">The key; <see langword="null"/> where the provider takes none, or none is free.</param>
/// <param name="Rest">Where all keys that are left are limited: how long until the first of them is free.</param>
/// <param name="IsExhausted">True when this call has tried all that may be tried.</param>
internal readonly record struct KeyChoice(ProviderKey? Key, TimeSpan? Rest = null, bool IsExhausted = false)
{
    public bool IsNone => Key is null && (Rest is not null || IsExhausted);
}
