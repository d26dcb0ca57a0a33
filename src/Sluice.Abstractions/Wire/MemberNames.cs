using System.Collections.Frozen;
using System.Text;

namespace Sluice.Wire;

/// <summary>
/// Names of JSON members, found as the most lenient parsers find them: those of Go and .NET take names that differ in case for the same, and Go takes two letters beyond
/// ASCII for theirs (KELVIN SIGN for k, LONG S for s). Immutable.
/// </summary>
public sealed class MemberNames
{
    // Of UTF-8, the longest spelling of a letter that folds into ASCII.
    private const int BytesOfLetter = 3;
    private readonly FrozenDictionary<string, int> _places;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly int _longest;

    /// <summary>Makes a set of names.</summary>
    public MemberNames(IEnumerable<string> names)
    {
        All = [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
        _places = All.Select((name, i) => (name, i)).ToFrozenDictionary(n => n.name, n => n.i, StringComparer.OrdinalIgnoreCase);
        _bySpan = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = All.Count == 0 ? 0 : All.Max(n => n.Length);
    }

    /// <summary>The names.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The place in <see cref="All"/> of the name that a parser could take for one of them; -1 where none does.</summary>
    /// <param name="name">The name in UTF-8, not escaped.</param>
    /// <param name="isExact">Whether it is spelled as it should be.</param>
    public int Find(ReadOnlySpan<byte> name, out bool isExact)
    {
        isExact = false;
        if (name.IsEmpty || name.Length > _longest * BytesOfLetter) return -1;
        Span<char> chars = stackalloc char[name.Length];
        chars = chars[..Encoding.UTF8.GetChars(name, chars)];
        chars.Replace('\u212A', 'k');
        chars.Replace('\u017F', 's');
        if (!_bySpan.TryGetValue(chars, out int place)) return -1;
        isExact = name.Length == chars.Length && chars.SequenceEqual(All[place]);
        return place;
    }
}
