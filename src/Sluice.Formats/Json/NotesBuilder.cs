using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>
/// Collects what a codec keeps of an object beside the chat model: unknown members, known members that are explicitly <c>null</c>, members of
/// nested objects under a dotted name (<c>options.num_ctx</c>), and words about the spelling, facts of <see cref="Shape"/>.
/// </summary>
internal sealed class NotesBuilder(WireFormatId format)
{
    private List<KeyValuePair<string, RawJson>>? _fields;
    private string? _shape;

    /// <summary>Keeps the members of an object that the codec does not read, and its nulls.</summary>
    /// <param name="value">The object; anything else has no members.</param>
    /// <param name="known">Names that the codec reads.</param>
    /// <param name="prefix">Put before the names: the path of a nested object with its dot.</param>
    public NotesBuilder Keep(JsonElement value, IReadOnlySet<string> known, string prefix = "")
    {
        if (value.ValueKind != JsonValueKind.Object) return this;
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || !known.Contains(member.Name)) Keep(prefix + member.Name, RawJson.From(member.Value));
        }
        return this;
    }

    /// <summary>Keeps one member.</summary>
    public NotesBuilder Keep(string name, RawJson json)
    {
        (_fields ??= []).Add(new(name, json));
        return this;
    }

    /// <summary>Keeps a word about the spelling, where it applies.</summary>
    public NotesBuilder Word(string word, bool applies = true)
    {
        if (applies) _shape = Shape.Of(_shape, word);
        return this;
    }

    /// <summary>Keeps a spelling with its value, where there is one.</summary>
    public NotesBuilder Word(string key, string? value) => value is null ? this : Word($"{key}={value}");

    /// <summary>What was kept; <see langword="null"/> where it is nothing.</summary>
    public WireNotes? Build() => _fields is null && _shape is null ? null : new WireNotes(format) { Fields = _fields ?? [], Shape = _shape };
}
