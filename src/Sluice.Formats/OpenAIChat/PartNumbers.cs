namespace Sluice.Formats.OpenAIChat;

/// <summary>Counts the parts of one candidate.</summary>
internal sealed class PartNumbers
{
    /// <summary>How many parts there are.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a new part.</summary>
    public int Next() => Count++;
}
