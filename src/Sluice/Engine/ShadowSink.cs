using System.Buffers;

namespace Sluice.Engine;

/// <summary>Drops an answer as it comes. One that is larger than any real answer is broken off.</summary>
internal sealed class ShadowSink(CancellationTokenSource stop) : ICallSink, IBufferWriter<byte>
{
    private const long MostBytes = 64 * 1024 * 1024;
    private byte[] _space = [];
    private long _taken;

    public bool HasStarted { get; private set; }

    public IBufferWriter<byte> Body => this;

    public void Start(AnswerHead head) => HasStarted = true;

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Abort() => stop.Cancel();

    public void Advance(int count)
    {
        _taken += count;
        if (_taken > MostBytes) stop.Cancel();
    }

    // Every piece goes to the same place: nobody reads it.
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_space.Length < Math.Max(sizeHint, 256)) _space = new byte[Math.Max(sizeHint, 4096)];
        return _space;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
