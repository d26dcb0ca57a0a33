using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Watches a passed-through answer. Deltas, nearly all frames of a stream, are told by a byte search and never parsed.</summary>
internal sealed class AnthropicTap(bool stream) : IAnswerTap
{
    private RawJson _usage;
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
        try
        {
            return stream ? ObserveEvent(frame) : ObserveBody(frame.Data);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return JsonText.Judge(frame.Data.Span, AnswerSignal.None);
        }
    }

    private AnswerSignal ObserveEvent(in StreamFrame frame)
    {
        var data = frame.Data.Span;
        // The name stands before the data; a server that leaves it out says the same in "type".
        var name = frame.Event.Span;
        if (name.IsEmpty ? data.IndexOf("\"content_block_delta\""u8) >= 0 : name.SequenceEqual("content_block_delta"u8))
        {
            Count(data);
            _hasContent = true;
            return JsonText.Glance(data, AnswerSignal.Content);
        }
        if (name.SequenceEqual("ping"u8) || name.SequenceEqual("content_block_stop"u8)) return JsonText.Glance(data, AnswerSignal.None);
        using var document = JsonDocument.Parse(frame.Data);
        return Observe(document.RootElement);
    }

    private AnswerSignal Observe(JsonElement root)
    {
        switch (root.Text("type"u8))
        {
            case "message_start":
                var message = root.Get("message"u8);
                Model = message?.Text("model"u8) ?? Model;
                Report(message?.Get("usage"u8));
                return AnswerSignal.None;
            case "content_block_start":
                if (root.Get("content_block"u8)?.Text("type"u8) is "text" or "thinking") return AnswerSignal.None;
                _hasContent = true;
                return AnswerSignal.Content;
            case "message_delta":
                Report(root.Get("usage"u8));
                _hasReason |= root.Get("delta"u8)?.Text("stop_reason"u8) is { Length: > 0 };
                return AnswerSignal.None;
            case "message_stop":
                return End();
            case "error":
                Error = AnthropicErrors.Read(0, root);
                return AnswerSignal.Error;
            default:
                return AnswerSignal.None;
        }
    }

    private AnswerSignal ObserveBody(ReadOnlyMemory<byte> body)
    {
        if (JsonMembers.Scan(body, out _) is not { } members) return JsonText.Judge(body.Span, AnswerSignal.None);
        if (members.GetString("type"u8) == "error")
        {
            Error = AnthropicErrors.Read(0, body);
            return AnswerSignal.Error;
        }
        Model = members.GetString("model"u8);
        var signal = AnswerSignal.None;
        if (members.TryGet("content"u8, out var content) && !IsEmptyList(members.Value(content)))
        {
            OutputCharacters += content.ValueLength;
            signal = AnswerSignal.Content;
            _hasContent = true;
        }
        if (members.TryGet("usage"u8, out var usage))
        {
            using var document = JsonDocument.Parse(body.Slice(usage.ValueStart, usage.ValueLength));
            Report(document.RootElement);
        }
        _hasReason = members.GetString("stop_reason"u8) is { Length: > 0 };
        return signal | End();
    }

    private AnswerSignal End() => !_hasContent && (_hasReason || Usage?.OutputTokens > 0) ? AnswerSignal.Content | AnswerSignal.End : AnswerSignal.End;

    private static bool IsEmptyList(ReadOnlySpan<byte> json) => json[0] != '[' || json[1..^1].IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private void Report(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } value) return;
        Usage = AnthropicUsage.Merge(_usage, value);
        _usage = Usage.Raw;
    }

    // The text is the last string of the delta, give or take what is escaped: enough for an estimate.
    private void Count(ReadOnlySpan<byte> data)
    {
        int end = data.LastIndexOf((byte)'"');
        int start = Math.Max(data.IndexOf("\"text\":"u8), Math.Max(data.IndexOf("\"thinking\":"u8), data.IndexOf("\"partial_json\":"u8)));
        if (start < 0 || end <= start) return;
        int colon = start + data[start..].IndexOf((byte)':');
        int open = colon + data[colon..].IndexOf((byte)'"');
        if (open > colon && end > open) OutputCharacters += Encoding.UTF8.GetCharCount(data[(open + 1)..end]);
    }
}
