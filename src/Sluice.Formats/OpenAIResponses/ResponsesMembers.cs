using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>
/// Writes the members of one object: those of the chat model first, then, where the object came in this format, the rest of what it had.
/// A member that the model sets is never written twice.
/// </summary>
internal readonly ref struct ResponsesMembers
{
    private readonly Utf8JsonWriter _json;
    private readonly List<KeyValuePair<string, RawJson>>? _rest;
    private readonly List<KeyValuePair<string, RawJson>>? _marks;

    public ResponsesMembers(Utf8JsonWriter json, WireNotes? notes)
    {
        _json = json;
        IsNative = ResponsesNotes.IsNative(notes);
        _rest = ResponsesNotes.Members(notes, out _marks);
    }

    /// <summary>True when the object came in this format: nothing is added to it that it did not have.</summary>
    public bool IsNative { get; }

    public void String(string name, string? value)
    {
        if (value is null) return;
        Name(name);
        _json.WriteStringValue(value);
    }

    public void Number(string name, long? value)
    {
        if (value is not { } number) return;
        Name(name);
        _json.WriteNumberValue(number);
    }

    public void Number(string name, double? value)
    {
        if (value is not { } number) return;
        Name(name);
        _json.WriteNumberValue(number);
    }

    public void Boolean(string name, bool? value)
    {
        if (value is not { } flag) return;
        Name(name);
        _json.WriteBooleanValue(flag);
    }

    public void Raw(string name, RawJson value)
    {
        if (value.IsAbsent) return;
        Name(name);
        value.WriteTo(_json);
    }

    /// <summary>Writes a string that an object of another origin needs.</summary>
    public void Default(string name, string value)
    {
        if (!IsNative) String(name, value);
    }

    /// <summary>Writes <c>type</c> as it stood, or as usual.</summary>
    public void Type(string usual)
    {
        if (!Kept("type")) String("type", usual);
    }

    /// <summary>Starts a member whose value the caller writes.</summary>
    public void Name(string name)
    {
        Take(name);
        _json.WritePropertyName(name);
    }

    /// <summary>Writes a member as it stood, if it is among the rest.</summary>
    public bool Kept(string name)
    {
        var value = Take(name);
        if (value.IsAbsent) return false;
        _json.WritePropertyName(name);
        value.WriteTo(_json);
        return true;
    }

    /// <summary>The value of a mark; absent where it is not set.</summary>
    public RawJson Mark(string name) => Find(_marks, name) is var index and >= 0 ? _marks![index].Value : default;

    /// <summary>True when a mark is set.</summary>
    public bool Has(string mark) => Find(_marks, mark) >= 0;

    /// <summary>Writes what is left.</summary>
    public void Rest()
    {
        if (_rest is null) return;
        foreach (var (name, value) in _rest)
        {
            _json.WritePropertyName(name);
            value.WriteTo(_json);
        }
    }

    private RawJson Take(string name)
    {
        int index = Find(_rest, name);
        if (index < 0) return default;
        var value = _rest![index].Value;
        _rest.RemoveAt(index);
        return value;
    }

    private static int Find(List<KeyValuePair<string, RawJson>>? members, string name)
    {
        for (int i = 0; i < members?.Count; i++)
        {
            if (members[i].Key == name) return i;
        }
        return -1;
    }
}
