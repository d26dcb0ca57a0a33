using System.Text;
using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>
/// Collects, while an object is read, what the chat model has no word for: unknown members become <see cref="WireNotes.Fields"/>, and
/// known members whose spelling carries no meaning (<c>null</c>, <c>""</c>, <c>[]</c>, <c>{}</c>, text given as a list) are remembered in
/// <see cref="WireNotes.Shape"/>, a JSON object by member name. Members of nested objects that have no record of their own are kept under a
/// dotted name (<c>message.audio</c>); a name that begins with <c>~</c> is no member but a fact of spelling that its codec knows.
/// <see cref="MemberWriter"/> writes all of it back.
/// </summary>
internal sealed class ObjectNotes(WireFormatId format)
{
    private List<KeyValuePair<string, RawJson>>? _fields;
    private StringBuilder? _shape;

    /// <summary>Sorts the members of an object into unknown and silent ones.</summary>
    public void Read(JsonElement value, IReadOnlySet<string> known, string prefix = "")
    {
        foreach (var member in value.EnumerateObject())
        {
            string name = member.Name;
            if (!known.Contains(name)) (_fields ??= []).Add(new(prefix + name, RawJson.From(member.Value)));
            else if (SaysNothing(member.Value)) Spell(prefix + name, member.Value.GetRawText());
        }
    }

    /// <summary>Remembers the spelling of a known member.</summary>
    /// <param name="name">Its name, dotted below the object.</param>
    /// <param name="json">An empty value of the kind that was used, or the whole value as it stood.</param>
    public void Spell(string name, string json)
    {
        if (_shape is null) _shape = new StringBuilder("{");
        else _shape.Append(',');
        _shape.Append('"').Append(JsonEncodedText.Encode(name)).Append("\":").Append(json);
    }

    /// <summary>Keeps a member whole although its name is known.</summary>
    public void Keep(string name, JsonElement value) => (_fields ??= []).Add(new(name, RawJson.From(value)));

    /// <summary>What was collected; <see langword="null"/> for nothing.</summary>
    public WireNotes? ToNotes() => _fields is null && _shape is null ? null : new WireNotes(format) { Fields = _fields ?? [], Shape = _shape?.Append('}').ToString() };

    private static bool SaysNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
