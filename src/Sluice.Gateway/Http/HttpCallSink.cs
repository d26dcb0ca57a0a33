using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sluice.Engine;

namespace Sluice.Gateway.Http;

/// <summary>Writes an answer to Kestrel's response pipe.</summary>
internal sealed class HttpCallSink(HttpContext context) : ICallSink
{
    public bool HasStarted { get; private set; }

    public IBufferWriter<byte> Body => context.Response.BodyWriter;

    public void Start(AnswerHead head)
    {
        HasStarted = true;
        var response = context.Response;
        response.StatusCode = head.Status;
        response.ContentType = head.ContentType;
        response.ContentLength = head.ContentLength;
        if (head.IsStream)
        {
            response.Headers.CacheControl = "no-cache";
            response.Headers["X-Accel-Buffering"] = "no";
        }
        foreach (var (name, value) in head.Headers) response.Headers[name] = value;
    }

    public void Abort() => context.Abort();

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var result = await context.Response.BodyWriter.FlushAsync(cancellationToken);
        if (result.IsCompleted || result.IsCanceled) throw new OperationCanceledException("the client went away");
    }
}
