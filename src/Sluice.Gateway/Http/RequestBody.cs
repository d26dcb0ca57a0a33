using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway.Http;

/// <summary>A request's body in pooled memory, bounded.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>The bytes; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    /// <summary>Reads the body. Returns false when it is larger than allowed.</summary>
    public async ValueTask<bool> ReadAsync(HttpRequest request, long max, CancellationToken cancellationToken)
    {
        if (request.ContentLength > max) return false;
        _bytes = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(request.ContentLength ?? 4096, 256, 1 << 20));
        var reader = request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (_length + buffer.Length > max)
            {
                reader.AdvanceTo(buffer.Start, buffer.End);
                return false;
            }
            Reserve((int)buffer.Length);
            buffer.CopyTo(_bytes.AsSpan(_length));
            _length += (int)buffer.Length;
            reader.AdvanceTo(buffer.End);
            if (read.IsCompleted) return true;
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - _length >= more) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + more));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
