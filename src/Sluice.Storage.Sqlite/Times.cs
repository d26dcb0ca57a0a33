namespace Sluice.Storage.Sqlite;

/// <summary>Times as microseconds since 1970.</summary>
internal static class Times
{
    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long Of(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Time(long value) => new(DateTimeOffset.UnixEpoch.Ticks + (value * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static TimeSpan Duration(long value) => TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond);
}
