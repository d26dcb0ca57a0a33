using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Simulator.Hosting;

/// <summary>Sends an answer: with pauses, with stalls, or only so far and then a broken connection.</summary>
internal sealed class ReplyPlayer(HttpContext context, TimeProvider time)
{
    private static readonly TimeSpan DefaultStall = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultSlow = TimeSpan.FromMilliseconds(100);
    private int sent;

    public async Task PlayAsync(Reply reply, Fault? fault, TimeSpan firstDelay, TimeSpan between, CancellationToken ct)
    {
        if (fault is { Kind: FaultKind.Stall, AtByte: -2 })
            await WaitAsync(fault.Duration ?? DefaultStall, ct);
        if (!reply.Streamed)
            await WaitAsync(firstDelay, ct);
        if (fault is { Kind: FaultKind.Reset or FaultKind.Close, AtByte: < -1 })
        {
            await BreakAsync(fault.Kind, ct);
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
        var stop = fault is { Kind: FaultKind.Stall or FaultKind.Reset or FaultKind.Close, AtByte: >= -1 } ? Math.Max(0, fault.AtByte) : int.MaxValue;
        if (fault is { Kind: FaultKind.Stall, AtByte: < 0 })
            stop = int.MaxValue;
        for (var i = 0; i < reply.Frames.Count; i++)
        {
            if (i > 0 && reply.Streamed)
                await WaitAsync(between, ct);
            var piece = reply.Frames[i];
            if (sent + piece.Length >= stop)
            {
                await SendAsync(piece[..(stop - sent)], ct);
                if (fault!.Kind != FaultKind.Stall)
                {
                    await BreakAsync(fault.Kind, ct);
                    return;
                }

                piece = piece[(stop - sent)..];
                sent = stop;
                stop = int.MaxValue;
                await WaitAsync(fault.Duration ?? DefaultStall, ct);
                await SendAsync(piece, ct);
                continue;
            }

            await SendAsync(piece, ct);
            sent += piece.Length;
        }

        if (stop != int.MaxValue && fault!.Kind != FaultKind.Stall)
            await BreakAsync(fault.Kind, ct);
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

    private async Task BreakAsync(FaultKind kind, CancellationToken ct)
    {
        if (context.Features.Get<IHttpResetFeature>() is { } http2)
        {
            http2.Reset(kind == FaultKind.Reset ? 2 : 8);
            return;
        }

        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            context.Abort();
            return;
        }

        if (kind == FaultKind.Reset)
        {
            // Linger zero and close is the only way to ask for a TCP reset.
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
            context.Abort();
            return;
        }

        socket.Shutdown(SocketShutdown.Send);
        await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(2), ct));
        context.Abort();
    }
}
