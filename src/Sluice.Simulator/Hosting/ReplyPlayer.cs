using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Hosting;

/// <summary>Sends an answer: with pauses, or with stalls.</summary>
internal sealed class ReplyPlayer(HttpContext context, TimeProvider time)
{
    private static readonly TimeSpan DefaultStall = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultSlow = TimeSpan.FromMilliseconds(100);

    public async Task PlayAsync(Reply reply, Fault? fault, TimeSpan firstDelay, TimeSpan between, CancellationToken ct)
    {
        if (fault is { Kind: FaultKind.Stall, AtByte: -2 })
            await WaitAsync(fault.Duration ?? DefaultStall, ct);
        if (!reply.Streamed)
            await WaitAsync(firstDelay, ct);
        if (fault is { Kind: FaultKind.Reset or FaultKind.Close })
        {
            await new BrokenReply(context, time).SendAsync(reply, fault, between, ct);
            return;
        }

        WriteHead(reply);
        if (fault is { Kind: FaultKind.Stall, AtByte: -1 })
        {
            await context.Response.StartAsync(ct);
            await context.Response.BodyWriter.FlushAsync(ct);
            await WaitAsync(fault.Duration ?? DefaultStall, ct);
        }

        if (reply.Streamed && firstDelay > TimeSpan.Zero)
        {
            await context.Response.BodyWriter.FlushAsync(ct);
            await WaitAsync(firstDelay, ct);
        }

        if (fault is { Kind: FaultKind.Slow })
            between = fault.Duration ?? DefaultSlow;
        var stop = fault is { Kind: FaultKind.Stall, AtByte: >= 0 } ? fault.AtByte : int.MaxValue;
        var sent = 0;
        for (var i = 0; i < reply.Frames.Count; i++)
        {
            if (i > 0 && reply.Streamed)
                await WaitAsync(between, ct);
            var piece = reply.Frames[i];
            if (sent + piece.Length > stop)
            {
                await SendAsync(piece[..(stop - sent)], ct);
                await WaitAsync(fault!.Duration ?? DefaultStall, ct);
                await SendAsync(piece[(stop - sent)..], ct);
                stop = int.MaxValue;
            }
            else
            {
                await SendAsync(piece, ct);
            }

            sent += piece.Length;
        }

        if (stop != int.MaxValue)
            await WaitAsync(fault!.Duration ?? DefaultStall, ct);
    }

    private void WriteHead(Reply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        foreach (var (name, value) in reply.Headers)
            response.Headers[name] = value;
        if (!reply.Streamed)
            response.ContentLength = reply.Frames.Length;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (bytes.Length == 0)
        {
            await context.Response.BodyWriter.FlushAsync(ct);
            return;
        }

        await context.Response.BodyWriter.WriteAsync(bytes, ct);
        ct.ThrowIfCancellationRequested();
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken ct) => delay > TimeSpan.Zero ? Task.Delay(delay, time, ct) : Task.CompletedTask;
}
