using System.Buffers;
using System.Numerics;

namespace Sluice.Engine.Buffers;

/// <summary>A growing buffer from the shared pool. Give it back with <see cref="Dispose"/>; its memory is invalid afterwards.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    // The shared pool keeps what it is given back: a few of the largest would stay long after the answers that needed them.
    private const int MostPooled = 8 << 20;
    private readonly BufferAccount? _account;
    private BufferClaim _claim;
    private byte[] _bytes;

    /// <summary>Makes a buffer.</summary>
    /// <param name="initial">Its size at first.</param>
    /// <param name="account">The call that it is for; <see langword="null"/> for one that stays small, and is not counted.</param>
    /// <exception cref="BuffersFullException">There is no room for it under <c>server.max_buffered</c>; growing may throw this too.</exception>
    public PooledBuffer(int initial = 4096, BufferAccount? account = null)
    {
        _account = account;
        _claim = new BufferClaim(account);
        _bytes = Rent(initial);
    }

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 256));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Clear() => Length = 0;

    public void Dispose()
    {
        if (_bytes.Length == 0) return;
        Return(_bytes);
        _bytes = [];
        Length = 0;
        _claim.TrySet(0);
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more) return;
        byte[] larger = Rent(Math.Max(_bytes.Length * 2, Length + more));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        Return(_bytes);
        _bytes = larger;
    }

    private byte[] Rent(int length)
    {
        // The pool gives the next power of two.
        if (!_claim.TrySet(length <= MostPooled ? BitOperations.RoundUpToPowerOf2((uint)length) : length)) throw new BuffersFullException(_account!.Error);
        return length <= MostPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length is > 0 and <= MostPooled) ArrayPool<byte>.Shared.Return(bytes);
    }
}
