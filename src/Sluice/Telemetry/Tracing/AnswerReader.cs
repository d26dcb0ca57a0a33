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
    private readonly List<StreamEvent> _events = [];
    private readonly StreamFolder? _folder = content ? new StreamFolder() : null;
    private IStreamDecoder? _decoder;
    private ChatResponse? _whole;
    private string _id = "";
    private List<string>? _reasons;

    public void Frame(in StreamFrame frame)
    {
        if (_decoder is null)
        {
            if (request.Format is not IChatClientFormat format) return;
            _decoder = format.CreateStreamDecoder(Context());
        }
        _events.Clear();
        _decoder.Decode(frame, _events);
        foreach (var next in _events) Event(next);
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
        if (decoded is null && request.Format is IChatClientFormat format && format.DecodeResponse(body, Context()) is { IsSuccess: true } read) decoded = read.Value;
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

    private static TranslationContext Context() => new() { ClientFormat = default, UpstreamFormat = default, UpstreamModel = "", Ids = NoIds.Instance, Time = TimeProvider.System };

    private sealed class NoIds : IIdSource
    {
        public static NoIds Instance { get; } = new();

        public string Next(string prefix, int length = 24) => prefix;
    }
}
