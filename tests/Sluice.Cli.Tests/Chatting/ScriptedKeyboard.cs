using System.Text;
using Sluice.Cli.Chatting.Editing;

namespace Sluice.Cli.Tests.Chatting;

/// <summary>Keys from a text: <c>⏎ ← → ↑ ↓ ⇱ ⌫ ⌦ ⇥</c> stand for those keys, <c>^X</c> for Ctrl-X.</summary>
internal sealed class ScriptedKeyboard(string keys) : IKeyboard
{
    private int _next;

    public int Width { get; init; } = 80;

    public bool HasKey => false;

    public StringBuilder Shown { get; } = new();

    public ConsoleKeyInfo? Read()
    {
        if (_next == keys.Length) return null;
        char key = keys[_next++];
        return key switch
        {
            '⏎' => Special(ConsoleKey.Enter),
            '←' => Special(ConsoleKey.LeftArrow),
            '→' => Special(ConsoleKey.RightArrow),
            '↑' => Special(ConsoleKey.UpArrow),
            '↓' => Special(ConsoleKey.DownArrow),
            '⇱' => Special(ConsoleKey.Home),
            '⌫' => Special(ConsoleKey.Backspace),
            '⌦' => Special(ConsoleKey.Delete),
            '⇥' => Special(ConsoleKey.Tab),
            '^' => new ConsoleKeyInfo((char)(keys[_next] - '@'), ConsoleKey.A + (keys[_next++] - 'A'), shift: false, alt: false, control: true),
            _ => new ConsoleKeyInfo(key, ConsoleKey.None, shift: false, alt: false, control: false),
        };
    }

    public void Write(string text) => Shown.Append(text);

    private static ConsoleKeyInfo Special(ConsoleKey key) => new('\0', key, shift: false, alt: false, control: false);
}
