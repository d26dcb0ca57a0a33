namespace Sluice.Cli.Output;

/// <summary>How the program was called: what is printed can be typed.</summary>
internal static class ProgramName
{
    /// <summary><c>sluice</c>, or the path of the script where that is not on the PATH.</summary>
    public static string Text { get; } = Environment.GetEnvironmentVariable("SLUICE_COMMAND") is { Length: > 0 } called ? called : "sluice";

    /// <summary>Puts it in place of <c>sluice</c> in the commands of a text: after a quote, a pipe, or at a line's beginning.</summary>
    public static string In(string text) => Text == "sluice" ? text : Command().Replace(text, _ => Text + " ");

    private static System.Text.RegularExpressions.Regex Command() => new(@"(?<=^\s*(?:\d\. )?|['`(|:] ?)sluice (?=[a-z-])", System.Text.RegularExpressions.RegexOptions.Multiline | System.Text.RegularExpressions.RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
