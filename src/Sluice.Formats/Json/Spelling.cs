using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>How an object of the same format spelled its members: the facts with JSON values that <see cref="NotesBuilder"/> put into <see cref="WireNotes.Shape"/>.</summary>
internal readonly struct Spelling
{
    private readonly Dictionary<string, RawJson>? _members;

    private Spelling(Dictionary<string, RawJson> members) => _members = members;

    /// <summary>The spelling in notes of <paramref name="format"/>; empty for notes of another.</summary>
    public static Spelling Of(WireNotes? notes, WireFormatId format)
    {
        if (notes?.Shape is not { } shape || notes.Format != format) return default;
        var members = new Dictionary<string, RawJson>(StringComparer.Ordinal);
        foreach (var range in shape.AsSpan().Split(Shape.Separator))
        {
            var fact = shape.AsSpan(range);
            int at = fact.IndexOf('=');
            if (at < 0) members[fact.ToString()] = default;
            else members[fact[..at].ToString()] = RawJson.FromText(fact[(at + 1)..].ToString());
        }
        return new Spelling(members);
    }

    /// <summary>The remembered value; absent where nothing was.</summary>
    public RawJson this[string name] => _members is null ? default : _members.GetValueOrDefault(name);

    /// <summary>True when something is remembered of the member.</summary>
    public bool Has(string name) => _members is not null && _members.ContainsKey(name);

    /// <summary>True when the member was a list.</summary>
    public bool IsList(string name) => this[name].Utf8.Span.StartsWith("["u8);

    /// <summary>The remembered string; <see langword="null"/> for any other kind.</summary>
    public string? Text(string name)
    {
        var raw = this[name];
        return raw.Utf8.Span.StartsWith("\""u8) ? raw.ToElement().GetString() : null;
    }
}
