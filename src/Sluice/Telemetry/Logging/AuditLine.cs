using System.Text;
using Sluice.Configuration;
using Sluice.Storage;

namespace Sluice.Telemetry.Logging;

/// <summary>An administrative act as a line.</summary>
internal sealed class AuditLine(AuditEntry entry) : LogLine
{
    public override DateTimeOffset Time => entry.At;

    public override LogLevelName Level => LogLevelName.Info;

    public override string Event => "audit";

    public override void WriteFields(LogFields fields)
    {
        fields.Write("actor"u8, entry.Actor);
        fields.Write("act"u8, entry.Act);
        fields.Write("subject"u8, entry.Subject);
        fields.Write("request_id"u8, entry.RequestId);
        fields.Write("address"u8, entry.Address);
        if (entry.Detail is { } detail) fields.Write("detail"u8, detail);
    }

    public override void WriteText(StringBuilder line, LogText text)
    {
        line.Append("audit ").Append(text.Plain(entry.Actor)).Append(' ').Append(text.Plain(entry.Act));
        if (entry.Subject is { } subject) line.Append(' ').Append(text.Plain(subject));
        if (entry.Detail is { } detail) line.Append(' ').Append(text.Plain(detail));
        if (entry.Address is { } address) line.Append(" from ").Append(text.Plain(address));
        if (entry.RequestId is { } id) line.Append(' ').Append(text.Plain(id));
    }
}
