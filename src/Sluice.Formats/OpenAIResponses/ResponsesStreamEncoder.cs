using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>
/// Writes a stream of the Responses API: <c>response.created</c>, items with their parts, and the whole answer at the end. Sequence numbers run
/// without gaps. Items may be open side by side, as the format allows; texts that follow each other share one message.
/// </summary>
internal sealed class ResponsesStreamEncoder(TranslationContext context) : IStreamEncoder
{
    private readonly SortedDictionary<int, EncodedPart> _open = [];
    private readonly StreamedOutput _stream = new(context);
    private ResponseFacts? _facts;
    private EncodedMessage? _message;
    private CandidateFinished? _finish;
    private Usage? _usage;
    private bool _hasRefusal;
    private bool _over;

    /// <inheritdoc/>
    public void Encode(StreamEvent next, IBufferWriter<byte> output)
    {
        if (_over) return;
        _stream.Output = output;
        switch (next)
        {
            case PartDelta { Candidate: 0 } e: if (_open.TryGetValue(e.Index, out var open)) Delta(open, e); break;
            case PartStarted { Candidate: 0 } e: StartPart(e); break;
            case PartEnded { Candidate: 0 } e: if (_open.TryGetValue(e.Index, out var ended)) EndPart(ended, e); break;
            case PartStarted: context.Losses.Dropped("candidates", $"{WireFormatId.OpenAIResponses} holds one answer"); break;
            case ResponseStarted e: Start(e); break;
            case CandidateFinished { Candidate: 0 } e: _finish = e; break;
            case UsageReported e: _usage = e.Usage; break;
            case RawEvent e when e.Format == WireFormatId.OpenAIResponses: if (_facts is not null) _stream.Raw(e); break;
            case RawEvent e: context.Losses.Dropped($"events.{e.Name}", $"only {e.Format} has this event"); break;
            case KeepAlive: output.Write(":\n\n"u8); break;
            case ResponseEnded e: Finish(e); break;
            case StreamFailed e: Fail(e.Error); break;
            default: break;
        }
    }

    private void Start(ResponseStarted e)
    {
        context.Losses.Unknown(e.Notes, WireFormatId.OpenAIResponses, "");
        _facts = new ResponseFacts
        {
            Id = ResponsesResponseWriter.Id(e.Id, e.Notes, context),
            Model = e.Model.Length > 0 ? e.Model : context.Request?.Model ?? context.UpstreamModel,
            CreatedAt = e.CreatedAt ?? ResponsesResponseWriter.Whole(context.Time.GetUtcNow()),
            Status = "in_progress",
            ServiceTier = e.ServiceTier,
            Notes = e.Notes,
        };
        var response = _stream.Response(_facts, withOutput: false);
        _stream.ResponseEvent("response.created"u8, response);
        _stream.ResponseEvent("response.in_progress"u8, response);
    }

    private void StartPart(PartStarted e)
    {
        if (_facts is null) Start(new ResponseStarted());
        context.Losses.Unknown(e.Part.Notes, WireFormatId.OpenAIResponses, $"output[{e.Index}]");
        EncodedPart? part = e.Part switch
        {
            TextPart or RefusalPart => new EncodedContent(_stream, e.Part),
            RawPart raw when raw.Format == WireFormatId.OpenAIResponses && IsInMessage(raw) => new EncodedContent(_stream, e.Part),
            ReasoningPart reasoning => new EncodedReasoning(_stream, reasoning),
            ToolCallPart call => new EncodedCall(_stream, call),
            RawPart raw when raw.Format == WireFormatId.OpenAIResponses => new EncodedItem(_stream, raw),
            ServerToolCallPart server when ResponsesNotes.IsNative(server.Notes) && server.Notes!.Shape is not null => new EncodedItem(_stream, server),
            MediaPart { Kind.Value: "image", Source: InlineMedia } picture => new EncodedItem(_stream, picture),
            _ => null,
        };
        if (part is null)
        {
            ResponsesLosses.Unsaid(e.Part, $"output[{e.Index}]", context.Losses);
            return;
        }
        _hasRefusal |= e.Part is RefusalPart;
        ShowSilent();
        _open[e.Index] = part;
        if (part is EncodedContent content)
        {
            if (content.HasContent) Show(content);
            return;
        }
        LeaveMessage();
        part.Start();
    }

    private bool IsInMessage(RawPart raw) => _message is { } message && raw.Id is not null && raw.Id == message.Id;

    private void Delta(EncodedPart part, PartDelta e)
    {
        if (part is EncodedContent content && e.Delta is TextDelta or RefusalDelta or CitationDelta) Show((EncodedContent)part);
        part.Add(e);
    }

    // Another part begins: a text that is open and has said nothing yet takes its place before it.
    private void ShowSilent()
    {
        foreach (var open in _open.Values)
        {
            if (open is EncodedContent { Message: null } content) Show(content);
        }
    }

    // A text shows itself only when it has something to say: some formats open texts that stay empty.
    private void Show(EncodedContent content)
    {
        if (content.Message is not null) return;
        _message ??= _stream.OpenMessage(content.First);
        content.Show(_message);
    }

    private void EndPart(EncodedPart part, PartEnded e)
    {
        _open.Remove(e.Index);
        if (part is not EncodedContent content)
        {
            part.End(e);
            return;
        }
        if (content.Message is null && content.EmptySignature(e) is { } signature)
        {
            LeaveMessage();
            _stream.Carrier(signature, PayloadRole.OfEmptyText);
            return;
        }
        Show(content);
        content.End(e);
        var message = content.Message!;
        if (message.IsLeft || content.ClosesMessage)
        {
            if (_message == message) _message = null;
            message.IsLeft = true;
            CloseIfDone(message);
        }
        if (content.Signature is { } last)
        {
            LeaveMessage();
            _stream.Carrier(last, PayloadRole.OfPrevious);
        }
    }

    private void LeaveMessage()
    {
        if (_message is not { } message) return;
        _message = null;
        message.IsLeft = true;
        CloseIfDone(message);
    }

    private void CloseIfDone(EncodedMessage message)
    {
        if (message.OpenParts == 0) _stream.CloseMessage(message, "completed");
    }

    private void Finish(ResponseEnded e)
    {
        if (_facts is null) Start(new ResponseStarted());
        var (status, incomplete) = ResponsesFinish.Write(_finish?.Reason, _hasRefusal, context.Losses);
        if (_message is { } message) _stream.CloseMessage(message, status == "incomplete" ? "incomplete" : "completed");
        if (status == "failed")
        {
            Fail(ResponsesFinish.Failure(_finish?.Reason));
            return;
        }
        var now = ResponsesResponseWriter.Whole(context.Time.GetUtcNow());
        var facts = _facts! with
        {
            Status = status,
            IncompleteReason = incomplete,
            CompletedAt = status == "completed" ? (now > _facts.CreatedAt ? now : _facts.CreatedAt) : null,
            Usage = _usage,
            ServiceTier = e.ServiceTier ?? _facts.ServiceTier,
            Notes = e.Notes,
        };
        _stream.ResponseEvent(status == "completed" ? "response.completed"u8 : "response.incomplete"u8, _stream.Response(facts, withOutput: true));
        _over = true;
    }

    // OpenAI sends the error and then the failed response; some clients look at one, some at the other.
    private void Fail(GatewayError error)
    {
        _stream.Error(error);
        if (_facts is { } facts)
        {
            var failed = facts with { Status = "failed", Error = error, Usage = _usage, Notes = null };
            _stream.ResponseEvent("response.failed"u8, _stream.Response(failed, withOutput: true));
        }
        _over = true;
    }
}
