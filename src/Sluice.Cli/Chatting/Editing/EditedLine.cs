using System.Globalization;

namespace Sluice.Cli.Chatting.Editing;

/// <summary>A line while it is written: its text and where the cursor stands. The cursor goes by whole signs, with their marks.</summary>
internal sealed class EditedLine
{
    private string _text = "";

    public string Text
    {
        get => _text;
        set => (_text, Cursor) = (value, value.Length);
    }

    /// <summary>Before which character the next one comes.</summary>
    public int Cursor { get; private set; }

    public void Insert(string text)
    {
        _text = _text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    public void ToStart() => Cursor = 0;

    public void ToEnd() => Cursor = _text.Length;

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void WordLeft() => Cursor = WordBefore(Cursor);

    public void WordRight()
    {
        while (Cursor < _text.Length && _text[Cursor] == ' ') Cursor++;
        while (Cursor < _text.Length && _text[Cursor] != ' ') Cursor++;
    }

    public void Backspace() => Remove(Before(Cursor), Cursor);

    public void Delete() => Remove(Cursor, After(Cursor));

    public void DeleteWordBefore() => Remove(WordBefore(Cursor), Cursor);

    public void DeleteToStart() => Remove(0, Cursor);

    public void DeleteToEnd() => Remove(Cursor, _text.Length);

    /// <summary>Puts another text in place of what stands before the cursor.</summary>
    public void ReplaceBefore(string text)
    {
        _text = text + _text[Cursor..];
        Cursor = text.Length;
    }

    private void Remove(int from, int to)
    {
        _text = _text.Remove(from, to - from);
        Cursor = from;
    }

    private int Before(int place)
    {
        int start = 0;
        for (int next = 0; next < place; next += StringInfo.GetNextTextElementLength(_text.AsSpan(next))) start = next;
        return start;
    }

    private int After(int place) => place == _text.Length ? place : place + StringInfo.GetNextTextElementLength(_text.AsSpan(place));

    private int WordBefore(int place)
    {
        while (place > 0 && _text[place - 1] == ' ') place--;
        while (place > 0 && _text[place - 1] != ' ') place--;
        return place;
    }
}
