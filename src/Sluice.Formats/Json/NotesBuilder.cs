using System.Text;
using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>
/// Collects what a codec keeps of an object beside the chat model: members that the model has no word for become <see cref="WireNotes.Fields"/>, facts of
/// spelling that carry no meaning become <see cref="WireNotes.Shape"/> (see <see cref="Shape"/>). Members of a nested object that has no record of its own
/// stand under a dotted name (<c>options.num_ctx</c>). <see cref="NotesReading"/> and <see cref="MemberWriter"/> give all of it back.
/// </summary>
internal sealed class NotesBuilder(WireFormatId format)
{
    private List<KeyValuePair<string, RawJson>>? _fields;
    private StringBuilder? _shape;

    /// <summary>The notes of one object whose unknown members and nulls are kept; <see langword="null"/> where there is nothing to keep.</summary>
    public static WireNotes? Of(WireFormatId format, JsonElement value, IReadOnlySet<string> known, string? shape = null)
    {
        var notes = new NotesBuilder(format).Keep(value, known);
        return (shape is null ? notes : notes.Spell(shape)).Build();
    }

    /// <summary>Keeps the members of an object that the codec does not read, and every null: null and absent differ.</summary>
    /// <param name="value">The object; anything else has no members.</param>
    /// <param name="known">Names that the codec reads.</param>
    /// <param name="prefix">Put before the names: the path of a nested object with its dot.</param>
    public NotesBuilder Keep(JsonElement value, IReadOnlySet<string> known, string prefix = "")
    {
        if (value.ValueKind != JsonValueKind.Object) return this;
        foreach (var member in value.EnumerateObject())
        {
            string name = member.Name;
            if (member.Value.ValueKind == JsonValueKind.Null || !known.Contains(name)) Keep(prefix + name, RawJson.From(member.Value));
        }
        return this;
    }

    /// <summary>
    /// Keeps the members of an object that the codec does not read, and remembers how the others spelled that they say nothing
    /// (<c>null</c>, <c>""</c>, <c>[]</c>, <c>{}</c>): no other format misses those.
    /// </summary>
    /// <inheritdoc cref="Keep(JsonElement, IReadOnlySet{string}, string)" path="/param"/>
    public NotesBuilder Sort(JsonElement value, IReadOnlySet<string> known, string prefix = "")
    {
        foreach (var member in value.EnumerateObject())
        {
            string name = member.Name;
            if (!known.Contains(name)) Keep(prefix + name, RawJson.From(member.Value));
            else if (SaysNothing(member.Value)) Spell(prefix + name, member.Value.GetRawText());
        }
        return this;
    }

    /// <summary>Keeps one member, whether or not its name is known.</summary>
    public NotesBuilder Keep(string name, RawJson json)
    {
        (_fields ??= []).Add(new(name, json));
        return this;
    }

    /// <summary>Remembers a fact of spelling, where it applies.</summary>
    public NotesBuilder Spell(string fact, bool applies = true)
    {
        if (applies) (_shape is null ? _shape = new StringBuilder() : _shape.Append(Shape.Separator)).Append(fact);
        return this;
    }

    /// <summary>Remembers a fact of spelling with its value, where there is one.</summary>
    /// <param name="name">The dotted name of a member, or a name that its codec knows.</param>
    /// <param name="value">How it was spelled: text, or JSON for what <see cref="Spelling"/> reads.</param>
    public NotesBuilder Spell(string name, string? value) => value is null ? this : Spell($"{name}={value}");

    /// <summary>What was collected; <see langword="null"/> where it is nothing.</summary>
    public WireNotes? Build() => _fields is null && _shape is null ? null : new WireNotes(format) { Fields = _fields ?? [], Shape = _shape?.ToString() };

    private static bool SaysNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
