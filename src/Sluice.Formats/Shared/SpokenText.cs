using System.Text;
using Sluice.Chat;

namespace Sluice.Formats.Shared;

/// <summary>
/// For clients without sound: what is spoken is told as text, but not where the text says the same already. In a stream either may come first, in pieces: a piece
/// that repeats the other is held back, and told only when the two turn out to differ.
/// </summary>
internal sealed class SpokenText
{
    private readonly StringBuilder _written = new();
    private readonly StringBuilder _spoken = new();
    private readonly StringBuilder _held = new();
    private bool _differ;

    /// <summary>True where the transcript only repeats the text of the answer.</summary>
    public static bool IsSaid(string transcript, IReadOnlyList<Part> parts) => string.Concat(parts.OfType<TextPart>().Select(p => p.Text)) is { Length: > 0 } text && text.StartsWith(transcript, StringComparison.Ordinal);

    /// <summary>The parts without sound whose words are said in the text.</summary>
    public static IReadOnlyList<Part> Once(IReadOnlyList<Part> parts)
    {
        foreach (var part in parts)
        {
            if (part is MediaPart { Transcript: { Length: > 0 } words } && IsSaid(words, parts)) return [.. parts.Select(p => p is MediaPart { Transcript: { Length: > 0 } t } media && IsSaid(t, parts) ? media with { Transcript = null } : p)];
        }
        return parts;
    }

    /// <summary>A piece of the text: what of it is to be told.</summary>
    public string Write(string piece) => Take(piece, _written, _spoken);

    /// <summary>A piece of the transcript: what of it is to be told.</summary>
    public string Speak(string piece) => Take(piece, _spoken, _written);

    private string Take(string piece, StringBuilder own, StringBuilder other)
    {
        int before = own.Length;
        own.Append(piece);
        if (_differ || other.Length == 0 || before > other.Length) return piece;
        int common = Math.Min(own.Length, other.Length) - before;
        if (!other.ToString(before, common).AsSpan().SequenceEqual(piece.AsSpan(0, common)))
        {
            _differ = true;
            string held = _held.ToString();
            _held.Clear();
            return held + piece;
        }
        _held.Append(piece, 0, common);
        return piece[common..];
    }
}
