using System.Text;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>What was lost as one text, for log lines, spans and errors. A request can lose as many things as it has bytes for: the text ends after some.</summary>
internal static class LossText
{
    private const int MaxLength = 4096;

    /// <summary>The paths.</summary>
    public static string Paths(IReadOnlyList<Loss> losses) => Join(losses, ", ", static l => l.Path);

    /// <summary>The paths with the reasons.</summary>
    public static string WithReasons(IReadOnlyList<Loss> losses) => Join(losses, "; ", static l => $"{l.Path} ({l.Reason})");

    private static string Join(IReadOnlyList<Loss> losses, string separator, Func<Loss, string> text)
    {
        var joined = new StringBuilder();
        for (int i = 0; i < losses.Count; i++)
        {
            string next = text(losses[i]);
            bool fits = joined.Length + next.Length <= MaxLength;
            joined.Append(i > 0 ? separator : "").Append(fits ? next : $"... and {losses.Count - i} more");
            if (!fits) break;
        }
        return joined.ToString();
    }
}
