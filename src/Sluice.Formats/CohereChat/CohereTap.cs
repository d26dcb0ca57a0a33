using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>Watches an answer of Cohere that passes through unchanged.</summary>
internal sealed class CohereTap : IAnswerTap
{
    /// <inheritdoc/>
    public Usage? Usage { get; private set; }

    /// <inheritdoc/>
    public string? Model => null;

    /// <inheritdoc/>
    public GatewayError? Error { get; private set; }

    /// <inheritdoc/>
    public long OutputCharacters { get; private set; }

    /// <inheritdoc/>
    public AnswerSignal Observe(in StreamFrame frame)
    {
        var data = frame.Data.Span;
        if (data.IndexOf("-delta\""u8) >= 0)
        {
            // The envelope of a delta has some ninety characters; only an estimate is made of it.
            OutputCharacters += Math.Max(1, data.Length - 90);
            return JsonText.Glance(data, AnswerSignal.Content);
        }
        if (data.IndexOf("\"finish_reason\""u8) < 0) return JsonText.Judge(data, AnswerSignal.None);
        try
        {
            return End(frame.Data);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // JSON that is only too deep, or no Unicode, goes to the client as it is.
            return JsonText.Judge(frame.Data.Span, AnswerSignal.None);
        }
    }

    private AnswerSignal End(ReadOnlyMemory<byte> data)
    {
        using var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = 128 });
        var root = document.RootElement;
        bool whole = root.Get("message"u8) is not null;
        var end = whole ? root : root.Get("delta"u8) ?? default;
        Usage = CohereUsage.ReadFrom(end) ?? Usage;
        if (end.Text("error"u8) is { Length: > 0 } error)
        {
            Error = CohereErrors.InStream(error);
            return AnswerSignal.Error;
        }
        return whole ? AnswerSignal.Content | AnswerSignal.End : AnswerSignal.End;
    }
}
