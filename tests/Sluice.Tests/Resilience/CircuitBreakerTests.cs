using Sluice.Configuration;
using Sluice.Resilience;
using Sluice.TestKit;

namespace Sluice.Tests.Resilience;

public sealed class CircuitBreakerTests
{
    private static readonly BreakerConfig Config = new() { Failures = 3, OpenFor = TimeSpan.FromSeconds(30), Probes = 1 };
    private readonly ManualTime _time = new();

    [Fact]
    public void TryEnter_AfterFailuresInARow_IsRefusedWithTheRest()
    {
        var breaker = Failed(3);

        breaker.TryEnter(Config, out _, out var rest).ShouldBeFalse();
        rest.ShouldBe(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1));
        breaker.State(Config).ShouldBe(BreakerState.Open);
    }

    [Fact]
    public void TryEnter_AfterFailuresWithASuccessBetween_IsAllowed()
    {
        var breaker = Failed(2);
        Call(breaker, true);
        Call(breaker, false);
        Call(breaker, false);

        breaker.TryEnter(Config, out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void TryEnter_AfterTheRest_LetsOneProbeThrough()
    {
        var breaker = Failed(3);
        _time.Advance(TimeSpan.FromSeconds(31));

        breaker.State(Config).ShouldBe(BreakerState.HalfOpen);
        breaker.TryEnter(Config, out _, out _).ShouldBeTrue();
        breaker.TryEnter(Config, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Report_OfAGoodProbe_Closes()
    {
        var breaker = Failed(3);
        _time.Advance(TimeSpan.FromSeconds(31));
        Call(breaker, true);

        breaker.State(Config).ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public void Report_OfABadProbe_OpensAnew()
    {
        var breaker = Failed(3);
        _time.Advance(TimeSpan.FromSeconds(31));
        Call(breaker, false);

        breaker.State(Config).ShouldBe(BreakerState.Open);
        _time.Advance(TimeSpan.FromSeconds(29));
        breaker.TryEnter(Config, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Report_OfNothing_GivesTheProbeBack()
    {
        var breaker = Failed(3);
        _time.Advance(TimeSpan.FromSeconds(31));
        Call(breaker, null);

        breaker.TryEnter(Config, out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void TryEnter_AboveTheFailureRatio_IsRefused()
    {
        var config = Config with { Failures = 1000, FailureRatio = 0.5, MinCalls = 10 };
        var breaker = new CircuitBreaker(_time);
        for (int i = 0; i < 10; i++)
        {
            breaker.TryEnter(config, out var pass, out _).ShouldBeTrue();
            breaker.Report(config, pass, i % 2 == 0);
        }

        breaker.TryEnter(config, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void TryEnter_AfterFailuresSpreadOverMoreThanTheWindow_IsAllowed()
    {
        var config = Config with { Failures = 1000, FailureRatio = 0.5, MinCalls = 10, Window = TimeSpan.FromSeconds(30) };
        var breaker = new CircuitBreaker(_time);
        for (int i = 0; i < 30; i++)
        {
            breaker.TryEnter(config, out var pass, out _).ShouldBeTrue();
            breaker.Report(config, pass, false);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        breaker.State(config).ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public void Report_OfACallThatBeganBeforeTheOpening_ChangesNothing()
    {
        var breaker = new CircuitBreaker(_time);
        breaker.TryEnter(Config, out var slow, out _).ShouldBeTrue();
        for (int i = 0; i < 3; i++) Call(breaker, false);

        breaker.Report(Config, slow, true);

        breaker.State(Config).ShouldBe(BreakerState.Open);
        _time.Advance(TimeSpan.FromSeconds(31));
        breaker.TryEnter(Config, out _, out _).ShouldBeTrue();
        breaker.Report(Config, slow, false);
        breaker.TryEnter(Config, out _, out _).ShouldBeFalse("the one probe is still under way");
    }

    private CircuitBreaker Failed(int times)
    {
        var breaker = new CircuitBreaker(_time);
        for (int i = 0; i < times; i++) Call(breaker, false);
        return breaker;
    }

    private static void Call(CircuitBreaker breaker, bool? healthy)
    {
        breaker.TryEnter(Config, out var pass, out _).ShouldBeTrue();
        breaker.Report(Config, pass, healthy);
    }
}
