using System.Buffers;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>Ollama's errors: <c>{"error": "words"}</c>, as a body and as a line of a stream. Shared by its three endpoints.</summary>
internal static class OllamaErrors
{
    // The words of its server (ollama/server/routes.go).
    private const string InputTooLong = "the input length exceeds the context length";

    /// <summary>Writes a body: Ollama's own as it came, else the message.</summary>
    public static void Encode(GatewayError error, IBufferWriter<byte> output)
    {
        if (error.RawFormat == WireFormatId.OllamaChat && !error.Raw.IsAbsent) output.Write(error.Raw.Utf8.Span);
        else Write(error, output);
    }

    /// <summary>Writes a line of a stream, always in one line.</summary>
    public static void EncodeLine(GatewayError error, IBufferWriter<byte> output)
    {
        Write(error, output);
        output.Write("\n"u8);
    }

    /// <summary>Reads any body.</summary>
    public static GatewayError Decode(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(body));
            return Read(status, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Make(status, ErrorWords.OfText(body.Span), null, default);
        }
    }

    /// <summary>The error of an answer of status 200 that is one; <see langword="null"/> for every other answer.</summary>
    public static GatewayError? InAnswer(ReadOnlyMemory<byte> body)
    {
        if (body.Span.IndexOf("\"error\""u8) < 0) return null;
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(body), new JsonDocumentOptions { MaxDepth = 128 });
            return document.RootElement.Get("error"u8) is null ? null : Read(0, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The decoder proper says what is wrong with it.
            return null;
        }
    }

    /// <summary>Reads an error object.</summary>
    /// <param name="status">HTTP status; 0 inside a stream.</param>
    /// <param name="root">The object that has the member <c>error</c>.</param>
    public static GatewayError Read(int status, JsonElement root)
    {
        // Proxies in front of Ollama answer as OpenAI does, with an object.
        var error = root.Get("error"u8);
        string? message = ErrorWords.Of(root);
        return Make(status, message, error?.Text("code"u8), root.ValueKind == JsonValueKind.Object && error is { ValueKind: JsonValueKind.String } ? RawJson.From(root) : default);
    }

    private static GatewayError Make(int status, string? message, string? code, RawJson raw) =>
        new(ErrorClassifier.Classify(status, code, null, message), message is { Length: > 0 } ? message : $"the provider answered with status {status} and no message")
        {
            Status = status,
            Code = code,
            Raw = raw,
            RawFormat = raw.IsAbsent ? null : WireFormatId.OllamaChat,
        };

    private static void Write(GatewayError error, IBufferWriter<byte> output) => JsonOutput.Write(output, error, static (writer, e) =>
    {
        writer.WriteStartObject();
        writer.WriteString("error"u8, ContextOverflow.Tell(e, InputTooLong, InputTooLong));
        writer.WriteEndObject();
    });
}
