using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sluice.Wire;

/// <summary>A piece of JSON kept as the UTF-8 bytes it was written in, so that number spelling and member order survive.</summary>
public readonly struct RawJson : IEquatable<RawJson>
{
    private readonly ReadOnlyMemory<byte> _utf8;

    // Whole documents are accepted up to a depth of 128; a piece of one is never deeper.
    private static JsonDocumentOptions Options { get; } = new() { MaxDepth = 128 };

    /// <summary>Wraps bytes that hold exactly one valid JSON value. They are not copied and not checked.</summary>
    public RawJson(ReadOnlyMemory<byte> utf8) => _utf8 = utf8;

    /// <summary>The JSON text in UTF-8; empty for the default value.</summary>
    public ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>True for <c>default(RawJson)</c>, which stands for "absent" and is no JSON.</summary>
    public bool IsAbsent => _utf8.IsEmpty;

    /// <summary>True when the value is the literal <c>null</c>.</summary>
    public bool IsNull => _utf8.Span.SequenceEqual("null"u8);

    /// <summary>Copies the bytes of an element out of its document.</summary>
    public static RawJson From(JsonElement element) => new(JsonMarshal.GetRawUtf8Value(element).ToArray());

    /// <summary>Takes JSON text.</summary>
    public static RawJson FromText(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <summary>Parses the value into an element of its own, independent of pooled memory.</summary>
    public JsonElement ToElement()
    {
        using var document = JsonDocument.Parse(_utf8, Options);
        return document.RootElement.Clone();
    }

    /// <summary>Writes the bytes unchanged.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(_utf8.Span, skipInputValidation: true);
    }

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(_utf8.Span);

    /// <summary>Compares bytes, not meaning.</summary>
    public bool Equals(RawJson other) => _utf8.Span.SequenceEqual(other._utf8.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RawJson other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>Compares bytes.</summary>
    public static bool operator ==(RawJson left, RawJson right) => left.Equals(right);

    /// <summary>Compares bytes.</summary>
    public static bool operator !=(RawJson left, RawJson right) => !left.Equals(right);
}
