using System.Text;
using Sluice.Transforms.Rules;

namespace Sluice.Transforms.Streams;

/// <summary>
/// Searches and replaces in a text that comes in pieces, with the same result as in the whole text for every match that is shorter than the window.
/// What may still become part of a match is held back: never more than the window.
/// </summary>
internal sealed class ReplacementStream(TextReplacement rule)
{
    // The text that is held back, after at most two characters that have gone out: anchors and \b look at them.
    private string _text = "";
    private int _at;
    private int _from;

    /// <summary>Takes a piece and gives what is decided.</summary>
    public string Feed(string piece)
    {
        if (piece.Length == 0) return "";
        int context = Math.Max(0, _at - 1);
        if (context > 0 && char.IsLowSurrogate(_text[context])) context--;
        _text = string.Concat(_text.AsSpan(context), piece);
        (_at, _from) = (_at - context, _from - context);
        return Run(_text.Length - rule.Window, isFinal: false);
    }

    /// <summary>The text has ended: gives the rest, and begins anew.</summary>
    public string Flush()
    {
        string rest = _text.Length == 0 ? "" : Run(_text.Length, isFinal: true);
        (_text, _at, _from) = ("", 0, 0);
        return rest;
    }

    // A match is final when the whole window after its start has been seen.
    private string Run(int limit, bool isFinal)
    {
        if (limit < _from) return "";
        var decided = new StringBuilder();
        while (_from <= _text.Length)
        {
            var match = rule.Expression.Match(_text, _from);
            if (!match.Success || (!isFinal && match.Index > limit)) break;
            decided.Append(_text, _at, match.Index - _at).Append(match.Result(rule.Replacement));
            _at = match.Index + match.Length;
            _from = match.Length == 0 ? _at + 1 : _at;
        }
        int end = Math.Max(_at, limit);
        if (!isFinal && end > _at && char.IsHighSurrogate(_text[end - 1])) end--;
        decided.Append(_text, _at, end - _at);
        _at = end;
        _from = Math.Max(_from, _at);
        return decided.ToString();
    }
}
