namespace Sluice.Cli.Output;

/// <summary>What the two outputs are: a person's terminal, or a pipe or file.</summary>
internal static class Terminal
{
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private const string ClearLine = "\r\e[K";
    private const string Dim = "\e[2m";
    private const string Plain = "\e[0m";
    private const string Wheel = "|/-\\";

    /// <summary>Standard output goes to a terminal.</summary>
    public static bool HasOutput => !Console.IsOutputRedirected;

    /// <summary>Standard error goes to a terminal.</summary>
    public static bool HasError => !Console.IsErrorRedirected;

    /// <summary>A person can be asked: both input and output are a terminal.</summary>
    public static bool IsInteractive => !Console.IsInputRedirected && HasOutput;

    /// <summary>Colour is wanted (https://no-color.org) and a terminal understands it.</summary>
    public static bool Colour { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Text that steps back, where colour is shown on this output.</summary>
    public static string Dimmed(string text, bool terminal) => terminal && Colour ? Dim + text + Plain : text;

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
