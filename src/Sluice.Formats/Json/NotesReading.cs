using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>Gives back what <see cref="NotesBuilder"/> kept, to the format that it came from and to no other.</summary>
internal static class NotesReading
{
    /// <summary>True when the object was spelled so in <paramref name="format"/>.</summary>
    public static bool Has(this WireNotes? notes, WireFormatId format, string word) => notes?.Format == format && Shape.Has(notes, word);

    /// <summary>The value that was kept with a spelling of <paramref name="format"/>.</summary>
    public static string? Value(this WireNotes? notes, WireFormatId format, string key) => notes?.Format == format ? Shape.Value(notes, key) : null;

    /// <summary>The kept member of a name, whatever format it came from; absent where there is none.</summary>
    public static RawJson Field(this WireNotes? notes, string name)
    {
        if (notes is null) return default;
        foreach (var (key, json) in notes.Fields)
        {
            if (key == name) return json;
        }
        return default;
    }

    /// <summary>True when a kept member stands under <paramref name="prefix"/>.</summary>
    public static bool HasFieldsUnder(this WireNotes? notes, WireFormatId format, string prefix) =>
        notes is not null && notes.Format == format && notes.Fields.Any(f => f.Key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Writes the kept members that stand directly in the object, leaving out those of nested objects.</summary>
    public static void WriteKept(this Utf8JsonWriter writer, WireNotes? notes, WireFormatId format, params ReadOnlySpan<string> nested)
    {
        if (notes is null || notes.Format != format) return;
        foreach (var (name, json) in notes.Fields)
        {
            if (IsUnder(name, nested)) continue;
            writer.WritePropertyName(name);
            json.WriteTo(writer);
        }
    }

    /// <summary>Writes the kept members of a nested object.</summary>
    public static void WriteKeptUnder(this Utf8JsonWriter writer, WireNotes? notes, WireFormatId format, string prefix)
    {
        if (notes is null || notes.Format != format) return;
        foreach (var (name, json) in notes.Fields)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            writer.WritePropertyName(name.AsSpan(prefix.Length));
            json.WriteTo(writer);
        }
    }

    private static bool IsUnder(string name, ReadOnlySpan<string> prefixes)
    {
        foreach (string prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
