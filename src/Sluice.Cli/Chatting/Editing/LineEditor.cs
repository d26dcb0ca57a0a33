namespace Sluice.Cli.Chatting.Editing;

/// <summary>Reads lines from a person: with a cursor that moves, the lines before on the arrow keys, and Tab that completes.</summary>
/// <param name="keyboard">Keys and screen.</param>
/// <param name="complete">What a text before the cursor could become; it is asked at Tab.</param>
internal sealed class LineEditor(IKeyboard keyboard, Func<string, IReadOnlyList<string>> complete)
{
    private const int MostShown = 40;
    private readonly LineHistory _history = new();
    private readonly LineScreen _screen = new(keyboard);

    /// <summary>Reads a line.</summary>
    /// <param name="prompt">What stands before it.</param>
    /// <returns>The line; <see langword="null"/> at the end: Ctrl-D on an empty line, or Ctrl-C twice.</returns>
    public string? Read(string prompt)
    {
        var line = new EditedLine();
        bool interrupted = false;
        _screen.Draw(prompt, line);
        while (keyboard.Read() is { } key)
        {
            bool isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            if (key.Key == ConsoleKey.Enter) return Finish(prompt, line);
            if (isControl && key.Key == ConsoleKey.D && line.Text.Length == 0) break;
            if (isControl && key.Key == ConsoleKey.C)
            {
                if (interrupted && line.Text.Length == 0) break;
                interrupted = line.Text.Length == 0;
                line.Text = "";
                if (interrupted) _screen.Tell(prompt, line, "(Ctrl-C again, or /exit, ends)");
            }
            else if (key.Key == ConsoleKey.Tab) Complete(prompt, line);
            else Edit(line, key, isControl);
            // What was pasted is shown once, whole.
            if (!keyboard.HasKey) _screen.Draw(prompt, line);
        }
        _screen.Leave(prompt, line);
        return null;
    }

    private string Finish(string prompt, EditedLine line)
    {
        _screen.Leave(prompt, line);
        _history.Add(line.Text);
        return line.Text;
    }

    private void Edit(EditedLine line, ConsoleKeyInfo key, bool isControl)
    {
        bool byWord = isControl || key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow when byWord: line.WordLeft(); break;
            case ConsoleKey.RightArrow when byWord: line.WordRight(); break;
            case ConsoleKey.LeftArrow: line.Left(); break;
            case ConsoleKey.RightArrow: line.Right(); break;
            case ConsoleKey.Home: line.ToStart(); break;
            case ConsoleKey.End: line.ToEnd(); break;
            case ConsoleKey.UpArrow: line.Text = _history.Older(line.Text) ?? line.Text; break;
            case ConsoleKey.DownArrow: line.Text = _history.Newer() ?? line.Text; break;
            case ConsoleKey.Backspace when byWord: line.DeleteWordBefore(); break;
            case ConsoleKey.Backspace: line.Backspace(); break;
            case ConsoleKey.Delete: line.Delete(); break;
            default:
                if (isControl) Control(line, key.Key);
                else if (!char.IsControl(key.KeyChar)) line.Insert(key.KeyChar.ToString());
                break;
        }
    }

    // As in Emacs, and so in every shell.
    private void Control(EditedLine line, ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: line.ToStart(); break;
            case ConsoleKey.E: line.ToEnd(); break;
            case ConsoleKey.B: line.Left(); break;
            case ConsoleKey.F: line.Right(); break;
            case ConsoleKey.D: line.Delete(); break;
            case ConsoleKey.H: line.Backspace(); break;
            case ConsoleKey.K: line.DeleteToEnd(); break;
            case ConsoleKey.U: line.DeleteToStart(); break;
            case ConsoleKey.W: line.DeleteWordBefore(); break;
            case ConsoleKey.P: line.Text = _history.Older(line.Text) ?? line.Text; break;
            case ConsoleKey.N: line.Text = _history.Newer() ?? line.Text; break;
            case ConsoleKey.L: keyboard.Write("\e[H\e[2J"); break;
            default: break;
        }
    }

    private void Complete(string prompt, EditedLine line)
    {
        string before = line.Text[..line.Cursor];
        var found = complete(before);
        if (found.Count == 0) return;
        string common = found.Aggregate((a, b) => a[..a.AsSpan().CommonPrefixLength(b)]);
        if (found.Count == 1) line.ReplaceBefore(common[^1] is ' ' or '/' ? common : common + " ");
        else if (common.Length > before.Length) line.ReplaceBefore(common);
        else _screen.Tell(prompt, line, string.Join("  ", found.Take(MostShown).Select(f => f.Trim())) + (found.Count > MostShown ? $"  ... ({found.Count - MostShown} more)" : ""));
    }
}
