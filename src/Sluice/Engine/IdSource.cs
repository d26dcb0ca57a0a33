using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Random ids of letters and digits. Not secrets: they only must not collide. Locks the generator, which others share.</summary>
internal sealed class IdSource : IIdSource
{
    /// <summary>What ids are made of, in the order of their codes.</summary>
    public const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private readonly Random _random;

    public IdSource(Random random) => _random = random;

    public string Next(string prefix, int length = 24) => string.Create(prefix.Length + length, (Source: this, prefix), static (target, state) =>
    {
        state.prefix.CopyTo(target);
        lock (state.Source._random) state.Source._random.GetItems(Alphabet, target[state.prefix.Length..]);
    });
}
