using Sluice.Storage;

namespace Sluice.Access.Administration;

/// <summary>A key that was just made: the only time that the key itself is known.</summary>
/// <param name="Record">What the store keeps.</param>
/// <param name="Secret">The key itself, to be shown once.</param>
/// <param name="IsWeak">True where the secret was given and could be guessed.</param>
internal sealed record IssuedKey(KeyRecord Record, string Secret, bool IsWeak = false)
{
    public override string ToString() => Record.Id;
}
