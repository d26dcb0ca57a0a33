namespace Sluice.Simulator.Tests;

/// <summary>A clock whose timers fire at once and that remembers what they were asked to wait.</summary>
internal sealed class CountingTime : TimeProvider
{
    public List<TimeSpan> Delays { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Delays.Add(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
