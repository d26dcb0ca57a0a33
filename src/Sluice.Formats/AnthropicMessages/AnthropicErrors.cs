using System.Buffers;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Error bodies: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
internal static class AnthropicErrors
{
    private const string PromptTooLong = "prompt is too long";

    /// <summary>Whether an error tells of an overflow as Anthropic does: so that Claude Code compacts, or asks for less output.</summary>
    public static bool TellsOverflow(GatewayError error) =>
        error.Message.Contains(PromptTooLong, StringComparison.OrdinalIgnoreCase) || error.Message.Contains("exceed context limit", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes an error body; the provider's own where it is of this format.</summary>
    public static void Write(GatewayError error, IBufferWriter<byte> output) => JsonOutput.Write(output, error, WriteBody);

    /// <summary>Writes the <c>error</c> event that ends a stream without success.</summary>
    public static void WriteEvent(GatewayError error, IBufferWriter<byte> output) => JsonOutput.WriteSse(output, "error"u8, error, WriteBody);

    /// <summary>Reads any bytes as an error.</summary>
    /// <param name="status">HTTP status; 0 inside a stream.</param>
    /// <param name="body">The body.</param>
    public static GatewayError Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(body));
            return Read(status, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            string? text = ErrorWords.OfText(body.Span);
            return new GatewayError(ErrorClassifier.Classify(status, null, null, text), text ?? $"the provider answered with status {status} and no words") { Status = status };
        }
    }

    /// <summary>Reads a parsed error.</summary>
    public static GatewayError Read(int status, JsonElement root)
    {
        var error = root.Get("error"u8);
        string? type = error?.Text("type"u8);
        string? message = ErrorWords.Of(root);
        bool isOwn = root.Text("type"u8) == "error" && type is not null;
        return new GatewayError(ErrorClassifier.Classify(status, null, type, message), string.IsNullOrWhiteSpace(message) ? $"the provider answered with status {status}: {Short(root)}" : message)
        {
            Status = status,
            Type = type,
            Raw = RawJson.From(root),
            RawFormat = isOwn ? AnthropicNames.Id : null,
            UpstreamRequestId = root.Text("request_id"u8),
        };
    }

    /// <summary>The error type of a status, as the vendor's documentation lists them.</summary>
    public static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 or 529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };

    private static void WriteBody(Utf8JsonWriter writer, GatewayError error)
    {
        bool isTold = error.Kind != ErrorKind.ContextTooLong || TellsOverflow(error);
        if (error.RawFormat == AnthropicNames.Id && !error.Raw.IsAbsent && isTold)
        {
            WriteOwn(writer, error);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, TypeOf(error.StatusOrDefault));
        writer.WriteString("message"u8, isTold ? error.Message : ContextOverflow.Tell(error, PromptTooLong, PromptTooLong + ": {0} tokens > {1} maximum"));
        writer.WriteEndObject();
        WriteRequestId(writer, error);
        writer.WriteEndObject();
    }

    // The provider's own body as it came; with an id where it has none.
    private static void WriteOwn(Utf8JsonWriter writer, GatewayError error)
    {
        var body = error.Raw.ToElement();
        if (error.RequestId is null || body.ValueKind != JsonValueKind.Object || body.Text("request_id"u8) is not null)
        {
            writer.WriteOneLine(error.Raw);
            return;
        }
        writer.WriteStartObject();
        foreach (var member in body.EnumerateObject())
        {
            if (!member.NameEquals("request_id"u8)) member.WriteTo(writer);
        }
        WriteRequestId(writer, error);
        writer.WriteEndObject();
    }

    private static void WriteRequestId(Utf8JsonWriter writer, GatewayError error)
    {
        if ((error.RequestId ?? error.UpstreamRequestId) is { } id) writer.WriteString("request_id"u8, id);
        else writer.WriteNull("request_id"u8);
    }

    private static string Short(JsonElement root)
    {
        string text = root.GetRawText();
        return text.Length <= 300 ? text : text[..300] + "...";
    }
}
