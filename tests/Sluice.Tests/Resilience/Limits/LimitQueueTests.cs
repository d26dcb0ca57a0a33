using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Resilience.Limits;
using Sluice.TestKit;

namespace Sluice.Tests.Resilience.Limits;

/// <summary>Calls that wait for room: in order, bounded, awake when there is room, and never holding what they did not get.</summary>
public sealed class LimitQueueTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(20);
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Waiting_PassesInTheOrderOfArrival_AsFastAsTheRateAllows()
    {
        var (set, limiter) = Set(new LimitsConfig { Rpm = 60, Burst = 1.0 / 60 });
        set.TryEnter(0).ShouldBeNull();
        var order = new ConcurrentQueue<int>();
        var waiting = Enumerable.Range(0, 10).Select(i => WaitAsync(set, order, i)).ToArray();
        limiter.Waiting.ShouldBe(10);

        await AdvanceUntilAsync(Task.WhenAll(waiting));

        order.ShouldBe(Enumerable.Range(0, 10));
        // One a second after the first: never sooner.
        (_time.GetUtcNow() - Start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(10));
        limiter.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task NewCall_DoesNotOvertakeThoseWhoWait()
    {
        var (set, _) = Set(new LimitsConfig { Rpm = 60, Burst = 1.0 / 60 });
        set.TryEnter(0).ShouldBeNull();
        var first = set.EnterAsync(0, Guard, CancellationToken.None).AsTask();

        var refusal = set.TryEnter(0).ShouldNotBeNull();

        refusal.Wait.ShouldBe(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(5), "the one who waits is served before");
        await AdvanceUntilAsync(first);
    }

    [Fact]
    public async Task Exit_WakesTheNext_AtTheConcurrencyLimit()
    {
        var (set, limiter) = Set(new LimitsConfig { Concurrency = 1 });
        set.TryEnter(0).ShouldBeNull();
        var order = new ConcurrentQueue<int>();
        var waiting = Enumerable.Range(0, 20).Select(i => WaitAsync(set, order, i)).ToArray();

        // The clock stands still: only the end of the one before can wake each.
        foreach (var next in waiting)
        {
            set.Exit(0, 0);
            await next.WaitAsync(Guard, TestContext.Current.CancellationToken);
        }

        order.ShouldBe(Enumerable.Range(0, 20));
        limiter.Busy.ShouldBe(1);
        limiter.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task WaitLongerThanThePatience_IsRefusedAtOnce()
    {
        var (set, limiter) = Set(new LimitsConfig { Rpm = 1 });
        set.TryEnter(0).ShouldBeNull();

        var refusal = await set.EnterAsync(0, TimeSpan.FromSeconds(30), CancellationToken.None);

        refusal.ShouldNotBeNull().Wait.ShouldBe(TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(5));
        limiter.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task PatienceThatEnds_RefusesAndLeavesTheQueue()
    {
        var (set, limiter) = Set(new LimitsConfig { Concurrency = 1 });
        set.TryEnter(0).ShouldBeNull();
        var waiting = set.EnterAsync(0, TimeSpan.FromSeconds(5), CancellationToken.None).AsTask();

        await AdvanceUntilAsync(waiting);

        (await waiting).ShouldNotBeNull().Name.ShouldBe("concurrency");
        limiter.Waiting.ShouldBe(0);
        limiter.Busy.ShouldBe(1);
    }

    [Fact]
    public async Task FullQueue_RefusesAndSaysSo()
    {
        var (set, _) = Set(new LimitsConfig { Concurrency = 1, Queue = 2 });
        set.TryEnter(0).ShouldBeNull();
        var waiting = Enumerable.Range(0, 2).Select(_ => set.EnterAsync(0, Guard, CancellationToken.None).AsTask()).ToArray();

        var refusal = await set.EnterAsync(0, Guard, CancellationToken.None);

        refusal.ShouldNotBeNull().ToError().Message.ShouldContain("limits.concurrency = 1 is reached and limits.queue = 2 calls wait already");
        foreach (var next in waiting)
        {
            set.Exit(0, 0);
            await next.WaitAsync(Guard, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task ClientThatLeaves_MakesRoomForTheNext()
    {
        var (set, limiter) = Set(new LimitsConfig { Concurrency = 1 });
        set.TryEnter(0).ShouldBeNull();
        using var client = new CancellationTokenSource();
        var leaving = set.EnterAsync(0, Guard, client.Token).AsTask();
        var next = set.EnterAsync(0, Guard, CancellationToken.None).AsTask();

        await client.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        set.Exit(0, 0);
        await next.WaitAsync(Guard, TestContext.Current.CancellationToken);

        limiter.Busy.ShouldBe(1);
        limiter.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task RaisedRate_WakesWhoWaits()
    {
        var limiter = new RateLimiter(_time);
        var slow = Of(limiter, new LimitsConfig { Rpm = 1 });
        slow.TryEnter(0).ShouldBeNull();
        var waiting = slow.EnterAsync(0, TimeSpan.FromMinutes(5), CancellationToken.None).AsTask();

        Of(limiter, new LimitsConfig { Concurrency = 100, Rpm = 1000 }).TryEnter(0).ShouldNotBeNull();
        await AdvanceUntilAsync(waiting);

        (await waiting).ShouldBeNull();
    }

    [Fact]
    public async Task TwoLimits_AreTakenTogetherOrNotAtAll()
    {
        var (wide, narrow) = (new RateLimiter(_time), new RateLimiter(_time));
        var shared = new LimitScope("wide", new LimitsConfig { Rpm = 10 }, wide);
        var both = LimitSet.Of(shared, new LimitScope("narrow", new LimitsConfig { Concurrency = 1 }, narrow));
        both.TryEnter(0).ShouldBeNull();

        for (int i = 0; i < 50; i++) both.TryEnter(0).ShouldNotBeNull();

        // None of the fifty took anything of the wide one.
        for (int i = 0; i < 9; i++) LimitSet.Of(shared).TryEnter(0).ShouldBeNull();
        LimitSet.Of(shared).TryEnter(0).ShouldNotBeNull();
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task ManyThreads_NeverExceedTheConcurrency_AndAllPass(int most)
    {
        var (set, limiter) = Set(new LimitsConfig { Concurrency = most, Queue = 10_000 }, TimeProvider.System);
        int busy = 0, highest = 0, passed = 0;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 50; i++)
            {
                (await set.EnterAsync(0, Guard, CancellationToken.None)).ShouldBeNull();
                int now = Interlocked.Increment(ref busy);
                InterlockedMax(ref highest, now);
                await Task.Yield();
                Interlocked.Decrement(ref busy);
                Interlocked.Increment(ref passed);
                set.Exit(0, 0);
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        passed.ShouldBe(64 * 50);
        highest.ShouldBeLessThanOrEqualTo(most);
        (limiter.Busy, limiter.Waiting).ShouldBe((0, 0));
    }

    [Fact]
    public async Task ManyThreads_ThatLeaveAtRandom_LoseNoWakeUpAndNoRoom()
    {
        var limiters = Enumerable.Range(0, 3).Select(_ => new RateLimiter(TimeProvider.System)).ToArray();
        var scopes = limiters.Select((l, i) => new LimitScope($"s{i}", new LimitsConfig { Concurrency = 2 + i, Queue = 10_000 }, l)).ToArray();
        LimitSet[] sets = [LimitSet.Of(scopes), LimitSet.Of(scopes[0], scopes[1]), LimitSet.Of(scopes[1], scopes[2]), LimitSet.Of(scopes[2])];
        int passed = 0, left = 0;

        await Task.WhenAll(Enumerable.Range(0, 48).Select(n => Task.Run(async () =>
        {
            var random = new Random(n);
            for (int i = 0; i < 40; i++)
            {
                var set = sets[random.Next(sets.Length)];
                using var client = new CancellationTokenSource();
                if (random.Next(3) == 0) client.CancelAfter(TimeSpan.FromMilliseconds(random.Next(3)));
                try
                {
                    if (await set.EnterAsync(0, Guard, client.Token) is not null) continue;
                    Interlocked.Increment(ref passed);
                    if (random.Next(4) == 0) await Task.Yield();
                    set.Exit(0, 0);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref left);
                }
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        (passed + left).ShouldBe(48 * 40, "nobody ran out of patience");
        limiters.ShouldAllBe(l => l.Busy == 0 && l.Waiting == 0);
    }

    private DateTimeOffset Start { get; } = new ManualTime().GetUtcNow();

    private (LimitSet Set, RateLimiter Limiter) Set(LimitsConfig limits, TimeProvider? time = null)
    {
        var limiter = new RateLimiter(time ?? _time);
        return (Of(limiter, limits), limiter);
    }

    private static LimitSet Of(RateLimiter limiter, LimitsConfig limits) => LimitSet.Of(new LimitScope("it", limits, limiter));

    private static async Task WaitAsync(LimitSet set, ConcurrentQueue<int> order, int number)
    {
        (await set.EnterAsync(0, TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldBeNull();
        order.Enqueue(number);
    }

    // Moves the virtual clock in small steps; between them continuations run on the pool.
    private async Task AdvanceUntilAsync(Task task)
    {
        for (int i = 0; i < 5000 && !task.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(task, Task.Delay(1, TestContext.Current.CancellationToken));
        }
        task.IsCompleted.ShouldBeTrue("a wake-up was lost");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
