namespace Sluice.Cli.Chatting.Editing;

/// <summary>A person's keys and screen.</summary>
internal interface IKeyboard
{
    /// <summary>How many columns a line of the screen has; at least 1.</summary>
    int Width { get; }

    /// <summary>Whether a key waits: text that was pasted comes as many keys at once.</summary>
    bool HasKey { get; }

    /// <summary>Waits for a key. It is not shown. <see langword="null"/> where no more can come.</summary>
    ConsoleKeyInfo? Read();

    /// <summary>Shows text, with control sequences.</summary>
    void Write(string text);
}
