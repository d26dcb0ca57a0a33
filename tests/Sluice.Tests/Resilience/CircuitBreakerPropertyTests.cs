using FsCheck;
using FsCheck.Fluent;
using Sluice.Configuration;
using Sluice.Resilience;
using Sluice.TestKit;

namespace Sluice.Tests.Resilience;

/// <summary>Calls begin and end in any order, at any time: the breaker keeps its promises.</summary>
public sealed class CircuitBreakerPropertyTests
{
    private static readonly Gen<IReadOnlyList<Step>> Runs =
        from steps in Gen.ListOf(
            from begin in Gen.Choose(0, 2)
            from which in Gen.Choose(0, 20)
            from health in Gen.Frequency((3, Gen.Constant<bool?>(false)), (2, Gen.Constant<bool?>(true)), (1, Gen.Constant<bool?>(null)))
            from millis in Gen.Frequency((4, Gen.Constant(0)), (2, Gen.Choose(1, 5000)), (1, Gen.Choose(20_000, 40_000)))
            select new Step(begin > 0, which, health, millis))
        select (IReadOnlyList<Step>)[.. steps];

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    public void Breaker_OpensForItsTimeOnly_AndLetsNoMoreProbesThroughThanAllowed(int failures, int probes)
    {
        var config = new BreakerConfig { Failures = failures, Probes = probes, OpenFor = TimeSpan.FromSeconds(30) };
        Holds(steps =>
        {
            var time = new ManualTime();
            var breaker = new CircuitBreaker(time);
            List<BreakerPass> open = [];
            int failed = 0;
            DateTimeOffset? openedAt = null;
            foreach (var step in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(step.Millis));
                if (step.IsBegin)
                {
                    bool isIn = breaker.TryEnter(config, out var pass, out var rest);
                    if (isIn) open.Add(pass);
                    if (openedAt is null) isIn.ShouldBeTrue("a closed breaker lets everything pass");
                    else if (time.GetUtcNow() - openedAt < config.OpenFor) isIn.ShouldBeFalse("it rests for its whole time");
                    if (!isIn) rest.ShouldBeGreaterThan(TimeSpan.Zero);
                    breaker.IsOpen(config, out _).ShouldBe(breaker.State(config) == BreakerState.Open);
                }
                else if (open.Count > 0)
                {
                    var pass = open[step.Which % open.Count];
                    open.Remove(pass);
                    var before = breaker.State(config);
                    breaker.Report(config, pass, step.Health);
                    var after = breaker.State(config);
                    failed = step.Health switch { true => 0, false when before == BreakerState.Closed => failed + 1, _ => failed };
                    if (before == BreakerState.Closed && after == BreakerState.Open) failed.ShouldBeGreaterThanOrEqualTo(failures);
                    if (before == BreakerState.Open) after.ShouldBe(BreakerState.Open, "who began before does not end a rest");
                    if (after == BreakerState.Open && before != BreakerState.Open) (openedAt, failed) = (time.GetUtcNow(), 0);
                    if (after == BreakerState.Closed && before != BreakerState.Closed) (openedAt, failed) = (null, 0);
                }
                if (openedAt is not null) LiveProbes(breaker, config, open).ShouldBeLessThanOrEqualTo(probes);
            }
        });
    }

    // A probe that is still out belongs to the present rest unless the breaker has turned since; each turn gives passes of another era.
    private static int LiveProbes(CircuitBreaker breaker, BreakerConfig config, List<BreakerPass> open)
    {
        if (breaker.State(config) != BreakerState.HalfOpen) return 0;
        return open.Where(p => p.IsProbe).GroupBy(p => p).Select(g => g.Count()).DefaultIfEmpty(0).Max();
    }

    private static void Holds(Action<IReadOnlyList<Step>> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true), Prop.ForAll(Runs.ToArbitrary(), property));

    private sealed record Step(bool IsBegin, int Which, bool? Health, int Millis);
}
