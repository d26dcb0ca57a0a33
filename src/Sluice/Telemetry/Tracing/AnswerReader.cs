using System.Diagnostics;
using Sluice.Chat;
using Sluice.Engine;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Telemetry.Tracing;

/// <summary>
/// Reads what a span tells of an answer: its id, why it ended, and its content where that is wanted. A stream that is passed through is decoded on
/// the side for it; only calls whose span is recorded pay for that.
/// </summary>
internal sealed class AnswerReader(PreparedRequest request, bool content)
{
    private readonly SideDecoder _decoder = new(request.Format);
    private readonly StreamFolder? _folder = content ? new StreamFolder() : null;
    private ChatResponse? _whole;
    private string _id = "";
    private List<string>? _reasons;

    public void Frame(in StreamFrame frame)
    {
        foreach (var next in _decoder.Decode(frame)) Event(next);
    }

    public void Event(StreamEvent next)
    {
        switch (next)
        {
            case ResponseStarted { Id.Length: > 0 } started: _id = started.Id; break;
            case CandidateFinished finished: (_reasons ??= []).Add(finished.Reason.Value); break;
            default: break;
        }
        // What broke off is told by the attempt's error.
        if (next is not StreamFailed) _folder?.Add(next);
    }

    public void Whole(ReadOnlyMemory<byte> body, ChatResponse? decoded)
    {
        decoded ??= _decoder.Decode(body);
        if (decoded is null) return;
        _whole = decoded;
        _id = decoded.Id;
        foreach (var candidate in decoded.Candidates)
        {
            if (candidate.FinishReason is { } reason) (_reasons ??= []).Add(reason.Value);
        }
    }

    /// <summary>Puts what was read on a span.</summary>
    public void Write(Activity span, Func<string, string> mask)
    {
        if (_id.Length is > 0 and <= 256) span.SetTag(SpanAttributes.ResponseId, mask(_id));
        if (_reasons is not null) span.SetTag(SpanAttributes.FinishReasons, _reasons.ToArray());
        if (!content) return;
        var response = _whole ?? _folder!.ToResponse();
        if (response.Candidates.Count > 0) span.SetTag(SpanAttributes.OutputMessages, MessageContent.Of(response.Candidates, mask));
    }
}
