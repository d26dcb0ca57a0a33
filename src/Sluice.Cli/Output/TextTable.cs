using System.Text;

namespace Sluice.Cli.Output;

/// <summary>
/// The one kind of table. A pipe gets each row in one line. A terminal gets no line that is wider than it is: lists wrap between words, and columns that find no room go
/// below the row they belong to, with their heads. An id is never broken.
/// </summary>
internal sealed class TextTable(params Column[] columns)
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes it as the writer's reader sees it best.</summary>
    public void Write(TextWriter writer)
    {
        bool isTerminal = writer == Console.Out && Terminal.HasOutput;
        Write(writer, Terminal.Width(isTerminal), isTerminal && Terminal.Colour);
    }

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="width">The most columns of a line; <see langword="null"/> for any.</param>
    /// <param name="colour">Whether the head is bold and states have colours.</param>
    public void Write(TextWriter writer, int? width, bool colour)
    {
        var layout = TableLayout.Fit(columns, _rows, width);
        writer.WriteLine(Styled(Line(layout, [.. columns.Take(layout.Widths.Count).Select(c => c.Head)], colour: false), TextStyle.Bold, colour));
        foreach (string[] row in _rows)
        {
            foreach (string[] line in layout.Lines(row)) writer.WriteLine(Line(layout, line, colour));
            foreach (string line in layout.Below(row)) writer.WriteLine(Styled(line, TextStyle.Dim, colour));
        }
    }

    private string Line(TableLayout layout, string[] cells, bool colour)
    {
        var line = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
        {
            string blank = new(' ', Math.Max(layout.Widths[i] - TextWidth.Of(cells[i]), 0));
            if (i > 0) line.Append(Gap);
            if (columns[i].IsRight) line.Append(blank);
            line.Append(columns[i].IsState ? Styled(cells[i], TextStyle.Of(cells[i]), colour) : cells[i]);
            if (!columns[i].IsRight) line.Append(blank);
        }
        return line.ToString().TrimEnd();
    }

    private static string Styled(string text, string? style, bool colour) => colour && style is not null ? style + text + TextStyle.Plain : text;
}
