using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>
/// Writes the members of one object so that an object of the same format comes out as it went in: a member without a value is left out, or
/// written as the client or provider spelled its emptiness. See <see cref="NotesBuilder.Sort"/>.
/// </summary>
internal readonly struct MemberWriter
{
    private readonly WireNotes? _notes;
    private readonly string _prefix;

    public MemberWriter(Utf8JsonWriter json, WireNotes? notes, WireFormatId format)
        : this(json, notes?.Format == format ? notes : null, Formats.Json.Spelling.Of(notes, format), "")
    {
    }

    private MemberWriter(Utf8JsonWriter json, WireNotes? notes, Spelling spelling, string prefix) => (Output, _notes, Spelling, _prefix) = (json, notes, spelling, prefix);

    /// <summary>The writer below.</summary>
    public Utf8JsonWriter Output { get; }

    /// <summary>The object's spelling, by dotted names.</summary>
    public Spelling Spelling { get; }

    /// <summary>The members of a nested object that shares these notes.</summary>
    public MemberWriter Nested(string name) => new(Output, _notes, Spelling, $"{_prefix}{name}.");

    /// <summary>A string.</summary>
    public void Text(string name, string? value)
    {
        if (value is null) Silent(name);
        else Output.WriteString(name, value);
    }

    /// <summary>A whole number.</summary>
    public void Number(string name, long? value)
    {
        if (value is null) Silent(name);
        else Output.WriteNumber(name, value.Value);
    }

    /// <summary>A number.</summary>
    public void Number(string name, double? value)
    {
        if (value is null) Silent(name);
        else Output.WriteNumber(name, value.Value);
    }

    /// <summary>True or false.</summary>
    public void Flag(string name, bool? value)
    {
        if (value is null) Silent(name);
        else Output.WriteBoolean(name, value.Value);
    }

    /// <summary>A value that is already JSON.</summary>
    public void Raw(string name, RawJson value)
    {
        if (value.IsAbsent)
        {
            Silent(name);
            return;
        }
        Output.WritePropertyName(name);
        value.WriteTo(Output);
    }

    /// <summary>A list of strings; empty counts as no value.</summary>
    public void Texts(string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            Silent(name);
            return;
        }
        Output.WriteStartArray(name);
        foreach (string value in values) Output.WriteStringValue(value);
        Output.WriteEndArray();
    }

    /// <summary>A member that has no value: as it was spelled, or not at all.</summary>
    /// <returns>True when something was written.</returns>
    public bool Silent(string name)
    {
        var spelled = Spelling[_prefix + name];
        if (spelled.IsAbsent) return false;
        Output.WritePropertyName(name);
        spelled.WriteTo(Output);
        return true;
    }

    /// <summary>True when the member was a list.</summary>
    public bool IsList(string name) => Spelling.IsList(_prefix + name);

    /// <summary>True when the member is remembered as the empty string.</summary>
    public bool IsEmptyText(string name) => Spelling[_prefix + name].Utf8.Span.SequenceEqual("\"\""u8);

    /// <summary>The members of this object that the chat model does not know.</summary>
    /// <param name="nested">Names of nested objects that share the notes and write their own members.</param>
    public void Rest(params ReadOnlySpan<string> nested)
    {
        if (_notes is null) return;
        foreach (var (name, json) in _notes.Fields)
        {
            if (!name.StartsWith(_prefix, StringComparison.Ordinal) || IsNested(name.AsSpan(_prefix.Length), nested)) continue;
            Output.WritePropertyName(name.AsSpan(_prefix.Length));
            json.WriteTo(Output);
        }
    }

    private static bool IsNested(ReadOnlySpan<char> name, ReadOnlySpan<string> nested)
    {
        foreach (string parent in nested)
        {
            if (name.Length > parent.Length && name[parent.Length] == '.' && name.StartsWith(parent)) return true;
        }
        return false;
    }
}
