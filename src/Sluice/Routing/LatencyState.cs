namespace Sluice.Routing;

/// <summary>
/// Times to first content of one target, by size of call: a moving average in which the newest counts more the longer nothing was seen, and the newest
/// of them for percentiles. Thread-safe.
/// </summary>
internal sealed class LatencyState(TimeProvider time)
{
    private const double LeastWeight = 0.2;
    private const int Kept = 128;
    private const int LeastForPercentile = 8;
    private static readonly TimeSpan Fades = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly Series?[] _series = new Series?[SizeClass.Count];

    /// <summary>The expected seconds to first content; <see langword="null"/> where none was seen of this size.</summary>
    public double? Expected(SizeClass size)
    {
        lock (_gate) return _series[size.Index] is { Count: > 0 } seen ? seen.Average : null;
    }

    /// <summary>A percentile of what was seen; <see langword="null"/> before there is enough of this size.</summary>
    public TimeSpan? Percentile(SizeClass size, double percentile)
    {
        lock (_gate)
        {
            if (_series[size.Index] is not { Count: >= LeastForPercentile } seen) return null;
            int count = (int)Math.Min(seen.Count, Kept);
            double[] sorted = seen.Newest[..count];
            Array.Sort(sorted);
            return TimeSpan.FromSeconds(sorted[(int)Math.Clamp(Math.Ceiling(percentile / 100 * count) - 1, 0, count - 1)]);
        }
    }

    /// <summary>True where nothing was seen for so long that one call should find out.</summary>
    public bool NeedsLook(SizeClass size)
    {
        lock (_gate) return IsDue(_series[size.Index]);
    }

    /// <summary>Time stamp of the last look or answer; the smallest where there was none.</summary>
    public long LastLook(SizeClass size)
    {
        lock (_gate) return _series[size.Index] is { } series ? Math.Max(series.SeenAt, series.LookedAt) : long.MinValue;
    }

    /// <summary>Takes the look: true for one call at a time, so that a crowd does not find out together.</summary>
    public bool TryLook(SizeClass size)
    {
        lock (_gate)
        {
            if (!IsDue(_series[size.Index])) return false;
            (_series[size.Index] ??= new Series()).LookedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>An attempt had its first content after so long.</summary>
    public void Saw(SizeClass size, TimeSpan firstContent)
    {
        lock (_gate)
        {
            var series = _series[size.Index] ??= new Series();
            double seconds = firstContent.TotalSeconds;
            double weight = series.Count == 0 ? 1 : Math.Max(LeastWeight, 1 - Math.Exp(-time.GetElapsedTime(series.SeenAt) / Fades));
            series.Average += weight * (seconds - series.Average);
            series.Newest[series.Count++ % Kept] = seconds;
            series.SeenAt = time.GetTimestamp();
        }
    }

    /// <summary>An attempt was broken off with no content after so long. It counts where that is longer than expected: else slow targets that lose would look quick.</summary>
    public void SawNothingFor(SizeClass size, TimeSpan waited)
    {
        if (Expected(size) is { } expected && waited.TotalSeconds > expected) Saw(size, waited);
    }

    private bool IsDue(Series? series) => series is null
        || ((series.Count == 0 || time.GetElapsedTime(series.SeenAt) > Stale) && (series.LookedAt == long.MinValue || time.GetElapsedTime(series.LookedAt) > LookEvery));

    private sealed class Series
    {
        public double Average;
        public long Count;
        public long SeenAt = long.MinValue;
        public long LookedAt = long.MinValue;
        public readonly double[] Newest = new double[Kept];
    }
}
