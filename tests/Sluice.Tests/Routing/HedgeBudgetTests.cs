using Sluice.Configuration;
using Sluice.Engine.Hedging;
using Sluice.TestKit;

namespace Sluice.Tests.Routing;

/// <summary>Hedges stay within their share of calls and of spending.</summary>
public sealed class HedgeBudgetTests
{
    private static readonly HedgeConfig Config = new() { After = TimeSpan.FromSeconds(1), MaxShare = 0.1, MaxSpend = 0.2 };
    private readonly ManualTime _time = new();

    [Fact]
    public void Share_BoundsHowManyCallsAreHedged()
    {
        var budget = new HedgeBudget(_time);

        int hedged = 0;
        for (int call = 0; call < 1000; call++)
        {
            budget.Count(Config);
            if (budget.TryTake(Config, null)) hedged++;
        }

        hedged.ShouldBeInRange(100, 101); // a tenth, and one to begin with
    }

    [Fact]
    public void QuietTimes_SaveUpOnlyAFew()
    {
        var budget = new HedgeBudget(_time);
        for (int call = 0; call < 10_000; call++) budget.Count(Config);

        int hedged = 0;
        while (budget.TryTake(Config, null)) hedged++;

        hedged.ShouldBe(10);
    }

    [Fact]
    public void Spending_BoundsWhatHedgesCost()
    {
        var budget = new HedgeBudget(_time);
        var generous = Config with { MaxShare = 1 };
        decimal spent = 0, onHedges = 0;
        for (int call = 0; call < 1000; call++)
        {
            budget.Count(generous);
            decimal? loser = budget.TryTake(generous, 0.01m) ? 0.01m : null;
            budget.Spend(0.01m + (loser ?? 0), loser);
            spent += 0.01m + (loser ?? 0);
            onHedges += loser ?? 0;
        }

        (onHedges / spent).ShouldBeInRange(0.18m, 0.2m);
    }

    [Fact]
    public void OldSpending_CountsLess()
    {
        var budget = new HedgeBudget(_time);
        for (int call = 0; call < 100; call++) budget.Count(Config);
        budget.TryTake(Config, 1m).ShouldBeTrue();
        budget.Spend(2m, 1m);
        budget.TryTake(Config, 0.1m).ShouldBeFalse();

        _time.Advance(TimeSpan.FromHours(10));
        budget.Spend(1m, null);

        budget.TryTake(Config, 0.1m).ShouldBeTrue();
    }
}
