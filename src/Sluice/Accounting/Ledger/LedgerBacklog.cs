using System.Collections.Concurrent;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Accounting.Ledger;

/// <summary>
/// Entries that the store would not take. They are kept in memory, up to a bound, and offered again until it takes them; writing one twice does no
/// harm. Thread-safe.
/// </summary>
internal sealed class LedgerBacklog : IDisposable
{
    private const int Most = 100_000;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private readonly ConcurrentQueue<LedgerEntry> _entries = new();
    private readonly ILedgerStore _ledger;
    private readonly ITimer _timer;
    private int _count;
    private int _busy;
    private long _lost;

    public LedgerBacklog(ILedgerStore ledger, TimeProvider time)
    {
        _ledger = ledger;
        _timer = time.CreateTimer(_ => _ = DrainAsync(), null, Again, Again);
    }

    /// <summary>Why the store last refused; <see langword="null"/> while nothing waits.</summary>
    public GatewayError? Failure { get; private set; }

    /// <summary>How many entries wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many had no room.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Keeps an entry.</summary>
    public void Add(LedgerEntry entry, GatewayError failure)
    {
        Failure = failure;
        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Increment(ref _lost);
            return;
        }
        _entries.Enqueue(entry);
    }

    /// <summary>Offers what waits to the store, until it refuses again.</summary>
    public async Task DrainAsync()
    {
        if (_entries.IsEmpty || Interlocked.Exchange(ref _busy, 1) == 1) return;
        try
        {
            while (_entries.TryPeek(out var entry))
            {
                if (await _ledger.WriteAsync(entry, CancellationToken.None).ConfigureAwait(false) is { } failure)
                {
                    Failure = failure;
                    return;
                }
                _entries.TryDequeue(out _);
                Interlocked.Decrement(ref _count);
            }
            Failure = null;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    public void Dispose() => _timer.Dispose();
}
