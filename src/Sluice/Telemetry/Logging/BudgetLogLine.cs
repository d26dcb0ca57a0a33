using System.Globalization;
using System.Text;
using Sluice.Budgets;
using Sluice.Configuration;
using Sluice.Pricing;

namespace Sluice.Telemetry.Logging;

/// <summary>What is told of a budget as a line. The address of its webhook is not in it.</summary>
internal sealed class BudgetLogLine(BudgetAlert alert) : LogLine
{
    public override DateTimeOffset Time => alert.At;

    public override LogLevelName Level => LogLevelName.Warning;

    public override string Event => alert.Event;

    public override void WriteFields(LogFields fields)
    {
        fields.Write("budget"u8, alert.Budget);
        fields.Write("scope"u8, alert.Scope);
        fields.Write("period"u8, alert.Period);
        fields.Write("spent_usd"u8, Money.Text(alert.SpentUsd));
        fields.Write("limit_usd"u8, Money.Text(alert.LimitUsd));
        if (alert.ResetsAt is { } reset) fields.Write("resets_at"u8, reset.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
    }

    public override void WriteText(StringBuilder line, LogText text) => line
        .Append(alert.Event == BudgetAlert.WebhookFailed ? "nobody took the webhook's message: the " : "the ")
        .Append(text.Plain(alert.Budget)).Append(": ").Append(Money.Text(alert.SpentUsd)).Append(" of ").Append(Money.Text(alert.LimitUsd)).Append(" USD are spent");
}
