using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>
/// How this codec keeps what the chat model has no word for. Unknown members with a meaning go to <see cref="WireNotes.Fields"/>. Members
/// without one (statuses, echoed settings, nulls, empty lists) go to <see cref="WireNotes.Shape"/>, which is one JSON object of them. Names that
/// begin with <c>$</c> are marks of the codec and never written.
/// </summary>
internal static class ResponsesNotes
{
    /// <summary>The mark of content that was a plain string, not a list.</summary>
    public const string Plain = "$plain";

    /// <summary>The mark of a picture or a sound that came as a file.</summary>
    public const string File = "$file";

    /// <summary>The message is the request's <c>instructions</c>.</summary>
    public const string Instructions = """{"$instructions":true}""";

    /// <summary>The mark under which a text part keeps the members of the message item around it.</summary>
    public const string Item = "$item";

    /// <summary>True for notes that this codec made: the object came in this format and goes out as it was.</summary>
    public static bool IsNative(WireNotes? notes) => notes is not null && notes.Format == WireFormatId.OpenAIResponses;

    /// <summary>True for notes of this codec that hold the mark.</summary>
    public static bool HasShape(WireNotes? notes, string shape) => IsNative(notes) && notes!.Shape == shape;

    /// <summary>Notes without content: they only say where the object came from.</summary>
    public static WireNotes Empty { get; } = new(WireFormatId.OpenAIResponses);

    /// <summary>Sorts the members of an object.</summary>
    /// <param name="element">The object.</param>
    /// <param name="known">Members that the reader takes, unless they are null.</param>
    /// <param name="type">The usual value of <c>type</c>, which the writer puts there by itself.</param>
    /// <param name="silent">Tells which other members carry no meaning for other formats.</param>
    public static ResponsesNotesBuilder Read(JsonElement element, HashSet<string> known, string? type = null, Func<string, JsonElement, bool>? silent = null)
    {
        var notes = new ResponsesNotesBuilder();
        foreach (var member in element.EnumerateObject())
        {
            bool isNull = member.Value.ValueKind == JsonValueKind.Null;
            if (!isNull && known.Contains(member.Name)) continue;
            if (type is not null && member.NameEquals("type"u8))
            {
                if (member.Value.ValueKind != JsonValueKind.String || !member.Value.ValueEquals(type)) notes.Silent("type", RawJson.From(member.Value));
                continue;
            }
            // A client's own name may look like a mark: then it is a field, whatever its value.
            bool looksLikeMark = member.Name.StartsWith('$');
            if (!looksLikeMark && (isNull || silent?.Invoke(member.Name, member.Value) == true)) notes.Silent(member.Name, RawJson.From(member.Value));
            else notes.Field(member.Name, RawJson.From(member.Value));
        }
        return notes;
    }

    /// <summary>Every member that notes of this codec hold, and the marks apart from them; <see langword="null"/> for none.</summary>
    public static List<KeyValuePair<string, RawJson>>? Members(WireNotes? notes, out List<KeyValuePair<string, RawJson>>? marks)
    {
        marks = null;
        if (!IsNative(notes) || (notes!.Shape is null && notes.Fields.Count == 0)) return null;
        var members = new List<KeyValuePair<string, RawJson>>();
        if (notes.Shape is { } shape)
        {
            using var document = JsonDocument.Parse(shape, new JsonDocumentOptions { MaxDepth = 256 });
            foreach (var member in document.RootElement.EnumerateObject())
            {
                var target = member.Name.StartsWith('$') ? marks ??= [] : members;
                target.Add(new(member.Name, RawJson.From(member.Value)));
            }
        }
        members.AddRange(notes.Fields);
        return members;
    }

    /// <summary>The value of one silent member or mark; absent where there is none.</summary>
    public static RawJson Silent(WireNotes? notes, string name)
    {
        if (!IsNative(notes) || notes!.Shape is not { } shape || !shape.Contains(name, StringComparison.Ordinal)) return default;
        using var document = JsonDocument.Parse(shape, new JsonDocumentOptions { MaxDepth = 256 });
        return document.RootElement.TryGetProperty(name, out var value) ? RawJson.From(value) : default;
    }
}
