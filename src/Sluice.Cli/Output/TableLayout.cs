namespace Sluice.Cli.Output;

/// <summary>How wide the columns of a table are, and what goes below its rows.</summary>
internal sealed class TableLayout
{
    private const string Gap = "  ";
    private const int LeastText = 16;
    private const string Indent = "    ";
    private readonly IReadOnlyList<Column> _columns;
    private readonly int? _most;

    private TableLayout(IReadOnlyList<Column> columns, IReadOnlyList<int> widths, int? most) => (_columns, Widths, _most) = (columns, widths, most);

    /// <summary>The widths of those columns that stand side by side: the first ones.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>Finds the widths: as wide as the cells are, where the line has room for it.</summary>
    public static TableLayout Fit(IReadOnlyList<Column> columns, IReadOnlyList<string[]> rows, int? most)
    {
        int[] full = [.. columns.Select((column, i) => rows.Select(r => TextWidth.Of(r[i])).Append(TextWidth.Of(column.Head)).Max())];
        if (most is not { } line || Sum(full) <= line) return new TableLayout(columns, full, most);
        int[] least = [.. columns.Select((column, i) => column.Wraps ? Math.Min(full[i], Math.Max(LeastText, rows.SelectMany(r => TextWidth.Words(r[i])).Append(column.Head).Max(TextWidth.Of))) : full[i])];
        int side = columns.Count;
        while (side > 1 && Sum(least.AsSpan(0, side)) > line) side--;
        int[] widths = least[..side];
        // What is left over goes to those that wrap, from the left.
        int rest = line - Sum(widths);
        for (int i = 0; i < side && rest > 0; i++)
        {
            int more = Math.Min(rest, full[i] - widths[i]);
            widths[i] += more;
            rest -= more;
        }
        return new TableLayout(columns, widths, most);
    }

    /// <summary>The lines of a row's first columns.</summary>
    public IEnumerable<string[]> Lines(string[] row)
    {
        string[][] cells = [.. Widths.Select((width, i) => _columns[i].Wraps ? [.. TextWidth.Wrapped(row[i], width)] : new[] { row[i] })];
        int lines = cells.Max(c => c.Length);
        for (int i = 0; i < lines; i++) yield return [.. cells.Select(c => i < c.Length ? c[i] : "")];
    }

    /// <summary>What found no room beside them, with its heads.</summary>
    public IEnumerable<string> Below(string[] row)
    {
        var parts = Enumerable.Range(Widths.Count, row.Length - Widths.Count).Where(i => row[i] is not ("" or "-")).Select(i => $"{_columns[i].Head.ToLowerInvariant()} {row[i]}");
        return _most is { } most ? Pack(parts, most - Indent.Length).SelectMany(l => TextWidth.Wrapped(l, most - Indent.Length)).Select(l => Indent + l)
            : parts.Any() ? [Indent + string.Join(Gap, parts)] : [];
    }

    // As many as a line has room for; one that is wider than that alone.
    private static IEnumerable<string> Pack(IEnumerable<string> parts, int width)
    {
        string line = "";
        foreach (string part in parts)
        {
            if (line.Length > 0 && TextWidth.Of(line) + Gap.Length + TextWidth.Of(part) > width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? part : Gap + part;
        }
        if (line.Length > 0) yield return line;
    }

    private static int Sum(ReadOnlySpan<int> widths)
    {
        int sum = 0;
        foreach (int width in widths) sum += width + Gap.Length;
        return sum - Gap.Length;
    }
}
