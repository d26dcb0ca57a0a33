using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Sluice.Simulator.Hosting;

/// <summary>
/// Sends an answer so far and breaks the connection. It writes to the socket itself: through the server's output one cannot know which bytes have
/// left when the connection goes.
/// </summary>
internal sealed class BrokenReply(HttpContext context, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task SendAsync(Reply reply, Fault fault, TimeSpan between, CancellationToken ct)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket || context.Features.Get<IHttpResetFeature>() is not null)
        {
            await SendOverHttp2Async(reply, fault, ct);
            return;
        }

        if (fault.AtByte >= -1)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Head(reply)), ct);
            var left = Math.Max(0, fault.AtByte);
            for (var i = 0; i < reply.Frames.Count && left > 0; i++)
            {
                if (i > 0 && reply.Streamed && between > TimeSpan.Zero)
                    await Task.Delay(between, time, ct);
                var piece = reply.Frames[i];
                piece = piece[..Math.Min(left, piece.Length)];
                left -= piece.Length;
                await socket.SendAsync(reply.Streamed ? Chunk(piece.Span) : piece, ct);
            }
        }

        if (fault.Kind == FaultKind.Reset)
        {
            // Linger zero and close is the only way to ask for a TCP reset.
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        else
        {
            // The client is left to notice the end and to close its side; only then does the server give the connection up. The wait is for a
            // real socket, so it goes by the real clock whatever clock the simulator has.
            socket.Shutdown(SocketShutdown.Send);
            var noticed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = ct.Register(() => noticed.TrySetResult());
            await Task.WhenAny(noticed.Task, Task.Delay(Patience, CancellationToken.None));
        }

        context.Abort();
    }

    private async Task SendOverHttp2Async(Reply reply, Fault fault, CancellationToken ct)
    {
        if (fault.AtByte >= -1)
        {
            context.Response.StatusCode = reply.Status;
            context.Response.ContentType = reply.ContentType;
            await context.Response.BodyWriter.WriteAsync(reply.Frames.All[..Math.Min(reply.Frames.Length, Math.Max(0, fault.AtByte))], ct);
        }

        const int InternalError = 2;
        const int Cancel = 8;
        context.Features.Get<IHttpResetFeature>()?.Reset(fault.Kind == FaultKind.Reset ? InternalError : Cancel);
    }

    private static string Head(Reply reply)
    {
        var head = new StringBuilder(512)
            .Append("HTTP/1.1 ").Append(reply.Status).Append(' ').Append(ReasonPhrases.GetReasonPhrase(reply.Status)).Append("\r\n")
            .Append("Content-Type: ").Append(reply.ContentType).Append("\r\n");
        foreach (var (name, value) in reply.Headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (reply.Streamed)
            head.Append("Transfer-Encoding: chunked\r\n");
        else
            head.Append("Content-Length: ").Append(reply.Frames.Length).Append("\r\n");
        return head.Append("\r\n").ToString();
    }

    private static byte[] Chunk(ReadOnlySpan<byte> piece)
    {
        var head = Encoding.ASCII.GetBytes(piece.Length.ToString("x") + "\r\n");
        return [.. head, .. piece, (byte)'\r', (byte)'\n'];
    }
}
