using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Watches a passed-through answer by searching for bytes. A member's name between quotes cannot stand inside a JSON text, where quotes are escaped.
/// The bytes of the last usage are kept and read when somebody asks.
/// </summary>
internal sealed class GeminiTap(bool isStream) : IAnswerTap
{
    private readonly ArrayBufferWriter<byte> _usage = new(512);
    private GeminiToolCalls? _calls;
    private Usage? _read;

    public Usage? Usage => _read ??= ReadUsage();

    public string? Model { get; private set; }

    public GatewayError? Error { get; private set; }

    public long OutputCharacters { get; private set; }

    public AnswerSignal Observe(in StreamFrame frame)
    {
        var data = frame.Data.Span;
        int candidates = data.IndexOf("\"candidates\""u8);
        if (candidates < 0 && data.IndexOf("\"error\""u8) >= 0) return ObserveError(frame.Data);
        var judged = isStream ? JsonText.Glance(data, AnswerSignal.Content) : JsonText.Judge(data, AnswerSignal.Content);
        if (judged != AnswerSignal.Content) return judged;
        KeepUsage(data);
        CountCalls(data);
        Model ??= StringAfter(data, "\"modelVersion\""u8);
        var signal = AnswerSignal.None;
        if (candidates >= 0 && JsonText.HasValue(data, "\"parts\""u8))
        {
            CountCharacters(data);
            signal |= AnswerSignal.Content;
        }
        bool isEnd = (candidates >= 0 && data.IndexOf("\"finishReason\""u8) >= 0) || (signal == AnswerSignal.None && data.IndexOf("\"blockReason\""u8) >= 0);
        if (isEnd) return signal | AnswerSignal.Content | AnswerSignal.End;
        return isStream ? signal : signal | AnswerSignal.End;
    }

    private AnswerSignal ObserveError(ReadOnlyMemory<byte> data)
    {
        Error = GeminiErrors.Read(0, data);
        return AnswerSignal.Error;
    }

    private void KeepUsage(ReadOnlySpan<byte> data)
    {
        int at = data.LastIndexOf("\"usageMetadata\""u8);
        if (at < 0) return;
        var rest = data[(at + "\"usageMetadata\""u8.Length)..];
        int open = rest.IndexOf((byte)'{');
        if (open < 0) return;
        int length = ObjectLength(rest[open..]);
        if (length == 0) return;
        _usage.ResetWrittenCount();
        _usage.Write(rest.Slice(open, length));
        _read = null;
    }

    // Few answers are grounded: those are parsed where they say so.
    private void CountCalls(ReadOnlySpan<byte> data)
    {
        for (int at = data.IndexOf("\"groundingMetadata\""u8); at >= 0; at = data.IndexOf("\"groundingMetadata\""u8))
        {
            data = data[(at + "\"groundingMetadata\""u8.Length)..];
            int open = data.IndexOf((byte)'{');
            if (open < 0) return;
            data = data[open..];
            int length = ObjectLength(data);
            if (length == 0) return;
            var reader = new Utf8JsonReader(data[..length]);
            (_calls ??= new GeminiToolCalls()).Add(JsonElement.ParseValue(ref reader));
            _read = null;
            data = data[length..];
        }
    }

    private Usage? ReadUsage()
    {
        if (_usage.WrittenCount == 0) return null;
        try
        {
            using var document = JsonDocument.Parse(_usage.WrittenMemory);
            var usage = GeminiUsage.Read(document.RootElement);
            return _calls?.With(usage) ?? usage;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void CountCharacters(ReadOnlySpan<byte> data)
    {
        for (int at = data.IndexOf("\"text\""u8); at >= 0; at = data.IndexOf("\"text\""u8))
        {
            data = data[(at + "\"text\""u8.Length)..];
            int quote = data.IndexOf((byte)'"');
            if (quote < 0) return;
            data = data[(quote + 1)..];
            int length = StringLength(data);
            OutputCharacters += length;
            data = data[length..];
        }
        int call = data.IndexOf("\"args\""u8);
        if (call < 0) return;
        int open = data[call..].IndexOf((byte)'{');
        if (open >= 0) OutputCharacters += ObjectLength(data[(call + open)..]);
    }

    private static string? StringAfter(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        int at = data.LastIndexOf(name);
        if (at < 0) return null;
        var rest = data[(at + name.Length)..];
        int quote = rest.IndexOf((byte)'"');
        if (quote < 0) return null;
        rest = rest[(quote + 1)..];
        return System.Text.Encoding.UTF8.GetString(rest[..StringLength(rest)]);
    }

    // Bytes up to the closing quote.
    private static int StringLength(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (length < text.Length && text[length] != (byte)'"') length += text[length] == (byte)'\\' ? 2 : 1;
        return Math.Min(length, text.Length);
    }

    private static int ObjectLength(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data, isFinalBlock: false, default);
            return reader.Read() && reader.TrySkip() ? (int)reader.BytesConsumed : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
