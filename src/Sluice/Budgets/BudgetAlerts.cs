using System.Collections.Concurrent;
using Sluice.Storage;

namespace Sluice.Budgets;

/// <summary>Tells once a period and threshold that a budget runs out. What was told is remembered by the process: after a restart it is told again.</summary>
internal sealed class BudgetAlerts(Action<BudgetAlert> tell, WebhookSender webhooks, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private readonly ConcurrentDictionary<(string Scope, string Kind, DateTimeOffset Start, string Event), bool> _told = new();

    /// <summary>So much is spent after a call.</summary>
    public void Spent(BudgetLine line, BudgetStanding before, decimal spent)
    {
        if (spent >= line.Limit) Raise(BudgetAlert.Spent, line, before.Period, spent);
        else if (spent >= line.Limit * line.Warn) Raise(BudgetAlert.Warning, line, before.Period, spent);
    }

    /// <summary>A call was refused.</summary>
    public void Refused(BudgetLine line, BudgetStanding standing) => Spent(line, standing, standing.Spent);

    private void Raise(string what, BudgetLine line, BudgetPeriod period, decimal spent)
    {
        var key = (period.Scope, period.Kind, period.Start, what);
        if (_told.ContainsKey(key) || !_told.TryAdd(key, true)) return;
        if (_told.Count > MostRemembered)
        {
            var now = time.GetUtcNow();
            foreach (var old in _told.Keys.Where(k => k.Start < now.AddDays(-40) && k.Kind != "total")) _told.TryRemove(old, out _);
        }
        var alert = new BudgetAlert(time.GetUtcNow(), what, line.Name, period.Scope, period.Kind, spent, line.Limit, period.End == DateTimeOffset.MaxValue ? null : period.End) { Webhook = line.Webhook };
        tell(alert);
        if (alert.Webhook is not null) webhooks.Send(alert);
    }
}
