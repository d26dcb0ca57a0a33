using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// Watches answers of Ollama's chat and generate endpoints that pass through unchanged. A chunk is some 150 bytes, so it is read token by token
/// without an object model; only the last line, which has the counts, is parsed.
/// </summary>
internal sealed class OllamaTap : IAnswerTap
{
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
            var seen = Scan(frame.Data.Span);
            if ((seen & (AnswerSignal.Error | AnswerSignal.End)) != AnswerSignal.None) Parse(frame.Data, ref seen);
            return seen;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // JSON that is only too deep, or no Unicode, goes to the client as it is.
            return JsonText.Judge(frame.Data.Span, AnswerSignal.None);
        }
    }

    private AnswerSignal Scan(ReadOnlySpan<byte> data)
    {
        var signal = AnswerSignal.None;
        var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = 128 });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            bool root = reader.CurrentDepth == 1;
            if (root && Model is null && reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                Model = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (root && reader.ValueTextEquals("done"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.True) signal |= AnswerSignal.End;
            }
            else if (root && reader.ValueTextEquals("error"u8))
            {
                signal |= AnswerSignal.Error;
            }
            else if (reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("response"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) Count(reader.ValueSpan.Length, ref signal);
            }
            else if (reader.ValueTextEquals("tool_calls"u8) || reader.ValueTextEquals("images"u8))
            {
                reader.Read();
                long start = reader.TokenStartIndex;
                reader.Skip();
                if (reader.BytesConsumed - start > 2) Count(reader.BytesConsumed - start, ref signal);
            }
            else
            {
                reader.Read();
                if (!root || reader.TokenType != JsonTokenType.StartObject) reader.Skip();
            }
        }
        return signal;
    }

    private void Count(long characters, ref AnswerSignal signal)
    {
        if (characters == 0) return;
        OutputCharacters += characters;
        signal |= AnswerSignal.Content;
    }

    private void Parse(ReadOnlyMemory<byte> data, ref AnswerSignal signal)
    {
        using var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = 128 });
        if (signal.HasFlag(AnswerSignal.End))
        {
            Usage = OllamaUsage.Read(document.RootElement) ?? Usage;
            if (OutputCharacters == 0 && OllamaFinish.IsTold(document.RootElement, hasContent: Usage?.OutputTokens > 0)) signal |= AnswerSignal.Content;
        }
        if (!signal.HasFlag(AnswerSignal.Error)) return;
        if (document.RootElement.GetProperty("error"u8).ValueKind == JsonValueKind.Null) signal &= ~AnswerSignal.Error;
        else Error = OllamaErrors.Read(0, document.RootElement);
    }
}
