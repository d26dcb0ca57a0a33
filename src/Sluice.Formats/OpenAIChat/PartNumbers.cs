namespace Sluice.Formats.OpenAIChat;

/// <summary>Counts the parts of one candidate.</summary>
internal sealed class PartNumbers
{
    private int _next;

    /// <summary>The number of a new part.</summary>
    public int Next() => _next++;
}
