using Microsoft.AspNetCore.Http;
using Sluice.Engine.Buffers;
using Sluice.Errors;

namespace Sluice.Gateway.Http;

/// <summary>A request's body in pooled memory: bounded, and decoded where it was sent compressed.</summary>
/// <param name="account">The call whose body it is; <see langword="null"/> where a small bound holds the body anyway.</param>
internal sealed class RequestBody(BufferAccount? account = null) : IDisposable
{
    private const int MostAtFirst = 1 << 20;
    private PooledBuffer? _bytes;

    /// <summary>The bytes; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes?.Written ?? default;

    /// <summary>Reads the body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="max">Most bytes, as sent and after decoding.</param>
    /// <param name="setting">The key that sets <paramref name="max"/>, for the error; empty where there is none.</param>
    /// <returns>Why the body cannot be taken; <see langword="null"/> where it was.</returns>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<GatewayError?> ReadAsync(HttpContext context, long max, string setting = "")
    {
        try
        {
            return await ReadBoundedAsync(context, max, setting);
        }
        catch (BuffersFullException e)
        {
            return e.Error;
        }
    }

    public void Dispose()
    {
        _bytes?.Dispose();
        _bytes = null;
    }

    private async ValueTask<GatewayError?> ReadBoundedAsync(HttpContext context, long max, string setting)
    {
        var (request, response) = (context.Request, context.Response);
        var codings = request.Headers.ContentEncoding is { Count: > 0 } written ? ContentCodings.Read(written.ToString()) : ContentCodings.None;
        if (codings.Fault is { } unknown)
        {
            response.Headers.AcceptEncoding = ContentCodings.Accepted;
            return unknown;
        }
        try
        {
            if (request.ContentLength > max || !await TakeAsync(request, max, context.RequestAborted)) return TooLarge(response, max, setting, decoded: false);
        }
        catch (BadHttpRequestException e)
        {
            return new GatewayError(ErrorKind.InvalidRequest, "the request body could not be read") { Status = e.StatusCode };
        }
        return codings.IsEmpty || Memory.IsEmpty ? null : Decode(response, codings, max, setting);
    }

    private async ValueTask<bool> TakeAsync(HttpRequest request, long max, CancellationToken cancellationToken)
    {
        var bytes = _bytes = new PooledBuffer((int)Math.Clamp(request.ContentLength ?? 4096, 256, MostAtFirst), account);
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (bytes.Length + buffer.Length > max)
            {
                reader.AdvanceTo(buffer.Start, buffer.End);
                return false;
            }
            foreach (var segment in buffer) bytes.Append(segment.Span);
            reader.AdvanceTo(buffer.End);
            if (read.IsCompleted) return true;
        }
    }

    private GatewayError? Decode(HttpResponse response, ContentCodings codings, long max, string setting)
    {
        foreach (string coding in codings.Outermost)
        {
            var decoded = new PooledBuffer(Math.Clamp(_bytes!.Length * 4, 4096, MostAtFirst), account);
            using var encoded = _bytes;
            _bytes = decoded;
            var result = ContentDecoder.Decode(coding, encoded.Written, decoded, max);
            if (result == DecodingResult.TooLarge) return TooLarge(response, max, setting, decoded: true);
            if (result == DecodingResult.Corrupt) return new GatewayError(ErrorKind.InvalidRequest, $"the request body is no whole {coding} data, which Content-Encoding says it is") { Code = "invalid_content_encoding" };
        }
        return null;
    }

    private static GatewayError TooLarge(HttpResponse response, long max, string setting, bool decoded)
    {
        // What is still to come of a body that is too large is not read: the connection ends with the answer.
        response.Headers.Connection = "close";
        string name = setting.Length == 0 ? "" : $" ({setting})";
        return new GatewayError(ErrorKind.TooLarge, $"the request body is larger than {Size(max)}{(decoded ? " after decoding" : "")}{name}") { Code = "request_too_large" };
    }

    private static string Size(long bytes) => bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB" : bytes % 1024 == 0 ? $"{bytes >> 10} KiB" : $"{bytes} bytes";
}
