using System.Text;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Collects, while an object is read, what the chat model has no word for: unknown members, and marks of how known things were spelled. Members of
/// an object inside go under a dotted name (<c>generationConfig.mediaResolution</c>), which is their path in reports too.
/// </summary>
internal struct GeminiNotesBuilder
{
    private List<KeyValuePair<string, RawJson>>? _fields;
    private string? _mark;
    private StringBuilder? _marks;

    /// <summary>
    /// The member's camelCase name. <see langword="null"/> for a member that needs no more reading because it was kept: an unknown one, or one that is <c>null</c>.
    /// </summary>
    public string? Name(JsonProperty member, string prefix = "")
    {
        string? name = GeminiNames.Of(member, out bool isSnake);
        if (name is null || member.Value.ValueKind == JsonValueKind.Null)
        {
            Keep(member, prefix);
            return null;
        }
        if (isSnake) Mark($"~{prefix}{name}");
        return name;
    }

    /// <summary>Keeps a member as it is.</summary>
    public void Keep(JsonProperty member, string prefix = "") => Keep(prefix.Length == 0 ? member.Name : prefix + member.Name, RawJson.From(member.Value));

    /// <summary>Keeps a value under a dotted name.</summary>
    public void Keep(string name, RawJson value) => (_fields ??= []).Add(new(name, value));

    /// <summary>Notes a spelling.</summary>
    public void Mark(string mark)
    {
        // One is usual; an object that says a thing many times has many.
        if (_mark is null) _mark = mark;
        else (_marks ??= new StringBuilder(_mark)).Append(Shape.Separator).Append(mark);
    }

    /// <summary>Notes a spelling with a value, which may be JSON.</summary>
    public void Mark(string mark, string value) => Mark($"{mark}={value}");

    /// <summary>What was collected; <see langword="null"/> for nothing.</summary>
    public readonly WireNotes? Build() =>
        _fields is null && _mark is null ? null : new WireNotes(WireFormatId.GeminiGenerate) { Fields = _fields ?? [], Shape = _marks?.ToString() ?? _mark };
}
