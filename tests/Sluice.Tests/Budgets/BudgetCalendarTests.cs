using System.Globalization;
using Sluice.Budgets;

namespace Sluice.Tests.Budgets;

/// <summary>Days, weeks and months turn at midnight of the budget's own zone.</summary>
public sealed class BudgetCalendarTests
{
    [Theory]
    [InlineData("Daily", "UTC", "2026-11-21T23:59:59Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z")]
    [InlineData("Daily", "UTC", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("Daily", "Asia/Kathmandu", "2026-11-21T18:15:00Z", "2026-11-21T18:15:00Z", "2026-11-22T18:15:00Z")]
    // Clocks go back in Berlin: a day of 25 hours; and forth: one of 23.
    [InlineData("Daily", "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("Daily", "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    // Beirut skips midnight itself; Havana repeats it.
    [InlineData("Daily", "Asia/Beirut", "2026-03-29T12:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z")]
    [InlineData("Daily", "America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")]
    [InlineData("Weekly", "UTC", "2026-11-22T10:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("Weekly", "UTC", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")]
    [InlineData("Monthly", "America/New_York", "2026-12-01T04:59:59Z", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z")]
    [InlineData("Total", "UTC", "2026-11-21T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z")]
    public void Period_HoldsTheMoment_InItsZone(string kind, string zone, string now, string start, string end)
    {
        var period = BudgetCalendar.Period("gateway", Enum.Parse<PeriodKind>(kind), TimeZoneInfo.FindSystemTimeZoneById(zone), Time(now));
        (period.Start, period.End).ShouldBe((Time(start), Time(end)));
    }

    [Fact]
    public void Periods_FollowEachOtherWithoutGap_InEveryZone()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var now = Time("2026-01-01T12:00:00Z");
            var period = BudgetCalendar.Period("gateway", PeriodKind.Daily, zone, now);
            for (int day = 0; day < 370; day++)
            {
                var next = BudgetCalendar.Period("gateway", PeriodKind.Daily, zone, period.End);
                next.Start.ShouldBe(period.End, $"{zone.Id} after {period.End:O}");
                period = next;
            }
        }
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
