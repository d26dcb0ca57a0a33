using System.Globalization;

namespace Sluice.Simulator.Answers;

/// <summary>
/// Markers in the user's text, for callers whose headers do not reach the simulator: <c>[[fault:...]]</c>, <c>[[sim:chars=5000]]</c>,
/// <c>[[sim:refuse]]</c>, <c>[[sim:filter]]</c>, <c>[[sim:redacted]]</c>, <c>[[sim:delay=200]]</c>, <c>[[sim:chunk=40]]</c>, <c>[[sim:pause=10]]</c>.
/// </summary>
internal sealed class Directives
{
    private static readonly Directives None = new("");

    private Directives(string text) => Text = text;

    /// <summary>The text without its markers.</summary>
    public string Text { get; private set; }

    public string? Fault { get; private set; }

    public int? Characters { get; private set; }

    public bool Refuse { get; private set; }

    public bool Filter { get; private set; }

    public bool Redacted { get; private set; }

    public int? DelayMs { get; private set; }

    public int? Chunk { get; private set; }

    public int? PauseMs { get; private set; }

    public static Directives Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return None;
        var result = new Directives(text);
        for (var start = text.IndexOf("[[", StringComparison.Ordinal); start >= 0; start = text.IndexOf("[[", start, StringComparison.Ordinal))
        {
            var end = text.IndexOf("]]", start, StringComparison.Ordinal);
            if (end < 0)
                break;
            if (!result.Take(text[(start + 2)..end]))
            {
                start += 2;
                continue;
            }

            text = text.Remove(start, end + 2 - start);
        }

        result.Text = text.Trim();
        return result;
    }

    private bool Take(string marker)
    {
        if (marker.StartsWith("fault:", StringComparison.OrdinalIgnoreCase))
        {
            Fault = marker["fault:".Length..];
            return true;
        }

        if (!marker.StartsWith("sim:", StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var part in marker["sim:".Length..].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? part : part[..equals];
            int? number = equals > 0 && int.TryParse(part[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
            switch (name)
            {
                case "chars":
                    Characters = Math.Clamp(number ?? 0, 0, 64 * 1024 * 1024);
                    break;
                case "refuse":
                    Refuse = true;
                    break;
                case "filter":
                    Filter = true;
                    break;
                case "redacted":
                    Redacted = true;
                    break;
                case "delay":
                    DelayMs = number;
                    break;
                case "chunk":
                    Chunk = number;
                    break;
                case "pause":
                    PauseMs = number;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
