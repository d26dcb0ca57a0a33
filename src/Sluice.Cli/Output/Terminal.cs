using System.Globalization;

namespace Sluice.Cli.Output;

/// <summary>What the two outputs are: a person's terminal, or a pipe or file.</summary>
internal static class Terminal
{
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private const string ClearLine = "\r\e[K";
    private const string Wheel = "|/-\\";

    /// <summary>Standard output goes to a terminal.</summary>
    public static bool HasOutput => !Console.IsOutputRedirected;

    /// <summary>Standard error goes to a terminal.</summary>
    public static bool HasError => !Console.IsErrorRedirected;

    /// <summary>A person can be asked: both input and output are a terminal.</summary>
    public static bool IsInteractive => !Console.IsInputRedirected && HasOutput;

    /// <summary>The terminal cannot move its cursor.</summary>
    public static bool IsDumb { get; } = Environment.GetEnvironmentVariable("TERM") is "dumb";

    /// <summary>Colour is wanted (https://no-color.org) and a terminal understands it.</summary>
    public static bool Colour { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && !IsDumb;

    /// <summary>How many columns a line has: of the terminal, else what <c>COLUMNS</c> says; <see langword="null"/> where nothing bounds it.</summary>
    /// <param name="isTerminal">Whether it is written to the terminal.</param>
    public static int? Width(bool isTerminal)
    {
        // A terminal that does not know its width says 0.
        if (isTerminal && Console.WindowWidth is > 0 and var columns) return columns;
        return int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int told) && told > 0 ? told : null;
    }

    /// <summary>Text that steps back, where colour is shown on this output.</summary>
    public static string Dimmed(string text, bool terminal) => Styled(text, TextStyle.Dim, terminal);

    /// <summary>Text in a style, where colour is shown on this output.</summary>
    public static string Styled(string text, string style, bool terminal) => terminal && Colour ? style + text + TextStyle.Plain : text;

    /// <summary>Waits for work. Where it takes longer than a second a terminal is told of it, on standard error.</summary>
    /// <param name="work">The work.</param>
    /// <param name="what">What is done, now.</param>
    public static async Task<T> WaitAsync<T>(Task<T> work, Func<string> what)
    {
        if (!HasError || await Task.WhenAny(work, Task.Delay(Unasked)) == work) return await work;
        for (int turn = 0; !work.IsCompleted; turn++)
        {
            await Console.Error.WriteAsync($"{ClearLine}{Wheel[turn % Wheel.Length]} {what()}");
            await Task.WhenAny(work, Task.Delay(Tick));
        }
        await Console.Error.WriteAsync(ClearLine);
        return await work;
    }
}
