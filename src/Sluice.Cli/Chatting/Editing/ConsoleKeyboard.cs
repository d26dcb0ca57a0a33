using Sluice.Cli.Output;

namespace Sluice.Cli.Chatting.Editing;

/// <summary>The terminal that the program runs in. While a key is waited for, Ctrl-C is a key like others.</summary>
internal sealed class ConsoleKeyboard : IKeyboard
{
    public int Width => Terminal.Width(isTerminal: true) ?? 80;

    public bool HasKey => Console.KeyAvailable;

    public ConsoleKeyInfo? Read()
    {
        try
        {
            Console.TreatControlCAsInput = true;
            return Console.ReadKey(intercept: true);
        }
        catch (InvalidOperationException)
        {
            // The terminal was closed.
            return null;
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    public void Write(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
    }
}
