using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Watches a passed-through answer. Frames are told apart by a byte search; only the last one of a stream is parsed.</summary>
internal sealed class ResponsesTap(bool stream) : IAnswerTap
{
    private bool _hasContent;

    /// <inheritdoc/>
    public Usage? Usage { get; private set; }

    /// <inheritdoc/>
    public string? Model { get; private set; }

    /// <inheritdoc/>
    public GatewayError? Error { get; private set; }

    /// <inheritdoc/>
    public long OutputCharacters { get; private set; }

    /// <inheritdoc/>
    public AnswerSignal Observe(in StreamFrame frame)
    {
        if (!stream) return ObserveResponse(frame.Data, AnswerSignal.End);
        var type = TypeOf(frame);
        if (type.IsEmpty) return frame.Data.Span.IndexOf("\"error\""u8) >= 0 ? ObserveError(frame.Data) : JsonText.Judge(frame.Data.Span, AnswerSignal.None);
        if (type.EndsWith(".delta"u8))
        {
            CountDelta(frame.Data.Span);
            _hasContent = true;
            return JsonText.Glance(frame.Data.Span, AnswerSignal.Content);
        }
        if (type.SequenceEqual("response.completed"u8) || type.SequenceEqual("response.incomplete"u8)) return ObserveResponse(frame.Data, AnswerSignal.End);
        if (type.SequenceEqual("response.failed"u8)) return ObserveResponse(frame.Data, AnswerSignal.Error);
        if (type.SequenceEqual("error"u8)) return ObserveError(frame.Data);
        bool preamble = type.SequenceEqual("response.created"u8) || type.SequenceEqual("response.in_progress"u8) || type.SequenceEqual("response.queued"u8)
            || type.SequenceEqual("keepalive"u8) || type.SequenceEqual("response.output_item.added"u8) || type.SequenceEqual("response.content_part.added"u8);
        _hasContent |= !preamble;
        return JsonText.Glance(frame.Data.Span, preamble ? AnswerSignal.None : AnswerSignal.Content);
    }

    // Only events have a type that begins with "response."; inside strings the quotes would be escaped.
    private static ReadOnlySpan<byte> TypeOf(in StreamFrame frame)
    {
        if (!frame.Event.IsEmpty) return frame.Event.Span;
        var data = frame.Data.Span;
        int at = data.IndexOf("\"response."u8);
        if (at >= 0)
        {
            var rest = data[(at + 1)..];
            int end = rest.IndexOf((byte)'"');
            return end < 0 ? default : rest[..end];
        }
        return data.IndexOf("\"type\":\"error\""u8) >= 0 ? "error"u8 : default;
    }

    private void CountDelta(ReadOnlySpan<byte> data)
    {
        int at = data.IndexOf("\"delta\":\""u8);
        if (at < 0) return;
        var text = data[(at + 9)..];
        int end = 0;
        while (end < text.Length && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
        OutputCharacters += Math.Min(end, text.Length);
    }

    private AnswerSignal ObserveResponse(ReadOnlyMemory<byte> data, AnswerSignal signal)
    {
        try
        {
            using var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = 128 });
            var root = document.RootElement;
            var response = root.Get("response"u8) ?? root;
            Usage = ResponsesUsage.Read(response) ?? Usage;
            Model = response.Text("model"u8) ?? Model;
            Error = ResponsesResponseReader.Failure(response);
            if (Error is not null) return AnswerSignal.Error;
            if (_hasContent) return signal;
            bool hasOutput = response.Get("output"u8) is { ValueKind: JsonValueKind.Array } output && output.GetArrayLength() > 0;
            // A job in the background has nothing to show yet.
            bool isAnswer = hasOutput || ResponsesFinish.IsOpen(response) || response.Text("status"u8) is "incomplete" || Usage?.OutputTokens > 0;
            return isAnswer ? signal | AnswerSignal.Content : signal;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // JSON that is only too deep, or no Unicode, is passed on as it is; only its counts are not known.
            return JsonText.Judge(data.Span, stream ? AnswerSignal.None : signal | AnswerSignal.Content);
        }
    }

    private AnswerSignal ObserveError(ReadOnlyMemory<byte> data)
    {
        Error = ResponsesErrors.Read(0, data);
        return AnswerSignal.Error;
    }
}
