using System.Buffers;
using Sluice.Engine.Buffers;
using Sluice.Engine.KeepAlive;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Upstream;

namespace Sluice.Engine;

/// <summary>Reads an upstream's body piece by piece; no buffer is held while waiting.</summary>
internal sealed class StreamPieces(Stream body, Attempt attempt, AttemptTimer timer) : IDisposable
{
    private const int PieceSize = 64 * 1024;
    private readonly IChunkObserver? _chunks = attempt.Call.Chunks;
    private readonly PingedSink? _pings = attempt.Sink as PingedSink;
    private byte[] _buffer = [];
    private BufferClaim _frames = new(attempt.Call.Buffers);
    private long _last;

    // A stream that goes on with another's was never let go by that one.
    private bool _claims = attempt.Continues is not null;

    /// <summary>The error of a stream with a line beyond the bound.</summary>
    public static GatewayError TooLong(string provider) => new(ErrorKind.MalformedAnswer, $"provider '{provider}' sent a line longer than server.max_stream_line allows") { Provider = provider, Code = "line_too_long" };

    /// <summary>Counts what is held of frames that are not complete. Why they cannot be held; <see langword="null"/> where they can.</summary>
    public GatewayError? Hold(IFrameReader frames) => _frames.TrySet(frames.Buffered) ? null : attempt.Call.Buffers!.Error;

    /// <summary>The next piece; empty at the end. Valid until the next call. While it waits, and only then, the client may get pings.</summary>
    public ValueTask<ReadOnlyMemory<byte>> NextAsync() => _pings is null ? ReadAsync() : ReadAsync(_pings);

    /// <summary>An answer that has begun is its attempt's alone, also between its last piece and the end of the call.</summary>
    public void Dispose()
    {
        Return();
        _frames.TrySet(0);
        if (_claims && !attempt.IsCommitted && attempt.Continues is null) _pings?.Release();
        _claims = false;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(PingedSink pings)
    {
        if (_claims) pings.Release();
        try
        {
            return await ReadAsync().ConfigureAwait(false);
        }
        finally
        {
            await pings.ClaimAsync().ConfigureAwait(false);
            _claims = true;
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        Return();
        _ = await body.ReadAsync(Memory<byte>.Empty, timer.Token).ConfigureAwait(false);
        _buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        int count = await body.ReadAsync(_buffer, timer.Token).ConfigureAwait(false);
        timer.Progress();
        if (_chunks is not null && count > 0) Measure(_chunks);
        return _buffer.AsMemory(0, count);
    }

    private void Measure(IChunkObserver chunks)
    {
        long now = timer.Time.GetTimestamp();
        if (_last != 0) chunks.Chunk(attempt, timer.Time.GetElapsedTime(_last, now));
        _last = now;
    }

    private void Return()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
