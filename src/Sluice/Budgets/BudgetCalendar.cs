using Sluice.Storage;

namespace Sluice.Budgets;

/// <summary>When periods begin and end: at midnight where the budget lives, whatever summer time does to that midnight.</summary>
internal static class BudgetCalendar
{
    /// <summary>The period that holds a moment.</summary>
    public static BudgetPeriod Period(string scope, PeriodKind kind, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (kind == PeriodKind.Total) return new BudgetPeriod(scope, "total", DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var first = kind switch
        {
            PeriodKind.Daily => today,
            PeriodKind.Weekly => today.AddDays(-(((int)today.DayOfWeek + 6) % 7)),
            _ => new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
        };
        var next = kind switch
        {
            PeriodKind.Daily => first.AddDays(1),
            PeriodKind.Weekly => first.AddDays(7),
            _ => first.AddMonths(1),
        };
        return new BudgetPeriod(scope, kind.ToString().ToLowerInvariant(), Begin(first, zone), Begin(next, zone));
    }

    // Where clocks skip midnight the day begins when they go on; where they repeat it, the first time counts.
    private static DateTimeOffset Begin(DateTime midnight, TimeZoneInfo zone)
    {
        var local = DateTime.SpecifyKind(midnight, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

/// <summary>How long a cap counts.</summary>
internal enum PeriodKind
{
    Daily,
    Weekly,
    Monthly,
    Total,
}
