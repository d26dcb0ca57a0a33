using System.Diagnostics;
using Sluice.Engine;
using Sluice.Wire;

namespace Sluice.Telemetry.Tracing;

/// <summary>What a span tells of a request. Parameters only where the request was read for the translation anyway, or its content is wanted.</summary>
internal static class SpanRequest
{
    public static void Write(Activity span, CallContext call, PreparedRequest request, bool content)
    {
        if (call.Head.MaxTokens is { } most) span.SetTag(SpanAttributes.RequestMaxTokens, most);
        if (request.Format.Operation != WireOperation.Chat || (request.Translation is null && !content) || call.Inbound.Format is not IChatServerFormat || !call.Chat.IsSuccess) return;
        var chat = call.Chat.Value;
        Number(span, SpanAttributes.RequestTemperature, chat.Temperature);
        Number(span, SpanAttributes.RequestTopP, chat.TopP);
        Number(span, SpanAttributes.RequestTopK, chat.TopK);
        Number(span, SpanAttributes.RequestFrequencyPenalty, chat.FrequencyPenalty);
        Number(span, SpanAttributes.RequestPresencePenalty, chat.PresencePenalty);
        if (chat.Seed is { } seed) span.SetTag(SpanAttributes.RequestSeed, seed);
        if (chat.CandidateCount is { } count and not 1) span.SetTag(SpanAttributes.RequestChoices, count);
        if (!content) return;
        var text = call.Gateway.Log.Text(call.Credentials);
        if (chat.Stop.Count > 0) span.SetTag(SpanAttributes.RequestStop, chat.Stop.Select(text.Masked).ToArray());
        var (instructions, messages) = MessageContent.Of(chat.Messages, text.Whole);
        if (instructions is not null) span.SetTag(SpanAttributes.Instructions, instructions);
        span.SetTag(SpanAttributes.InputMessages, messages);
    }

    private static void Number(Activity span, string name, double? value)
    {
        if (value is { } known) span.SetTag(name, known);
    }
}
