using System.Buffers;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OpenAIChat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Errors as OpenAI spells them: <c>{"error":{"message","type","param","code"}}</c>, and in streams the event <c>error</c>.</summary>
internal static class ResponsesErrors
{
    /// <summary>Writes an error body.</summary>
    public static void WriteBody(GatewayError error, IBufferWriter<byte> output)
    {
        if (error.RawFormat == WireFormatId.OpenAIResponses && !error.Raw.IsAbsent && ChatErrors.IsTold(error))
        {
            output.Write(error.Raw.Utf8.Span);
            return;
        }
        JsonOutput.Write(output, error, static (json, e) =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, e.Message);
            json.WriteString("type"u8, Type(e));
            json.WriteString("param"u8, e.Param);
            json.WriteString("code"u8, Code(e));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>Writes the event that ends a broken stream.</summary>
    public static void WriteEvent(GatewayError error, int sequence, IBufferWriter<byte> output) =>
        JsonOutput.WriteSse(output, "error"u8, (error, sequence), static (json, s) =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteNumber("sequence_number"u8, s.sequence);
            json.WriteString("code"u8, Code(s.error) ?? "server_error");
            json.WriteString("message"u8, s.error.Message);
            json.WriteString("param"u8, s.error.Param);
            json.WriteEndObject();
        });

    /// <summary>The code of <c>response.error</c>, from the published set (openapi.json, <c>ResponseErrorCode</c>).</summary>
    public static string ResponseCode(GatewayError error) => error.Kind.Value switch
    {
        "rate_limited" => "rate_limit_exceeded",
        "invalid_request" or "content_filter" => "invalid_prompt",
        // Not in the published set, but sent by OpenAI, and what Codex looks for.
        "context_too_long" => ContextOverflow.OpenAICode,
        _ => "server_error",
    };

    /// <summary>Reads an error body; any bytes will do.</summary>
    public static GatewayError Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(body), new JsonDocumentOptions { MaxDepth = 64 });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
            return Read(status, root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            string message = ErrorWords.OfText(body.Span) ?? $"the provider answered with status {status}";
            return new GatewayError(ErrorClassifier.Classify(status, null, null, message), message) { Status = status };
        }
    }

    /// <summary>Reads an error object, its envelope, or an event that holds one.</summary>
    public static GatewayError Read(int status, JsonElement root)
    {
        var error = root.Get("error"u8) ?? root;
        string? code = Scalar(error, "code"u8), type = error.Text("type"u8);
        string? words = ErrorWords.Of(root);
        string message = string.IsNullOrWhiteSpace(words) ? $"the provider answered with status {status}" : words;
        var kind = code is "server_error" ? ErrorKind.Upstream : code is "invalid_prompt" ? ErrorKind.InvalidRequest : ErrorClassifier.Classify(status, code, type, message);
        return new GatewayError(kind, message)
        {
            Status = status,
            Code = code,
            Type = type == "error" ? null : type,
            Param = error.Text("param"u8),
            Raw = root.ValueKind == JsonValueKind.Object && root.Get("error"u8) is not null && status != 0 ? RawJson.From(root) : default,
            RawFormat = WireFormatId.OpenAIResponses,
        };
    }

    private static string? Scalar(JsonElement error, ReadOnlySpan<byte> name) => error.Get(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static bool IsOpenAI(GatewayError error) => error.RawFormat == WireFormatId.OpenAIResponses || error.RawFormat == WireFormatId.OpenAIChat;

    private static string Type(GatewayError error)
    {
        if (ChatErrors.IsTold(error) && (IsOpenAI(error) || error.Provider is null) && error.Type is { } own) return own;
        return error.Kind.Value switch
        {
            "rate_limited" => "rate_limit_error",
            "quota_spent" or "budget_spent" => "insufficient_quota",
            "overloaded" or "timeout" or "network" or "malformed_answer" or "upstream" or "internal" => "server_error",
            _ => "invalid_request_error",
        };
    }

    private static string? Code(GatewayError error)
    {
        if (error.Kind == ErrorKind.ContextTooLong) return ContextOverflow.OpenAICode;
        // The gateway's own errors bring codes of this vocabulary; another vendor's codes mean nothing here.
        if (error.Code is { } own && (IsOpenAI(error) || error.Provider is null)) return own;
        if (error.Provider is null && error.Type is not null) return null;
        return error.Kind.Value switch
        {
            "authentication" => "invalid_api_key",
            "not_found" => ErrorClassifier.NotFoundCode(error),
            "rate_limited" => "rate_limit_exceeded",
            "quota_spent" or "budget_spent" => "insufficient_quota",
            "content_filter" => "content_filter",
            "overloaded" or "timeout" or "network" or "malformed_answer" or "upstream" or "internal" => "server_error",
            _ => null,
        };
    }
}
