namespace Sluice.Cli.Output;

/// <summary>A column of a <see cref="TextTable"/>: its head, and how its cells are shown.</summary>
/// <param name="Head">What stands above it.</param>
/// <param name="IsRight">Its cells end below each other, as numbers do.</param>
/// <param name="Wraps">Its cells may go on in the next line, between words. Ids never do.</param>
/// <param name="IsState">Its cells are words for a state: they are coloured by what they mean.</param>
internal readonly record struct Column(string Head, bool IsRight = false, bool Wraps = false, bool IsState = false)
{
    /// <summary>Numbers, prices, durations.</summary>
    public static Column Number(string head) => new(head, IsRight: true);

    /// <summary>A list or a sentence.</summary>
    public static Column Text(string head) => new(head, Wraps: true);

    /// <summary>A word for a state.</summary>
    public static Column State(string head) => new(head, IsState: true);

    /// <summary>A name or an id.</summary>
    public static implicit operator Column(string head) => new(head);

    /// <summary>A name or an id.</summary>
    public static Column FromString(string head) => new(head);
}
