using System.Text;
using Sluice.Configuration;

namespace Sluice.Telemetry.Logging;

/// <summary>One step of a call, for debugging.</summary>
/// <param name="time">When.</param>
/// <param name="requestId">Whose.</param>
/// <param name="category">Which step.</param>
/// <param name="text">What was done, in words.</param>
/// <param name="credentials">What the client presented, for the mask.</param>
internal sealed class StepLine(DateTimeOffset time, string requestId, string category, string text, IReadOnlyList<string> credentials) : LogLine
{
    public override DateTimeOffset Time => time;

    public override LogLevelName Level => LogLevelName.Debug;

    public override string Event => "step";

    public override IReadOnlyList<string>? Credentials => credentials;

    public override void WriteFields(LogFields fields)
    {
        fields.Writer.WriteString("category"u8, category);
        fields.Writer.WriteString("request_id"u8, requestId);
        fields.Write("message"u8, text);
    }

    public override void WriteText(StringBuilder line, LogText mask) =>
        line.Append(category.AsSpan(category.LastIndexOf('.') + 1)).Append(": ").Append(mask.Plain(text)).Append(' ').Append(requestId);
}
