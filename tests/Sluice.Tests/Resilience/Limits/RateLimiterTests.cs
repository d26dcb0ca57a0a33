using Sluice.Configuration;
using Sluice.Resilience.Limits;
using Sluice.TestKit;

namespace Sluice.Tests.Resilience.Limits;

public sealed class RateLimiterTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 1)]
    [InlineData(60, 0.5)]
    public void TryEnter_FromManyThreads_LetsExactlyTheBurstPass(int rpm, double burst)
    {
        var limiter = new RateLimiter(_time);
        var limits = new LimitsConfig { Rpm = rpm, Burst = burst };
        int passed = 0;

        Parallel.For(0, 400, _ => { if (Set(limiter, limits).TryEnter(0) is null) Interlocked.Increment(ref passed); });

        passed.ShouldBe((int)(rpm * burst));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(333)]
    public void TryEnter_AfterTheWaitItNames_Passes(int rpm)
    {
        var limiter = new RateLimiter(_time);
        var limits = new LimitsConfig { Rpm = rpm };
        for (int i = 0; i < rpm; i++) Set(limiter, limits).TryEnter(0).ShouldBeNull();

        for (int i = 0; i < 50; i++)
        {
            var wait = Set(limiter, limits).TryEnter(0).ShouldNotBeNull().Wait;
            wait.ShouldBe(TimeSpan.FromMinutes(1.0 / rpm), TimeSpan.FromMilliseconds(1));
            _time.Advance(wait + TimeSpan.FromMicroseconds(10));
            Set(limiter, limits).TryEnter(0).ShouldBeNull();
        }
    }

    [Fact]
    public void Exit_WithMoreTokensThanReserved_MakesTheNextWaitLonger()
    {
        var limiter = new RateLimiter(_time);
        var limits = new LimitsConfig { Tpm = 600 };
        Set(limiter, limits).TryEnter(100).ShouldBeNull();
        Set(limiter, limits).Exit(100, 900);

        var refusal = Set(limiter, limits).TryEnter(100).ShouldNotBeNull();

        refusal.Name.ShouldBe("tpm");
        refusal.Wait.ShouldBe(TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void TryEnter_AtTheConcurrency_IsRefusedUntilOneEnds()
    {
        var limiter = new RateLimiter(_time);
        var limits = new LimitsConfig { Concurrency = 2 };
        Set(limiter, limits).TryEnter(0).ShouldBeNull();
        Set(limiter, limits).TryEnter(0).ShouldBeNull();
        Set(limiter, limits).TryEnter(0).ShouldNotBeNull().Name.ShouldBe("concurrency");

        Set(limiter, limits).Exit(0, 0);

        Set(limiter, limits).TryEnter(0).ShouldBeNull();
    }

    [Fact]
    public void TryEnter_AfterTheRateRose_LetsTheDifferencePass()
    {
        var limiter = new RateLimiter(_time);
        for (int i = 0; i < 5; i++) Set(limiter, new LimitsConfig { Rpm = 5 }).TryEnter(0).ShouldBeNull();
        var raised = new LimitsConfig { Rpm = 8 };

        for (int i = 0; i < 3; i++) Set(limiter, raised).TryEnter(0).ShouldBeNull();

        Set(limiter, raised).TryEnter(0).ShouldNotBeNull();
    }

    private static LimitSet Set(RateLimiter limiter, LimitsConfig limits) => LimitSet.Of(new LimitScope("it", limits, limiter));
}
