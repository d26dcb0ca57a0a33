using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reads what a <see cref="GeminiNotesBuilder"/> collected, for writing the same format again. Notes of other formats are as none.</summary>
internal readonly struct GeminiNotes
{
    private readonly WireNotes? _notes;

    public GeminiNotes(WireNotes? notes) => _notes = notes?.Format == WireFormatId.GeminiGenerate ? notes : null;

    /// <summary>Was this spelling noted?</summary>
    public bool Has(string mark) => Shape.Has(_notes, mark);

    /// <summary>The value of a noted spelling; <see langword="null"/> where there is none.</summary>
    public string? Value(string mark) => Shape.Value(_notes, mark);

    /// <summary>The name of a member as it was spelled.</summary>
    public string Name(string camel, string prefix = "") => _notes?.Shape is not null && Has($"~{prefix}{camel}") ? GeminiNames.Snake(camel) : camel;

    /// <summary>Writes the kept members of the object with this prefix, not those of objects inside it.</summary>
    public void WriteFields(Utf8JsonWriter writer, string prefix = "")
    {
        if (_notes is null) return;
        foreach (var (name, json) in _notes.Fields)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || IsDeeper(name.AsSpan(prefix.Length))) continue;
            writer.WritePropertyName(name.AsSpan(prefix.Length));
            json.WriteTo(writer);
        }
    }

    /// <summary>A kept member by its whole name; absent where there is none.</summary>
    public RawJson Field(string name) => _notes.Field(name);

    private static bool IsDeeper(ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        return dot > 0 && GeminiNames.IsKnown(name[..dot]);
    }
}
