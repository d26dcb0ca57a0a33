using Sluice.Errors;

namespace Sluice.Engine.Buffers;

/// <summary>What one call holds of the <see cref="BufferBudget"/>. Disposing gives back all that is left. Its attempts may use it at once.</summary>
internal sealed class BufferAccount(BufferBudget budget, bool isCopy) : IDisposable
{
    private long _held;

    /// <summary>Why there is no room.</summary>
    public GatewayError Error => budget.Error;

    /// <summary>Takes room; false where there is none.</summary>
    public bool TryTake(long bytes)
    {
        if (!budget.TryTake(bytes, isCopy)) return false;
        Interlocked.Add(ref _held, bytes);
        return true;
    }

    /// <summary>Gives room back. A buffer that outlives its account finds that done.</summary>
    public void Give(long bytes)
    {
        while (true)
        {
            long held = Volatile.Read(ref _held);
            long given = Math.Min(bytes, held);
            if (Interlocked.CompareExchange(ref _held, held - given, held) != held) continue;
            if (given > 0) budget.Give(given);
            return;
        }
    }

    public void Dispose() => Give(long.MaxValue);
}
