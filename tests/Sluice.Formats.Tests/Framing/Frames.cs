using System.Text;
using Sluice.Formats.Framing;

namespace Sluice.Formats.Tests.Framing;

/// <summary>Drives a reader over a body in pieces and writes down what it gives.</summary>
internal static class Frames
{
    /// <summary>What came out: each frame as <c>event|data</c>, and all bytes in the order in which a relay would write them.</summary>
    public sealed record Result(List<string> All, byte[] Relayed);

    public static Result Read(IFrameReader reader, params IEnumerable<byte[]> pieces)
    {
        var frames = new List<string>();
        var relayed = new List<byte>();
        foreach (byte[] piece in pieces)
        {
            reader.Append(piece).ShouldBeTrue();
            while (reader.TryRead(out var frame)) Take(frame);
            relayed.AddRange(reader.TakeSkipped());
        }
        while (reader.TryReadLast(out var last)) Take(last);
        relayed.AddRange(reader.TakeSkipped());
        return new Result(frames, [.. relayed]);

        void Take(in Sluice.Wire.StreamFrame frame)
        {
            frames.Add($"{Encoding.UTF8.GetString(frame.Event.Span)}|{Encoding.UTF8.GetString(frame.Data.Span)}");
            relayed.AddRange(reader.TakeSkipped());
            relayed.AddRange(reader.LastRaw.Span);
        }
    }

    /// <summary>Every way to cut a body in two, and byte by byte.</summary>
    public static IEnumerable<byte[][]> Splits(byte[] body)
    {
        yield return [body];
        for (int at = 0; at <= body.Length; at++) yield return [body[..at], body[at..]];
        yield return [.. body.Select(b => new[] { b })];
    }
}
