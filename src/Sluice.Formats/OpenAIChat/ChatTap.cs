using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Watches an answer that is passed through. A chunk of text is searched, not parsed; JSON is parsed only where usage or an error shows.</summary>
internal sealed class ChatTap(WireFormatId format, ChatErrors errors, bool stream) : IAnswerTap
{
    private bool _hasChoice;
    private bool _hasContent;
    private bool _hasReason;

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
        var data = frame.Data.Span;
        if (stream && data.Trim(" \t\r\n"u8).SequenceEqual("[DONE]"u8)) return End(AnswerSignal.None);
        var signal = Count(data) ? AnswerSignal.Content : AnswerSignal.None;
        _hasContent |= signal == AnswerSignal.Content;
        if (!_hasContent && !_hasReason) LookForReason(data);
        Model ??= JsonText.Find(data, "\"model\""u8) is { Length: > 0 } model ? Encoding.UTF8.GetString(model) : null;
        bool mayFail = frame.Event.Span.SequenceEqual("error"u8) || data.IndexOf("\"error\""u8) >= 0;
        bool mayCount = JsonText.HasValue(data, "\"usage\""u8) || (Usage is null && JsonText.HasValue(data, "\"timings\""u8));
        signal = mayFail || mayCount ? signal | Parse(frame) : stream ? JsonText.Glance(data, signal) : JsonText.Judge(data, signal);
        if (signal.HasFlag(AnswerSignal.Malformed)) return AnswerSignal.Malformed;
        return stream || signal.HasFlag(AnswerSignal.Error) ? signal : End(signal);
    }

    private AnswerSignal End(AnswerSignal signal)
    {
        bool isAnswer = _hasReason || (_hasChoice && Usage?.OutputTokens > 0);
        return !_hasContent && isAnswer ? signal | AnswerSignal.Content | AnswerSignal.End : signal | AnswerSignal.End;
    }

    private void LookForReason(ReadOnlySpan<byte> data)
    {
        _hasChoice |= JsonText.HasValue(data, "\"choices\""u8);
        _hasReason = !JsonText.Find(data, "\"finish_reason\""u8).IsEmpty;
    }

    private bool Count(ReadOnlySpan<byte> data)
    {
        int characters = JsonText.Count(data, "\"content\""u8) + JsonText.Count(data, "\"reasoning_content\""u8) + JsonText.Count(data, "\"reasoning\""u8)
            + JsonText.Count(data, "\"arguments\""u8) + JsonText.Count(data, "\"text\""u8) + JsonText.Count(data, "\"refusal\""u8);
        OutputCharacters += characters;
        return characters > 0 || JsonText.HasValue(data, "\"tool_calls\""u8) || JsonText.HasValue(data, "\"audio\""u8) || (!stream && JsonText.HasValue(data, "\"images\""u8));
    }

    private AnswerSignal Parse(in StreamFrame frame)
    {
        try
        {
            using var document = JsonDocument.Parse(frame.Data, new JsonDocumentOptions { MaxDepth = 128 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return AnswerSignal.None;
            var usage = ChatUsage.ReadFrom(root, format);
            Usage = usage ?? Usage;
            if (root.Get("error"u8) is not null || frame.Event.Span.SequenceEqual("error"u8))
            {
                Error = errors.Decode(0, frame.Data);
                return AnswerSignal.Error;
            }
            // DeepInfra and others write null for no choices.
            bool only = usage is not null && (root.Get("choices"u8) is not { ValueKind: JsonValueKind.Array } choices || choices.GetArrayLength() == 0);
            return only ? AnswerSignal.UsageOnly : AnswerSignal.None;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Unread(frame);
        }
    }

    // Proxies tell errors as plain text too. JSON that is only too deep, or no Unicode, goes to the client as it is.
    private AnswerSignal Unread(in StreamFrame frame)
    {
        if (!frame.Event.Span.SequenceEqual("error"u8)) return JsonText.Judge(frame.Data.Span, AnswerSignal.None);
        Error = errors.Decode(0, frame.Data);
        return AnswerSignal.Error;
    }
}
