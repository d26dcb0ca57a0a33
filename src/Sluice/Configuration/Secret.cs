using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Configuration;

/// <summary>
/// A value that must not be seen: an API key, a password, a connection string. It cannot be formatted:
/// <see cref="ToString"/> gives <c>***</c>, and no serializer finds a property to read.
/// </summary>
[DebuggerDisplay("***")]
public sealed class Secret : IEquatable<Secret>
{
    /// <summary>What is shown wherever a secret would be.</summary>
    public const string Mask = "***";

    private readonly string value;

    /// <summary>Wraps a value.</summary>
    /// <param name="value">The secret text; not empty.</param>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        this.value = value;
    }

    /// <summary>Gives the secret itself, for the one place that sends it. Never put the result in a message.</summary>
    public string Reveal() => value;

    /// <summary>Compares in a time that does not depend on where the two values differ.</summary>
    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(other.value));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc />
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Always <see cref="Mask"/>.</summary>
    public override string ToString() => Mask;
}
