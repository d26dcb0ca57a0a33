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
            List<(BreakerPass Pass, int Turn)> open = [];
            int failed = 0, turn = 0;
            DateTimeOffset? openedAt = null;
            foreach (var step in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(step.Millis));
                if (step.IsBegin)
                {
                    bool isIn = breaker.TryEnter(config, out var pass, out var rest);
                    if (isIn) open.Add((pass, turn));
                    if (openedAt is null) isIn.ShouldBeTrue("a closed breaker lets everything pass");
                    else if (time.GetUtcNow() - openedAt < config.OpenFor) isIn.ShouldBeFalse("it rests for its whole time");
                    else isIn.ShouldBe(open.Count(o => o.Turn == turn) - (isIn ? 1 : 0) < probes, "then so many probes at once, and no fewer");
                    if (!isIn) rest.ShouldBeGreaterThan(TimeSpan.Zero);
                }
                else if (open.Count > 0)
                {
                    var ended = open[step.Which % open.Count];
                    open.Remove(ended);
                    var before = breaker.State(config);
                    breaker.Report(config, ended.Pass, step.Health);
                    var after = breaker.State(config);
                    if (ended.Turn != turn)
                    {
                        after.ShouldBe(before, "who began before the last turn says nothing about now");
                        continue;
                    }
                    failed = step.Health switch { true => 0, false => failed + 1, null => failed };
                    bool turns = step.Health is { } healthy && (openedAt is not null || (!healthy && failed >= failures));
                    if (!turns)
                    {
                        after.ShouldBe(before);
                        continue;
                    }
                    after.ShouldBe(step.Health == true ? BreakerState.Closed : BreakerState.Open);
                    (openedAt, failed, turn) = (step.Health == true ? null : time.GetUtcNow(), 0, turn + 1);
                }
                breaker.IsOpen(config, out _).ShouldBe(breaker.State(config) == BreakerState.Open);
            }
        });
    }

    private static void Holds(Action<IReadOnlyList<Step>> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true), Prop.ForAll(Runs.ToArbitrary(), property));

    private sealed record Step(bool IsBegin, int Which, bool? Health, int Millis);
}
