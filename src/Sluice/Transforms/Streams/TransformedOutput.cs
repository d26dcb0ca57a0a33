using System.Buffers;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Formats.Gemini;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Transforms.Streams;

/// <summary>Takes what an encoder of the client's dialect writes and hands it on event by event, with the rules applied.</summary>
internal sealed class TransformedOutput(Attempt attempt, StreamTransform transform, GeminiArrayFraming? array)
{
    // What our own encoder writes is bounded by what it was given.
    private readonly IFrameReader _frames = FrameReaders.Create(attempt.Call.Inbound.Format.Framing, int.MaxValue / 2);
    private readonly ArrayBufferWriter<byte> _written = new();

    /// <summary>Why a rule broke the stream off.</summary>
    public GatewayError? Failure => transform.Failure;

    /// <summary>Makes one; <see langword="null"/> where no rule changes the answer.</summary>
    public static TransformedOutput? Of(Attempt attempt)
    {
        var array = attempt.Call.Head.StreamStyle == StreamStyle.JsonArray ? new GeminiArrayFraming() : null;
        return CallTransforms.Stream(attempt, array) is { } transform ? new TransformedOutput(attempt, transform, array) : null;
    }

    /// <summary>Encodes an event and hands on what that gives; with the last one everything that was held back.</summary>
    public void Encode(IStreamEncoder encoder, StreamEvent next, IBufferWriter<byte> output)
    {
        if (transform.Failure is not null) return;
        bool isLast = next is ResponseEnded or StreamFailed;
        encoder.Encode(next, _written);
        if (_written.WrittenCount > 0) _frames.Append(_written.WrittenSpan);
        _written.ResetWrittenCount();
        while (_frames.TryRead(out var frame)) transform.Take(frame, _frames.LastRaw, output);
        while (isLast && _frames.TryReadLast(out var last)) transform.Take(last, _frames.LastRaw, output);
        byte[] skipped = _frames.TakeSkipped();
        if (array is null) output.Write(skipped);
        if (isLast) transform.Flush(output);
        if (transform.Failure is { } failure) attempt.Call.Inbound.Format.EncodeStreamError(failure, attempt.Call.Head.StreamStyle, output);
        else if (isLast) array?.End(output);
    }
}
