using System.Diagnostics;
using System.Text;

namespace Sluice.Formats.Tests.Fuzz;

/// <summary>
/// Spoiled bytes into everything that reads: no exception escapes, nothing hangs, memory stays in proportion, and there is always a value or a clear error.
/// <c>SLUICE_FUZZ_SECONDS</c> makes the run long, <c>SLUICE_FUZZ_SEED</c> repeats or varies it.
/// </summary>
public sealed class FuzzTests
{
    private const int ShortRun = 250;

    // What a small input may cost at most, all readers and writers of a format together.
    private const long BaseBytes = 64L * 1024 * 1024;
    private const long BytesPerByte = 4000;

    private static readonly int Seconds = int.TryParse(Environment.GetEnvironmentVariable("SLUICE_FUZZ_SECONDS"), out int seconds) ? seconds : 0;

    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SLUICE_FUZZ_SEED"), out int seed) ? seed : 1;

    public static TheoryData<string> Formats { get; } = [.. WireFormats.All.Select(f => f.Id.Value)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Readers_SpoiledBytes_GiveAValueOrAClearError(string id)
    {
        string doing = "";
        var work = Task.Run(() => Run(id, now => doing = now), TestContext.Current.CancellationToken);
        var finished = await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(Seconds + 300), TestContext.Current.CancellationToken));
        finished.ShouldBe(work, $"hangs at {doing}");
        (await work).ShouldBeEmpty();
    }

    private static List<string> Run(string id, Action<string> tell)
    {
        var format = WireFormats.All.Single(f => f.Id.Value == id);
        var faults = new List<string>();
        var watch = Stopwatch.StartNew();
        for (int round = 0; Seconds > 0 ? watch.Elapsed.TotalSeconds < (double)Seconds / WireFormats.All.Count : round < ShortRun; round++)
        {
            int seed = unchecked((Seed * 1_000_003) + round);
            var random = new Random(seed);
            var from = random.Next(4) == 0 ? Samples.All : Samples.Of(id);
            byte[] input = from[random.Next(from.Count)];
            if (round > 0) input = new Mutator(random).Mutate(input, Samples.All[random.Next(Samples.All.Count)]);
            tell($"seed {seed}");
            if (Fault(format, input, random) is { } fault) faults.Add($"round {round}, seed {seed}: {fault}\n{Encoding.UTF8.GetString(input.AsSpan(0, Math.Min(input.Length, 600)))}");
            if (faults.Count == 5) break;
        }
        return faults;
    }

    private static string? Fault(Wire.IWireFormat format, byte[] input, Random random)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            if (Targets.Feed(format, input, random) is { } fault) return fault;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
        long used = GC.GetAllocatedBytesForCurrentThread() - before;
        return used > BaseBytes + (BytesPerByte * input.Length) ? $"{used} bytes for an input of {input.Length}" : null;
    }
}
