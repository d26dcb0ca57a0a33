using FsCheck;
using FsCheck.Fluent;
using Sluice.Resilience.Limits;
using Sluice.TestKit;

namespace Sluice.Tests.Resilience.Limits;

/// <summary>Whatever is asked for and whenever: never more than the burst and what flowed in, and always after the wait that was named.</summary>
public sealed class TokenBucketPropertyTests
{
    private static readonly Gen<Case> Cases =
        from rate in Gen.Choose(1, 100_000)
        from burst in Gen.Choose(1, 100)
        from steps in Gen.ListOf(from millis in Gen.Frequency((3, Gen.Choose(0, 50)), (1, Gen.Choose(0, 120_000))) from amount in Gen.Choose(1, 500) select (millis, amount))
        select new Case(rate, burst / 100.0, [.. steps]);

    [Fact]
    public void Take_OnlyWhenAllowed_NeverExceedsBurstAndInflow() => Holds(c =>
    {
        var (time, bucket) = Make(c);
        double capacity = Math.Max(1, c.PerMinute * c.Burst);
        var start = time.GetUtcNow();
        List<(double Minute, double Amount)> taken = [];
        foreach (var (millis, amount) in c.Steps)
        {
            time.Advance(TimeSpan.FromMilliseconds(millis));
            double asked = Math.Min(amount, capacity);
            if (bucket.WaitFor(asked) > TimeSpan.Zero) continue;
            bucket.Take(asked);
            taken.Add(((time.GetUtcNow() - start).TotalMinutes, asked));
        }
        for (int first = 0; first < taken.Count; first++)
        {
            double sum = 0;
            for (int last = first; last < taken.Count; last++)
            {
                sum += taken[last].Amount;
                sum.ShouldBeLessThanOrEqualTo(capacity + (c.PerMinute * (taken[last].Minute - taken[first].Minute)) + 1e-3);
            }
        }
    });

    [Fact]
    public void WaitFor_IsTrue_NeitherTooLongNorTooShort() => Holds(c =>
    {
        var (time, bucket) = Make(c);
        foreach (var (millis, amount) in c.Steps)
        {
            time.Advance(TimeSpan.FromMilliseconds(millis));
            var wait = bucket.WaitFor(amount);
            if (wait > TimeSpan.FromMilliseconds(2))
            {
                time.Advance(wait - TimeSpan.FromMilliseconds(1));
                bucket.WaitFor(amount).ShouldBeGreaterThan(TimeSpan.Zero);
                time.Advance(TimeSpan.FromMilliseconds(1.01));
            }
            else
            {
                time.Advance(wait + TimeSpan.FromMicroseconds(10));
            }
            bucket.WaitFor(amount).ShouldBe(TimeSpan.Zero);
            bucket.Take(amount);
        }
    });

    [Fact]
    public void GivingBack_RestoresExactlyWhatWasTaken() => Holds(c =>
    {
        var (_, bucket) = Make(c);
        bucket.Take(c.PerMinute);
        var before = bucket.WaitFor(1);
        foreach (var (_, amount) in c.Steps) bucket.Take(amount);
        foreach (var (_, amount) in c.Steps) bucket.Take(-amount);
        bucket.WaitFor(1).ShouldBe(before, TimeSpan.FromMilliseconds(1));
    });

    private static (ManualTime Time, TokenBucket Bucket) Make(Case c)
    {
        var time = new ManualTime();
        var bucket = new TokenBucket(time);
        bucket.SetRate(c.PerMinute, c.Burst);
        return (time, bucket);
    }

    private static void Holds(Action<Case> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithQuietOnSuccess(true), Prop.ForAll(Cases.ToArbitrary(), property));

    private sealed record Case(int PerMinute, double Burst, IReadOnlyList<(int Millis, int Amount)> Steps);
}
