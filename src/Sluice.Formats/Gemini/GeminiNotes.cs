using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reads what a <see cref="GeminiNotesBuilder"/> collected, for writing the same format again. Notes of other formats are as none.</summary>
internal readonly struct GeminiNotes
{
    private readonly WireNotes? _notes;

    public GeminiNotes(WireNotes? notes) => _notes = notes?.Format == WireFormatId.GeminiGenerate ? notes : null;

    /// <summary>Was this spelling noted?</summary>
    public bool Has(string mark) => Find(mark, mark.Length) >= 0;

    /// <summary>The value of a noted spelling; <see langword="null"/> where there is none.</summary>
    public string? Value(string mark)
    {
        int at = Find(mark + "=", mark.Length + 1);
        if (at < 0) return null;
        string shape = _notes!.Shape!;
        int start = at + mark.Length + 1, end = shape.IndexOf('\n', start);
        return end < 0 ? shape[start..] : shape[start..end];
    }

    /// <summary>The name of a member as it was spelled.</summary>
    public string Name(string camel, string prefix = "") => _notes?.Shape is not null && Has($"~{prefix}{camel}") ? GeminiNames.Snake(camel) : camel;

    /// <summary>Is there a kept member of the object with this prefix?</summary>
    public bool HasFields(string prefix)
    {
        if (_notes is null) return false;
        foreach (var (name, _) in _notes.Fields)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }
        return false;
    }

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
    public RawJson Field(string name)
    {
        if (_notes is null) return default;
        foreach (var (kept, json) in _notes.Fields)
        {
            if (kept == name) return json;
        }
        return default;
    }

    private static bool IsDeeper(ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        return dot > 0 && GeminiNames.IsKnown(name[..dot]);
    }

    // A mark stands at the start of a line and, when it is asked for whole, fills it.
    private int Find(string mark, int length)
    {
        if (_notes?.Shape is not { } shape) return -1;
        bool whole = mark[^1] != '=';
        for (int at = shape.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = shape.IndexOf(mark, at + 1, StringComparison.Ordinal))
        {
            if (at > 0 && shape[at - 1] != '\n') continue;
            if (!whole || at + length == shape.Length || shape[at + length] == '\n') return at;
        }
        return -1;
    }
}
