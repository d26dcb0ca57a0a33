using Sluice.Configuration;
using Sluice.Configuration.Schema;
using Sluice.Errors;

namespace Sluice.Engine.Buffers;

/// <summary>
/// Bounds the memory of all calls together (<c>server.max_buffered</c>): request bodies, whole answers and pieces of streams, each of which is bounded alone, but
/// may be many. What is taken is given back when its call ends, however it ends. Safe for any number of threads.
/// </summary>
internal sealed class BufferBudget(Func<ServerConfig> server)
{
    /// <summary>A buffer of at most this size is not counted: small calls pay nothing, and <c>server.max_concurrent</c> bounds them.</summary>
    public const int Free = 64 * 1024;

    private const long Least = 64L << 20;
    private const long Most = 16L << 30;
    private long _held;
    private long _refused;

    /// <summary>Bytes that are held now.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>How often there was no room.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The bound in force.</summary>
    public long Max => server().MaxBuffered ?? ByDefault;

    /// <summary>What a call is told that finds no room.</summary>
    public GatewayError Error => new(ErrorKind.Overloaded, $"the gateway holds as much of requests and answers at once as it may ({Quantities.FormatSize(Max)}, server.max_buffered); try again in a moment")
    {
        Status = 503,
        Code = "buffers_full",
        RetryAfter = TimeSpan.FromSeconds(1),
        StopsCall = true,
    };

    // A quarter of what the process may use, be that the machine's memory or a container's: bytes that are read take about as much again as objects and text, and
    // what is given back stays until a collection.
    private static long ByDefault { get; } = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, Least, Most);

    /// <summary>Opens the account of a call.</summary>
    /// <param name="isCopy">True for a copy of a call: it finds room only while half of it is free, so that it is in no client's way.</param>
    public BufferAccount Open(bool isCopy = false) => new(this, isCopy);

    /// <summary>Takes room; false where there is none.</summary>
    public bool TryTake(long bytes, bool isCopy)
    {
        if (Interlocked.Add(ref _held, bytes) <= (isCopy ? Max / 2 : Max)) return true;
        Interlocked.Add(ref _held, -bytes);
        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _held, -bytes);
}
