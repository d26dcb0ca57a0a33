using System.Text;
using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Collects notes of one object.</summary>
internal sealed class ResponsesNotesBuilder
{
    private List<KeyValuePair<string, RawJson>>? _fields;
    private StringBuilder? _shape;

    /// <summary>Keeps a member that has a meaning: other formats report it as lost.</summary>
    public void Field(string name, RawJson value) => (_fields ??= []).Add(new(name, value));

    /// <summary>Keeps a member that has none elsewhere.</summary>
    public void Silent(string name, RawJson value)
    {
        _shape = _shape is null ? new StringBuilder("{") : _shape.Append(',');
        _shape.Append('"').Append(JsonEncodedText.Encode(name)).Append("\":").Append(value);
    }

    /// <summary>Sets a mark.</summary>
    public void Mark(string name) => Silent(name, new RawJson("true"u8.ToArray()));

    /// <summary>The notes; an object of this format always has some, because they say where it came from.</summary>
    public WireNotes Build() => _fields is null && _shape is null ? ResponsesNotes.Empty : new WireNotes(WireFormatId.OpenAIResponses)
    {
        Fields = _fields ?? [],
        Shape = _shape?.Append('}').ToString(),
    };

    /// <summary>The silent members as one JSON object; absent for none.</summary>
    public RawJson ToJson() => _shape is null ? default : RawJson.FromText(_shape + "}");
}
