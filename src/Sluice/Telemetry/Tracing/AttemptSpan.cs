using System.Diagnostics;
using Sluice.Chat;
using Sluice.Engine;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Telemetry.Tracing;

/// <summary>The span of an attempt: what the conventions call the client's.</summary>
internal sealed class AttemptSpan : AttemptFollower
{
    private readonly Activity _span;
    private readonly Attempt _attempt;
    private AnswerReader? _answer;

    public AttemptSpan(Activity span, Attempt attempt, string operation)
    {
        (_span, _attempt) = (span, attempt);
        if (!span.IsAllDataRequested) return;
        var target = attempt.Target;
        span.SetTag(SpanAttributes.Operation, operation);
        span.SetTag(SpanAttributes.ProviderName, GenAINames.Provider(target.Provider.Vendor.Id));
        span.SetTag(SpanAttributes.Provider, target.Provider.Name);
        span.SetTag(SpanAttributes.RequestModel, CallSpans.Text(attempt.Call, target.Model));
        span.SetTag(SpanAttributes.Attempt, attempt.Call.AttemptCount);
        if (attempt.Call.Head.Stream) span.SetTag(SpanAttributes.RequestStream, true);
    }

    public override bool WantsAnswer => _span.IsAllDataRequested;

    public override void Propagate(HttpRequestMessage message) => TraceContext.Write(_span, message);

    public override void Sending(PreparedRequest request, HttpRequestMessage message)
    {
        if (!_span.IsAllDataRequested) return;
        _span.SetTag(SpanAttributes.ServerAddress, message.RequestUri!.Host);
        _span.SetTag(SpanAttributes.ServerPort, message.RequestUri.Port);
        _span.SetTag(SpanAttributes.Lane, request.Lane.Name());
        bool content = _attempt.Call.Gateway.Config.Telemetry.Content;
        _answer = new AnswerReader(request, content);
        SpanRequest.Write(_span, _attempt.Call, request, content);
    }

    public override void Frame(in StreamFrame frame) => _answer?.Frame(frame);

    public override void Event(StreamEvent next) => _answer?.Event(next);

    public override void Whole(ReadOnlyMemory<byte> body, ChatResponse? decoded) => _answer?.Whole(body, decoded);

    public override void Ended(AttemptRecord record)
    {
        if (_span.IsAllDataRequested) Write(record);
        _span.Dispose();
    }

    private void Write(AttemptRecord record)
    {
        var call = _attempt.Call;
        if (record.UpstreamStatus != 0) _span.SetTag(SpanAttributes.HttpStatus, record.UpstreamStatus);
        if (record.KeyName is { } key) _span.SetTag(SpanAttributes.ProviderKey, key);
        if (call.Head.Stream && record.FirstContent is { } first) _span.SetTag(SpanAttributes.FirstChunk, first.TotalSeconds);
        if (record.Error is { } error)
        {
            CallSpans.Fail(_span, call, error);
            if (error.UpstreamRequestId is { } id) _span.SetTag(SpanAttributes.UpstreamRequestId, CallSpans.Text(call, id));
        }
        CallSpans.Usage(_span, _attempt.Usage);
        if (_attempt.AnsweredModel is { } model) _span.SetTag(SpanAttributes.ResponseModel, CallSpans.Text(call, model));
        _answer?.Write(_span, call.Gateway.Log.Text(call.Credentials).Whole);
    }
}
