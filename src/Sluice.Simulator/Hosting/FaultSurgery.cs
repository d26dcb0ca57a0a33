using System.Globalization;
using System.Text;

namespace Sluice.Simulator.Hosting;

/// <summary>Changes an answer as a fault asks: what is said. When and how far it is sent is the player's part.</summary>
internal static class FaultSurgery
{
    private static readonly byte[] Html =
        "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"u8.ToArray();

    public static Reply Apply(IProvider provider, SimulatedCall call, Reply reply, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Status:
                return StatusOf(provider, call, fault);
            case FaultKind.Error:
                return reply.WriteStreamError is null || !reply.Streamed ? StatusOf(provider, call, fault) : ErrorAt(reply, fault);
            case FaultKind.Malformed:
                return reply.Streamed ? Replace(reply, fault.AtEvent, Broken(reply)) : Truncated(reply);
            case FaultKind.Truncated:
                return Truncated(reply);
            case FaultKind.HugeLine:
                return Huge(reply, fault);
            case FaultKind.Empty:
                return Copy(reply, reply.ContentType, new Frames(16), streamed: false);
            case FaultKind.NotJson:
                return Copy(reply, "text/html", Single(fault.Body is { } body ? Encoding.UTF8.GetBytes(body) : Html), streamed: false);
            case FaultKind.WrongContentType:
                return Copy(reply, fault.ContentType, reply.Frames, reply.Streamed);
            default:
                return reply;
        }
    }

    private static Reply StatusOf(IProvider provider, SimulatedCall call, Fault fault)
    {
        var seconds = fault.RetryAfterSeconds ?? fault.RetryAfterDateSeconds ?? (fault.RetryAfterMs is { } ms ? (ms + 999) / 1000 : 20);
        var reply = provider.Error(call, new ProviderError(fault.Status, fault.Code, fault.Message) { RetryAfterSeconds = seconds });
        if (fault.Body is { } body)
            reply = Copy(reply, fault.ContentType, Single(Encoding.UTF8.GetBytes(body)), streamed: false);
        reply.Headers.RemoveAll(header => header.Key is "retry-after" or "retry-after-ms");
        if (fault.RetryAfterSeconds is { } after)
            reply.With("retry-after", after.ToString(CultureInfo.InvariantCulture));
        if (fault.RetryAfterDateSeconds is { } date)
            reply.With("retry-after", call.Stage.Options.Time.GetUtcNow().AddSeconds(date).ToString("R", CultureInfo.InvariantCulture));
        if (fault.RetryAfterMs is { } milliseconds)
            reply.With("retry-after-ms", milliseconds.ToString(CultureInfo.InvariantCulture));
        return reply;
    }

    private static Reply ErrorAt(Reply reply, Fault fault)
    {
        var frames = new Frames(reply.Frames.Length);
        for (var i = 0; i < Math.Min(fault.AtEvent, reply.Frames.Count); i++)
            frames.Add(reply.Frames[i].Span);
        reply.WriteStreamError!(frames, new ProviderError(fault.Status, fault.Code, fault.Message));
        return Copy(reply, reply.ContentType, frames, streamed: true);
    }

    private static byte[] Broken(Reply reply) =>
        reply.ContentType.StartsWith("text/event-stream", StringComparison.Ordinal) ? "data: {\"broken\": [tru\n\n"u8.ToArray() : "{\"broken\": [tru\n"u8.ToArray();

    private static Reply Replace(Reply reply, int at, byte[] replacement)
    {
        var frames = new Frames(reply.Frames.Length);
        at = Math.Min(at, reply.Frames.Count - 1);
        for (var i = 0; i < reply.Frames.Count; i++)
            frames.Add(i == at ? replacement : reply.Frames[i].Span);
        return Copy(reply, reply.ContentType, frames, reply.Streamed);
    }

    private static Reply Truncated(Reply reply)
    {
        var frames = new Frames(reply.Frames.Length);
        var left = reply.Frames.Length / 2;
        for (var i = 0; i < reply.Frames.Count && left > 0; i++)
        {
            var piece = reply.Frames[i].Span;
            frames.Add(piece[..Math.Min(left, piece.Length)]);
            left -= piece.Length;
        }

        return Copy(reply, reply.ContentType, frames, reply.Streamed);
    }

    private static Reply Huge(Reply reply, Fault fault)
    {
        var frames = new Frames(reply.Frames.Length + fault.Bytes + 64);
        for (var i = 0; i < reply.Frames.Count; i++)
        {
            if (i == Math.Min(fault.AtEvent, reply.Frames.Count - 1) || !reply.Streamed)
            {
                // A comment for SSE and white space for JSON: legal, only long.
                var events = reply.ContentType.StartsWith("text/event-stream", StringComparison.Ordinal);
                var filler = new byte[fault.Bytes];
                filler.AsSpan().Fill((byte)(events ? 'x' : ' '));
                if (events)
                    frames.Write(": "u8);
                frames.Write(filler);
                if (events)
                    frames.Write("\n\n"u8);
                if (reply.Streamed)
                    frames.Cut();
            }

            frames.Add(reply.Frames[i].Span);
        }

        return Copy(reply, reply.ContentType, frames, reply.Streamed);
    }

    private static Frames Single(byte[] bytes)
    {
        var frames = new Frames(bytes.Length + 1);
        frames.Add(bytes);
        return frames;
    }

    private static Reply Copy(Reply reply, string contentType, Frames frames, bool streamed)
    {
        var copy = new Reply { Status = reply.Status, ContentType = contentType, Frames = frames, Streamed = streamed };
        copy.Headers.AddRange(reply.Headers);
        return copy;
    }
}
