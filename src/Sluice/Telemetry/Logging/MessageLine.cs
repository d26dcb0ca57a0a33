using System.Text;
using Sluice.Configuration;

namespace Sluice.Telemetry.Logging;

/// <summary>The headers, and the body where that is wanted, of one message: of the client's request, or of what went to and came from a provider.</summary>
/// <param name="time">When.</param>
/// <param name="requestId">Whose.</param>
/// <param name="what"><c>client_request</c>, <c>upstream_request</c> or <c>upstream_response</c>.</param>
/// <param name="head">Method and path, or the status.</param>
/// <param name="headers">The headers, credentials taken out.</param>
/// <param name="body">The body; <see langword="null"/> where bodies are not logged.</param>
/// <param name="credentials">What the client presented, for the mask.</param>
internal sealed class MessageLine(DateTimeOffset time, string requestId, string what, string head, IReadOnlyList<KeyValuePair<string, string>> headers, LoggedBody? body, IReadOnlyList<string> credentials) : LogLine
{
    /// <summary>How much more than the bound is kept until the mask has been over it, in bytes: longer than any key.</summary>
    public const int Slack = 4096;

    public override DateTimeOffset Time => time;

    public override LogLevelName Level => LogLevelName.Info;

    public override string Event => what;

    public override IReadOnlyList<string>? Credentials => credentials;

    public override void WriteFields(LogFields fields)
    {
        var w = fields.Writer;
        w.WriteString("request_id"u8, requestId);
        fields.Write("head"u8, head);
        w.WriteStartObject("headers"u8);
        foreach (var (name, value) in headers) w.WriteString(fields.Text.Masked(name), fields.Text.Masked(value));
        w.WriteEndObject();
        if (body is null) return;
        w.WriteNumber("body_bytes"u8, body.Length);
        w.WriteString("body"u8, body.Masked(fields.Text));
    }

    public override void WriteText(StringBuilder line, LogText text)
    {
        line.Append(what).Append(' ').Append(text.Plain(head)).Append(' ').Append(requestId);
        foreach (var (name, value) in headers) line.Append(" | ").Append(text.Plain(name)).Append(": ").Append(text.Plain(value));
        if (body is not null) line.Append(" | ").Append(body.Masked(text));
    }
}

/// <summary>A body for the log.</summary>
/// <param name="Text">Its beginning.</param>
/// <param name="Length">Its whole length in bytes.</param>
/// <param name="Most">How much of it may be written.</param>
internal sealed record LoggedBody(string Text, long Length, int Most)
{
    /// <summary>Masked, and only then cut: the half of a secret would pass. What is near the end of what was kept is never written.</summary>
    public string Masked(LogText text)
    {
        string masked = text.Whole(Text);
        if (Length <= Most) return masked;
        int end = Math.Clamp(masked.Length - MessageLine.Slack, 0, Most);
        return masked[..end] + "...";
    }
}
