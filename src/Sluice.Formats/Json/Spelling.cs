using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>How an object of the same format spelled its known members: what <see cref="ObjectNotes"/> put into <see cref="WireNotes.Shape"/>.</summary>
internal readonly struct Spelling
{
    // Deeper than any document that decoders accept.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    private readonly Dictionary<string, RawJson>? _members;

    private Spelling(Dictionary<string, RawJson> members) => _members = members;

    /// <summary>The spelling in notes of <paramref name="format"/>; empty for notes of another.</summary>
    public static Spelling Of(WireNotes? notes, WireFormatId format)
    {
        if (notes?.Shape is not { } shape || notes.Format != format) return default;
        using var document = JsonDocument.Parse(shape, Options);
        var members = new Dictionary<string, RawJson>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject()) members[member.Name] = RawJson.From(member.Value);
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
