using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>Keeps what the chat model has no word for, so that the same format comes out as it went in.</summary>
internal static class Keeping
{
    /// <summary>
    /// Notes of the members that <paramref name="known"/> does not hold, and of every member that is <c>null</c>: null and absent differ.
    /// <see langword="null"/> where there is nothing to keep.
    /// </summary>
    public static WireNotes? Keep(this JsonElement parent, WireFormatId format, FrozenSet<string> known, string? shape = null)
    {
        List<KeyValuePair<string, RawJson>>? fields = null;
        foreach (var member in parent.EnumerateObject())
        {
            string name = member.Name;
            if (member.Value.ValueKind == JsonValueKind.Null || !known.Contains(name)) (fields ??= []).Add(new(name, RawJson.From(member.Value)));
        }
        return fields is null && shape is null ? null : new WireNotes(format) { Fields = fields ?? [], Shape = shape };
    }

    /// <summary>The members of a nested object that <paramref name="known"/> does not hold, as one object; absent where the object has none. An empty object stays.</summary>
    public static RawJson Rest(this JsonElement? nested, FrozenSet<string> known)
    {
        if (nested is not { ValueKind: JsonValueKind.Object } value) return default;
        bool any = false, unknown = false;
        foreach (var member in value.EnumerateObject())
        {
            any = true;
            unknown |= IsUnknown(member, known);
        }
        return any && !unknown ? default : JsonOutput.ToRaw((value, known), static (writer, state) =>
        {
            writer.WriteStartObject();
            foreach (var member in state.value.EnumerateObject())
            {
                if (IsUnknown(member, state.known)) member.WriteTo(writer);
            }
            writer.WriteEndObject();
        });
    }

    /// <summary>The kept field of a name; absent where there is none.</summary>
    public static RawJson Field(this WireNotes? notes, string name)
    {
        if (notes is null) return default;
        foreach (var (key, json) in notes.Fields)
        {
            if (key == name) return json;
        }
        return default;
    }

    /// <summary>Writes the members of an object that was kept as a <see cref="Rest"/>.</summary>
    public static void WriteMembers(this Utf8JsonWriter writer, RawJson rest)
    {
        if (rest.IsAbsent || rest.IsNull) return;
        using var document = JsonDocument.Parse(rest.Utf8, Decoding.Pieces);
        foreach (var member in document.RootElement.EnumerateObject()) member.WriteTo(writer);
    }

    /// <summary>Writes a kept value on one line, as server-sent events demand.</summary>
    public static void WriteOnOneLine(this Utf8JsonWriter writer, RawJson json)
    {
        writer.WriteOneLine(json.Utf8.Span);
    }

    private static bool IsUnknown(JsonProperty member, FrozenSet<string> known) => member.Value.ValueKind == JsonValueKind.Null || !known.Contains(member.Name);
}
