using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Watches an answer of Converse. No client speaks the format here, so it is used for audits only.</summary>
internal sealed class BedrockTap(bool stream) : IAnswerTap
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
        if (frame.IsException)
        {
            Error = BedrockErrors.ReadFrame(frame.Event, frame.Data);
            return AnswerSignal.Error;
        }
        bool isDelta = frame.Event.Span.SequenceEqual("contentBlockDelta"u8);
        if (isDelta || !stream) OutputCharacters += frame.Data.Length;
        if (isDelta) return AnswerSignal.Content;
        if (stream && !frame.Event.Span.SequenceEqual("metadata"u8)) return AnswerSignal.None;
        try
        {
            using var document = JsonDocument.Parse(frame.Data);
            Usage = BedrockUsage.ReadFrom(document.RootElement) ?? Usage;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return JsonText.Judge(frame.Data.Span, AnswerSignal.None);
        }
        return stream ? AnswerSignal.End : AnswerSignal.Content | AnswerSignal.End;
    }
}
