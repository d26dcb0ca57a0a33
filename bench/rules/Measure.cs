using System.Globalization;

namespace Sluice.RuleBench;

/// <summary>Runs an operation until it is warm, then takes the best of several rounds. Processor time, not the clock's: others may use the machine.</summary>
internal static class Measure
{
    private const int Rounds = 7;
    private static readonly TimeSpan Warm = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(60);

    public static void Run(string name, Action operation)
    {
        var before = Environment.CpuUsage.TotalTime;
        do operation();
        while (Environment.CpuUsage.TotalTime - before < Warm);
        int batch = (int)Math.Clamp(Count(operation), 1, int.MaxValue);
        double best = double.MaxValue;
        long bytes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < batch; i++) operation();
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / batch);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / batch;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {best:0.00} | {bytes} |"));
    }

    // How many operations a round holds; asking for the time costs more than many of them.
    private static double Count(Action operation)
    {
        for (int batch = 1; ; batch *= 4)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < batch; i++) operation();
            var used = Environment.CpuUsage.TotalTime - before;
            if (used > Round / 4) return batch * (Round / used);
        }
    }
}
