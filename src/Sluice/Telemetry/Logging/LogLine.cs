using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Configuration;

namespace Sluice.Telemetry.Logging;

/// <summary>One line of the log. Written once, by the writer's own thread.</summary>
internal abstract class LogLine
{
    /// <summary>When it happened.</summary>
    public abstract DateTimeOffset Time { get; }

    /// <summary>Its level.</summary>
    public abstract LogLevelName Level { get; }

    /// <summary>The kind of line, <c>event</c> in JSON.</summary>
    public abstract string Event { get; }

    /// <summary>What the client of the call presented, so that the mask knows it.</summary>
    public virtual IReadOnlyList<string>? Credentials => null;

    /// <summary>The fields after time, level and event.</summary>
    public abstract void WriteFields(LogFields fields);

    /// <summary>The line after time and level, for people.</summary>
    public abstract void WriteText(StringBuilder line, LogText text);

    /// <summary>The time as JSON lines have it.</summary>
    public string IsoTime => Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Writes JSON fields whose text has passed the mask.</summary>
internal readonly struct LogFields(Utf8JsonWriter writer, LogText text)
{
    /// <summary>For structure and numbers.</summary>
    public Utf8JsonWriter Writer => writer;

    /// <summary>The mask for single values.</summary>
    public LogText Text => text;

    /// <summary>A text field; none for <see langword="null"/>.</summary>
    public void Write(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) writer.WriteString(name, text.Masked(value));
    }

    /// <summary>A duration in milliseconds.</summary>
    public void Write(ReadOnlySpan<byte> name, TimeSpan value) => writer.WriteNumber(name, Math.Round(value.TotalMilliseconds, 2));
}
