using System.Buffers;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Error bodies: <c>{"error":{"message","type","param","code"}}</c> (platform.openai.com/docs/guides/error-codes). Read leniently: Groq and OpenRouter add members, Mistral and vLLM
/// put the members at the top, Gemini's front sends a list, FastAPI servers a <c>detail</c>, proxies text or HTML.
/// </summary>
internal class ChatErrors(WireFormatId format)
{
    /// <summary>The format.</summary>
    protected WireFormatId Format { get; } = format;

    /// <summary>Reads an error body, or the data of an error event (status 0).</summary>
    public GatewayError Decode(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(body), new JsonDocumentOptions { MaxDepth = 128 });
            return Read(status, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Unreadable(status, body.Span);
        }
    }

    /// <summary>The error of an answer of status 200 that is one; <see langword="null"/> for every other answer.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="content">The member without which it is no answer, quoted.</param>
    public GatewayError? InAnswer(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> content)
    {
        if (JsonText.HasValue(body.Span, content) || body.Span.IndexOf("\"error\""u8) < 0) return null;
        return JsonMembers.Scan(body, out _) is { } members && (members.TryGet("error"u8, out _) || members.GetString("object"u8) == "error") ? Decode(0, body) : null;
    }

    /// <summary>Writes a whole error body.</summary>
    public void Encode(GatewayError error, IBufferWriter<byte> output)
    {
        if (error.RawFormat == Format && IsBody(error.Raw) && IsTold(error)) output.Write(error.Raw.Utf8.Span);
        else JsonOutput.Write(output, (Errors: this, Error: error), static (writer, s) => s.Errors.WriteBody(writer, s.Error));
    }

    /// <summary>Whether an error has OpenAI's code, where that matters: agents compact on it, and many servers of this shape have codes of their own for an overflow.</summary>
    public static bool IsTold(GatewayError error) => error.Kind != ErrorKind.ContextTooLong || error.Code == ContextOverflow.OpenAICode;

    /// <summary>Writes the event that ends a broken stream: no <c>[DONE]</c> follows, so that no client takes the answer for complete.</summary>
    public void EncodeEvent(GatewayError error, IBufferWriter<byte> output) =>
        JsonOutput.WriteSse(output, default, (Errors: this, Error: error), static (writer, s) => s.Errors.WriteBody(writer, s.Error));

    /// <summary>Writes the body of an error of another format.</summary>
    protected virtual void WriteBody(Utf8JsonWriter writer, GatewayError error)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        WriteMembers(writer, error);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes message, type, param and code.</summary>
    protected void WriteMembers(Utf8JsonWriter writer, GatewayError error)
    {
        // The gateway's own errors bring codes of this vocabulary; another vendor's mean nothing here.
        bool own = IsTold(error) && (error.RawFormat == Format || (error.Provider is null && error.RawFormat is null));
        var (type, code) = Vocabulary(error);
        writer.WriteString("message", error.Message);
        writer.WriteString("type", own ? error.Type ?? type : type);
        if (error.Param is null) writer.WriteNull("param");
        else writer.WriteString("param", error.Param);
        string? told = own ? error.Code ?? code : code;
        if (told is null) writer.WriteNull("code");
        else writer.WriteString("code", told);
    }

    /// <summary>True for a JSON body that this format's clients can read.</summary>
    protected virtual bool IsBody(RawJson raw) => !raw.IsAbsent && raw.ToElement() is { ValueKind: JsonValueKind.Object } body && body.Get("error"u8) is { ValueKind: JsonValueKind.Object or JsonValueKind.String };

    // The types and codes that OpenAI's servers send and its SDKs document.
    private static (string Type, string? Code) Vocabulary(GatewayError error) => error.Kind.Value switch
    {
        "authentication" => ("invalid_request_error", "invalid_api_key"),
        "permission" => ("permission_error", null),
        "not_found" => ("invalid_request_error", ErrorClassifier.NotFoundCode(error)),
        "invalid_request" => ("invalid_request_error", null),
        "too_large" => ("invalid_request_error", "request_too_large"),
        "context_too_long" => ("invalid_request_error", ContextOverflow.OpenAICode),
        "content_filter" => ("invalid_request_error", "content_filter"),
        "rate_limited" => ("rate_limit_error", "rate_limit_exceeded"),
        "quota_spent" or "budget_spent" => ("insufficient_quota", "insufficient_quota"),
        "overloaded" => ("server_error", "overloaded"),
        "timeout" => ("server_error", "timeout"),
        _ => ("server_error", null),
    };

    private GatewayError Read(int status, JsonElement root)
    {
        var body = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
        var error = body.Get("error"u8) is { ValueKind: JsonValueKind.Object } inner ? inner : body;
        string? message = ErrorWords.Of(body);
        string? code = CodeOf(error), type = error.Text("type"u8);
        int told = status != 0 ? status : StatusIn(error);
        return new GatewayError(ErrorClassifier.Classify(told, code, type, message), string.IsNullOrWhiteSpace(message) ? NoMessage(status) : message)
        {
            Status = told,
            Code = code,
            Type = type,
            Param = error.Text("param"u8),
            Raw = RawJson.From(root),
            RawFormat = Format,
        };
    }

    private static string? CodeOf(JsonElement error) => error.Get("code"u8) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    // In a stream the status stands in the error: Groq's `status_code`, OpenRouter's numeric `code`.
    private static int StatusIn(JsonElement error) => (error.Count("status_code"u8) ?? error.Count("code"u8)) is >= 400 and < 600 and var status ? (int)status : 0;

    private static GatewayError Unreadable(int status, ReadOnlySpan<byte> body)
    {
        string message = ErrorWords.OfText(body) is { } text ? (body.TrimStart(" \t\r\n"u8).StartsWith("<"u8) && status != 0 ? $"the provider answered {status}: {text}" : text) : NoMessage(status);
        return new GatewayError(ErrorClassifier.Classify(status, null, null, message), message) { Status = status };
    }

    private static string NoMessage(int status) => status == 0 ? "the provider reported an error without a message" : $"the provider answered {status} without a readable message";
}
