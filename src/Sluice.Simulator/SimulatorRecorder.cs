namespace Sluice.Simulator;

/// <summary>What a <see cref="SimulatorServer"/> has received, and how it ended. Safe for use by many threads.</summary>
public sealed class SimulatorRecorder
{
    private readonly Lock gate = new();
    private readonly Queue<RecordedRequest> kept = new();
    private readonly int maxRequests;
    private readonly long maxBytes;
    private long keptBytes;
    private long received;
    private long answered;
    private long aborted;
    private long faulted;
    private int open;

    internal SimulatorRecorder(SimulatorOptions options)
    {
        maxRequests = options.RecordedRequests;
        maxBytes = options.RecordedBytes;
    }

    /// <summary>Requests whose body has arrived, control calls left out.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Requests answered to their end, error answers included.</summary>
    public long Answered => Interlocked.Read(ref answered);

    /// <summary>Requests whose client went away before the end of the answer.</summary>
    public long Aborted => Interlocked.Read(ref aborted);

    /// <summary>Requests to which a fault was applied, whatever their end.</summary>
    public long Faulted => Interlocked.Read(ref faulted);

    /// <summary>Requests that are being answered now.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>The requests kept, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> All
    {
        get
        {
            lock (gate)
                return [.. kept];
        }
    }

    /// <summary>The newest request kept, or null.</summary>
    public RecordedRequest? Last
    {
        get
        {
            lock (gate)
                return kept.LastOrDefault();
        }
    }

    /// <summary>The kept requests of one vendor, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> For(string provider)
    {
        lock (gate)
            return [.. kept.Where(request => string.Equals(request.Provider, provider, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>Forgets the requests kept and sets the counts to zero; <see cref="Open"/> stays true.</summary>
    public void Clear()
    {
        lock (gate)
        {
            kept.Clear();
            keptBytes = 0;
        }

        Interlocked.Exchange(ref received, 0);
        Interlocked.Exchange(ref answered, 0);
        Interlocked.Exchange(ref aborted, 0);
        Interlocked.Exchange(ref faulted, 0);
    }

    internal bool Keeps => maxRequests > 0;

    internal void Add(RecordedRequest request)
    {
        lock (gate)
        {
            kept.Enqueue(request);
            keptBytes += request.Body.Length;
            while (kept.Count > maxRequests || (keptBytes > maxBytes && kept.Count > 0))
                keptBytes -= kept.Dequeue().Body.Length;
        }
    }

    internal void OnReceived() => Interlocked.Increment(ref received);

    internal void OnOpened() => Interlocked.Increment(ref open);

    internal void OnFaulted() => Interlocked.Increment(ref faulted);

    internal void OnClosed(bool clientLeft)
    {
        Interlocked.Decrement(ref open);
        Interlocked.Increment(ref clientLeft ? ref aborted : ref answered);
    }
}
