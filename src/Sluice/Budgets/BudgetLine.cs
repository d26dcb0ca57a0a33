using Sluice.Configuration;
using Sluice.Storage;

namespace Sluice.Budgets;

/// <summary>One cap of one budget. Keeps its present period; thread-safe.</summary>
internal sealed class BudgetLine
{
    private readonly TimeZoneInfo _zone;
    private readonly PeriodKind _kind;
    private readonly string _scope;
    private BudgetCap? _present;

    private BudgetLine(string scope, string owner, PeriodKind kind, decimal limit, BudgetConfig config)
    {
        (_scope, _kind, _zone) = (scope, kind, TimeZoneInfo.FindSystemTimeZoneById(config.TimeZone));
        Name = $"{kind.ToString().ToLowerInvariant()} budget of {owner}";
        (Limit, Warn, Webhook) = (limit, (decimal)config.Warn, config.Webhook);
    }

    /// <summary>In words: <c>daily budget of route 'smart'</c>.</summary>
    public string Name { get; }

    /// <summary>USD.</summary>
    public decimal Limit { get; }

    /// <summary>The share at which a warning is given.</summary>
    public decimal Warn { get; }

    /// <summary>Who is told.</summary>
    public Secret? Webhook { get; }

    /// <summary>The lines of a budget; none where nothing is capped.</summary>
    /// <param name="scope">Its scope in the store.</param>
    /// <param name="owner">Its owner in words.</param>
    /// <param name="config">The budget.</param>
    public static BudgetLine[] Of(string scope, string owner, BudgetConfig config)
    {
        if (config.IsEmpty) return [];
        var lines = new List<BudgetLine>(4);
        foreach (var (kind, limit) in (ReadOnlySpan<(PeriodKind, decimal?)>)[(PeriodKind.Daily, config.Daily), (PeriodKind.Weekly, config.Weekly), (PeriodKind.Monthly, config.Monthly), (PeriodKind.Total, config.Total)])
        {
            if (limit is { } usd) lines.Add(new BudgetLine(scope, owner, kind, usd, config));
        }
        return [.. lines];
    }

    /// <summary>The cap in the period that holds a moment.</summary>
    public BudgetCap At(DateTimeOffset now)
    {
        var present = Volatile.Read(ref _present);
        if (present is not null && now >= present.Period.Start && now < present.Period.End) return present;
        present = new BudgetCap(BudgetCalendar.Period(_scope, _kind, _zone, now), Limit);
        Volatile.Write(ref _present, present);
        return present;
    }
}
