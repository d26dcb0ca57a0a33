using Sluice.Routing;

namespace Sluice.Tests.Routing;

/// <summary>The target whose first content comes soonest, by what was seen of calls of like size.</summary>
public sealed class LeastLatencyTests : IDisposable
{
    private static readonly SizeClass Small = new(4);
    private static readonly SizeClass Large = new(6);
    private readonly RoutingBench _bench = new("  r: { strategy: least_latency, targets: [local/a, local/b, local/c] }");

    [Fact]
    public void UnknownTargets_AreEachTriedOnce()
    {
        string[] firsts = [First(), First(), First()];

        firsts.ShouldBe(["local/a", "local/b", "local/c"]);
        First().ShouldBe("local/a"); // all were looked at: as written until somebody has answered
    }

    [Fact]
    public void Soonest_ComesFirst_BySizeOfCall()
    {
        See("local/a", Small, 300);
        See("local/b", Small, 100);
        See("local/c", Small, 200);
        See("local/a", Large, 1000);
        See("local/b", Large, 3000);
        See("local/c", Large, 2000);

        _bench.Order("r").ShouldBe("local/b local/c local/a");
        _bench.Order("r", string.Concat(Enumerable.Repeat("word ", 20_000))).ShouldBe("local/a local/c local/b");
    }

    [Fact]
    public void TargetThatRecovered_IsSeenAgainAfterAWhile()
    {
        See("local/a", Small, 100);
        See("local/b", Small, 110);
        See("local/c", Small, 5000);
        _bench.Time.Advance(TimeSpan.FromSeconds(50));
        See("local/a", Small, 100);
        See("local/b", Small, 110);
        First().ShouldBe("local/a");
        _bench.Time.Advance(TimeSpan.FromSeconds(15));

        First().ShouldBe("local/c");
        First().ShouldBe("local/a"); // one call finds out, not a crowd
        See("local/c", Small, 50);

        // What was seen a minute ago counts for a third by now, not for four fifths.
        _bench.State("local/c").Latency.Expected(Small)!.Value.ShouldBeInRange(1.4, 2.0);
    }

    [Fact]
    public void Percentile_IsKnownOnceEnoughWasSeen()
    {
        var latency = _bench.State("local/a").Latency;
        for (int i = 1; i <= 7; i++) latency.Saw(Small, TimeSpan.FromMilliseconds(i));
        latency.Percentile(Small, 95).ShouldBeNull();
        for (int i = 8; i <= 100; i++) latency.Saw(Small, TimeSpan.FromMilliseconds(i));

        latency.Percentile(Small, 95)!.Value.TotalMilliseconds.ShouldBe(95, 0.001);
        latency.Percentile(Small, 50)!.Value.TotalMilliseconds.ShouldBe(50, 0.001);
    }

    [Fact]
    public void WaitThatWasBrokenOff_CountsOnlyWhereItWasLong()
    {
        var latency = _bench.State("local/a").Latency;
        latency.Saw(Small, TimeSpan.FromMilliseconds(500));

        latency.SawNothingFor(Small, TimeSpan.FromMilliseconds(10));
        latency.Expected(Small)!.Value.ShouldBe(0.5, 0.001);

        latency.SawNothingFor(Small, TimeSpan.FromMilliseconds(1500));
        latency.Expected(Small)!.Value.ShouldBe(0.7, 0.001);
    }

    public void Dispose() => _bench.Dispose();

    private string First() => _bench.Order("r").Split(' ')[0];

    private void See(string target, SizeClass size, int milliseconds) => _bench.State(target).Latency.Saw(size, TimeSpan.FromMilliseconds(milliseconds));
}
