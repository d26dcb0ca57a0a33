using System.Text;

namespace Sluice.Cli.Output;

/// <summary>Columns of text: aligned everywhere, with a bold head in a terminal.</summary>
internal sealed class TextTable(params string[] head)
{
    private const string Bold = "\e[1m";
    private const string Plain = "\e[0m";
    private readonly List<string[]> rows = [];

    public void Add(params string[] cells) => rows.Add(cells);

    public void Write(TextWriter writer)
    {
        // Colour only where a person looks, and has not asked for none (https://no-color.org).
        var colour = writer == Console.Out && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var widths = head.Select((cell, column) => rows.Select(row => row[column].Length).Append(cell.Length).Max()).ToArray();
        writer.WriteLine(colour ? Bold + Line(head, widths) + Plain : Line(head, widths));
        foreach (var row in rows) writer.WriteLine(Line(row, widths));
    }

    private static string Line(string[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++) line.Append(i == cells.Length - 1 ? cells[i] : cells[i].PadRight(widths[i] + 2));
        return line.ToString().TrimEnd();
    }
}
