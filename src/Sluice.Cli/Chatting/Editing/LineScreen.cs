using System.Globalization;
using System.Text;
using Sluice.Cli.Output;

namespace Sluice.Cli.Chatting.Editing;

/// <summary>Shows a line that is being written, on as many lines of the screen as it takes.</summary>
internal sealed class LineScreen(IKeyboard keyboard)
{
    private const string ClearBelow = "\e[J";
    private int _row;

    /// <summary>Shows it anew, and the cursor where it stands.</summary>
    public void Draw(string prompt, EditedLine line)
    {
        int width = Math.Max(keyboard.Width, 1);
        var text = new StringBuilder();
        ToStart(text).Append(prompt).Append(line.Text);
        int end = Place(prompt + line.Text, width);
        // A terminal waits at the end of a full line: the cursor belongs below it.
        if (end > 0 && end % width == 0) text.Append("\r\n");
        int cursor = Place(prompt + line.Text[..line.Cursor], width);
        int up = end / width - cursor / width;
        if (up > 0) text.Append(CultureInfo.InvariantCulture, $"\e[{up}A");
        text.Append('\r');
        if (cursor % width > 0) text.Append(CultureInfo.InvariantCulture, $"\e[{cursor % width}C");
        _row = cursor / width;
        keyboard.Write(text.ToString());
    }

    /// <summary>Goes below the line.</summary>
    public void Leave(string prompt, EditedLine line)
    {
        line.ToEnd();
        Draw(prompt, line);
        keyboard.Write("\r\n");
        _row = 0;
    }

    /// <summary>Shows something else below the line; the line is drawn anew afterwards.</summary>
    public void Tell(string prompt, EditedLine line, string text)
    {
        Leave(prompt, line);
        keyboard.Write(text + "\r\n");
    }

    private StringBuilder ToStart(StringBuilder text)
    {
        if (_row > 0) text.Append(CultureInfo.InvariantCulture, $"\e[{_row}A");
        return text.Append('\r').Append(ClearBelow);
    }

    // Columns from the first line's start. A wide sign that would be cut stands in the next line whole.
    private static int Place(string text, int width)
    {
        int place = 0;
        for (int i = 0, length; i < text.Length; i += length)
        {
            length = StringInfo.GetNextTextElementLength(text.AsSpan(i));
            int wide = TextWidth.OfElement(text.AsSpan(i, length));
            if (wide == 2 && width > 1 && place % width == width - 1) place++;
            place += wide;
        }
        return place;
    }
}
