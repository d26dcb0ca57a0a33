using System.Buffers;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>Cohere's errors: <c>{"id", "message"}</c>. A stream that breaks says so in <c>message-end</c>.</summary>
internal static class CohereErrors
{
    /// <summary>Writes a body.</summary>
    public static void Encode(GatewayError error, IBufferWriter<byte> output)
    {
        if (error.RawFormat == WireFormatId.CohereChat && !error.Raw.IsAbsent)
        {
            output.Write(error.Raw.Utf8.Span);
            return;
        }
        JsonOutput.Write(output, error, static (writer, e) =>
        {
            writer.WriteStartObject();
            writer.WriteString("message"u8, e.Message);
            writer.WriteEndObject();
        });
    }

    /// <summary>Writes the event that ends a broken stream.</summary>
    public static void EncodeEvent(GatewayError error, IBufferWriter<byte> output) => JsonOutput.WriteSse(output, "message-end"u8, error, static (writer, e) =>
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "message-end"u8);
        writer.WriteStartObject("delta"u8);
        writer.WriteString("error"u8, e.Message);
        writer.WriteString("finish_reason"u8, "ERROR"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>Reads any body.</summary>
    public static GatewayError Decode(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(body));
            var root = document.RootElement;
            // Proxies in front of Cohere answer as OpenAI does.
            string? message = ErrorWords.Of(root);
            return Make(status, message, root.ValueKind == JsonValueKind.Object && root.Text("message"u8) is not null ? RawJson.From(root) : default);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Make(status, ErrorWords.OfText(body.Span), default);
        }
    }

    /// <summary>An error in the middle of a stream.</summary>
    public static GatewayError InStream(string message) => Make(0, message, default);

    private static GatewayError Make(int status, string? message, RawJson raw) =>
        new(Kind(status, message), message is { Length: > 0 } ? message : $"the provider answered with status {status} and no message")
        {
            Status = status,
            Raw = raw,
            RawFormat = raw.IsAbsent ? null : WireFormatId.CohereChat,
        };

    // 498 is a token of theirs that is blocked (InvalidTokenError), 499 a client that went away.
    private static ErrorKind Kind(int status, string? message) => status switch
    {
        498 => ErrorKind.Authentication,
        429 when message?.Contains("trial key", StringComparison.OrdinalIgnoreCase) == true && message.Contains("month", StringComparison.OrdinalIgnoreCase) => ErrorKind.QuotaSpent,
        _ => ErrorClassifier.Classify(status, null, null, message),
    };
}
