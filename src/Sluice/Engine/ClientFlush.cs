namespace Sluice.Engine;

/// <summary>Sends what was written and waits until the client has taken enough of it, but not for ever: who reads nothing is cut off.</summary>
internal static class ClientFlush
{
    /// <summary>Flushes an answer.</summary>
    /// <param name="sink">Where it goes.</param>
    /// <param name="most">How long a client may be waited for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancelled">The client has left, or another attempt has answered.</param>
    /// <exception cref="SlowClientException">The client did not take it, and its connection was broken.</exception>
    public static ValueTask WithinAsync(ICallSink sink, TimeSpan most, TimeProvider time, CancellationToken cancelled)
    {
        var flush = sink.FlushAsync(cancelled);
        if (!flush.IsCompletedSuccessfully) return new ValueTask(WaitAsync(flush.AsTask(), sink, most, time));
        flush.GetAwaiter().GetResult();
        return default;
    }

    private static async Task WaitAsync(Task flush, ICallSink sink, TimeSpan most, TimeProvider time)
    {
        try
        {
            await flush.WaitAsync(most, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            sink.Abort();
            // Nothing may write to the sink any more when the caller goes on.
            await flush.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new SlowClientException(most);
        }
    }
}
