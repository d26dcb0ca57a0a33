using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>
/// Facts about spelling in <see cref="WireNotes.Shape"/>: words, or names with a value (<c>name=value</c>), between unit separators, which no
/// JSON text can hold. Callers pass only notes of their own format.
/// </summary>
internal static class Shape
{
    /// <summary>Stands between two facts.</summary>
    public const char Separator = '\u001f';

    /// <summary>Joins the facts that are not null; <see langword="null"/> where none is.</summary>
    public static string? Of(params ReadOnlySpan<string?> facts)
    {
        string? shape = null;
        foreach (string? fact in facts)
        {
            if (fact is not null) shape = shape is null ? fact : shape + Separator + fact;
        }
        return shape;
    }

    /// <summary>True when the notes hold the fact.</summary>
    public static bool Has(WireNotes? notes, string fact)
    {
        if (notes?.Shape is not { } shape) return false;
        foreach (var range in shape.AsSpan().Split(Separator))
        {
            if (shape.AsSpan(range).SequenceEqual(fact)) return true;
        }
        return false;
    }

    /// <summary>The value of a named fact; <see langword="null"/> where it is absent.</summary>
    public static string? Value(WireNotes? notes, string name)
    {
        if (notes?.Shape is not { } shape) return null;
        foreach (var range in shape.AsSpan().Split(Separator))
        {
            var fact = shape.AsSpan(range);
            if (fact.Length > name.Length && fact.StartsWith(name) && fact[name.Length] == '=') return fact[(name.Length + 1)..].ToString();
        }
        return null;
    }
}
