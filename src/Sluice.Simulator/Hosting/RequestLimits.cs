using System.Collections.Concurrent;

namespace Sluice.Simulator.Hosting;

/// <summary>Counts the requests of each key at each vendor in fixed windows of a minute that begin with the first request.</summary>
internal sealed class RequestLimits(SimulatorOptions options)
{
    private const int MaxKeys = 10_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, int> perVendor = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Vendor, string Key), Window> windows = [];
    private readonly Lock gate = new();

    public void Set(string vendor, int requestsPerMinute) => perVendor[vendor] = requestsPerMinute;

    public void Reset()
    {
        perVendor.Clear();
        lock (gate)
            windows.Clear();
    }

    /// <summary>Counts a request; null where there is no limit.</summary>
    public RequestLimit? Count(string vendor, string key)
    {
        var limit = perVendor.TryGetValue(vendor, out var own) || perVendor.TryGetValue("*", out own) ? own : options.RequestsPerMinute;
        if (limit <= 0)
            return null;
        var now = options.Time.GetUtcNow();
        lock (gate)
        {
            if (windows.Count > MaxKeys)
                windows.Clear();
            if (!windows.TryGetValue((vendor, key), out var window) || now - window.Start >= Minute)
                windows[(vendor, key)] = window = new Window(now);
            window.Used = Math.Min(window.Used + 1, limit + 1);
            return new RequestLimit(limit, Math.Max(0, limit - window.Used), window.Start + Minute - now, window.Used > limit);
        }
    }

    private sealed class Window(DateTimeOffset start)
    {
        public DateTimeOffset Start { get; } = start;

        public int Used { get; set; }
    }
}

/// <summary>Where a key stands after a request.</summary>
internal sealed record RequestLimit(int Limit, int Remaining, TimeSpan Reset, bool Exceeded)
{
    public int ResetSeconds => Math.Max(1, (int)Math.Ceiling(Reset.TotalSeconds));
}
