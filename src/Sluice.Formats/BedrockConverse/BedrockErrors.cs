using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Errors: <c>{"message"}</c>. The kind stands in a header that the body does not repeat, in streams in the frame's exception type.</summary>
internal static class BedrockErrors
{
    /// <summary>Reads an error body.</summary>
    public static GatewayError Read(int status, ReadOnlyMemory<byte> body) => Read(status, "", body);

    /// <summary>Reads an exception frame of a stream.</summary>
    public static GatewayError ReadFrame(ReadOnlyMemory<byte> type, ReadOnlyMemory<byte> body) => Read(0, Encoding.UTF8.GetString(type.Span), body);

    /// <summary>Writes an error body.</summary>
    public static void Write(GatewayError error, IBufferWriter<byte> output) => JsonOutput.Write(output, error, WriteBody);

    /// <summary>Writes an exception frame.</summary>
    public static void WriteFrame(GatewayError error, IBufferWriter<byte> output)
    {
        string type = error.Kind.Value switch
        {
            "rate_limited" => "throttlingException",
            "invalid_request" or "context_too_long" or "content_filter" => "validationException",
            "overloaded" => "serviceUnavailableException",
            _ => "modelStreamErrorException",
        };
        AmazonEventStream.Write(output, JsonOutput.ToRaw(error, WriteBody).Utf8.Span, (":exception-type", type), (":content-type", "application/json"), (":message-type", "exception"));
    }

    private static void WriteBody(Utf8JsonWriter writer, GatewayError error)
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, error.Message);
        writer.WriteEndObject();
    }

    private static GatewayError Read(int status, string type, ReadOnlyMemory<byte> body)
    {
        var (message, named) = Message(body);
        if (type.Length == 0) type = named;
        string text = message ?? ErrorWords.OfText(body.Span) ?? "";
        if (text.Length == 0 || (message is null && named.Length > 0)) text = type.Length > 0 ? type : $"the provider answered with status {status} and no words";
        return new GatewayError(Kind(status, type, text), text)
        {
            Status = status,
            Type = type.Length > 0 ? type : null,
            Raw = message is null ? default : new Wire.RawJson(body.ToArray()),
            RawFormat = message is null ? null : Wire.WireFormatId.BedrockConverse,
        };
    }

    // The kind of an error is in the body too where the service speaks AWS JSON: "com.amazon.coral.service#ThrottlingException".
    private static (string? Message, string Type) Message(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(body));
            string name = document.RootElement.Text("__type"u8) is { Length: > 0 } full ? full[(full.LastIndexOf('#') + 1)..] : "";
            return (ErrorWords.Of(document.RootElement), name.Length > 0 ? char.ToLowerInvariant(name[0]) + name[1..] : "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, "");
        }
    }

    // "Too many tokens, please wait" is a rate limit here, "Input is too long for requested model" the context.
    private static ErrorKind Kind(int status, string type, string message) => type switch
    {
        "throttlingException" => ErrorKind.RateLimited,
        "serviceUnavailableException" => ErrorKind.Overloaded,
        "modelTimeoutException" => ErrorKind.Timeout,
        "damaged" => ErrorKind.MalformedAnswer,
        _ when status == 429 => ErrorKind.RateLimited,
        _ when ContextOverflow.IsSaid(status, null, null, message) => ErrorKind.ContextTooLong,
        "validationException" => ErrorKind.InvalidRequest,
        _ => ErrorClassifier.Classify(status, null, type, message),
    };
}
