using System.Buffers;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Errors: <c>{"error":{"code":404,"message","status":"NOT_FOUND","details":[...]}}</c>, the same on the Gemini API and Vertex AI; the code is the HTTP status.
/// A streaming call without <c>alt=sse</c> gets the same in an array.
/// </summary>
internal static class GeminiErrors
{
    private const string InputTooLong = "The input token count exceeds the maximum number of tokens allowed";
    private const string InputTooLongCounts = "The input token count ({0}) exceeds the maximum number of tokens allowed ({1})";

    public static void Write(GatewayError error, IBufferWriter<byte> output)
    {
        if (error.RawFormat == WireFormatId.GeminiGenerate && !error.Raw.IsAbsent) output.Write(error.Raw.Utf8.Span);
        else JsonOutput.Write(output, error, static (writer, e) => Write(writer, e));
    }

    /// <summary>Writes an error without line feeds, which would end the line of a server-sent event. Google's own bodies are full of them.</summary>
    public static void WriteLine(GatewayError error, IBufferWriter<byte> output)
    {
        if (error.RawFormat != WireFormatId.GeminiGenerate || error.Raw.Utf8.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0) Write(error, output);
        else JsonOutput.Write(output, error.Raw.ToElement(), static (writer, body) => body.WriteTo(writer));
    }

    public static GatewayError Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(body));
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
            if (root.ValueKind == JsonValueKind.Object && root.Get("error"u8) is { } error) return Read(status, error) with { Raw = RawJson.From(root), RawFormat = WireFormatId.GeminiGenerate };
            if (ErrorWords.Of(root) is { } words) return new GatewayError(ErrorClassifier.Classify(status, null, null, words), words) { Status = status, Raw = RawJson.From(root) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON: the text below says more than the parser's complaint would.
        }
        string? text = ErrorWords.OfText(body.Span);
        string message = text ?? $"the provider answered with status {status} and no message";
        return new GatewayError(ErrorClassifier.Classify(status, null, null, text), message) { Status = status };
    }

    /// <summary>Reads the value of an <c>error</c> member. <paramref name="status"/> is 0 for an error inside a stream.</summary>
    public static GatewayError Read(int status, JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            string words = error.ValueKind == JsonValueKind.String ? error.GetString()! : error.GetRawText();
            string told = string.IsNullOrWhiteSpace(words) ? $"the provider answered with status {status} and no message" : words;
            return new GatewayError(ErrorClassifier.Classify(status, null, null, words), told) { Status = status };
        }
        long? code = error.Count("code"u8);
        if (status == 0 && code is >= 400 and < 600) status = (int)code.Value;
        string? name = error.Text("status"u8);
        string message = ErrorWords.Of(error) is { } said ? said : $"the provider reported {name ?? "an error"} without a message";
        return new GatewayError(ErrorClassifier.Classify(status, name, null, message), message) { Status = status, Code = name, RetryAfter = RetryAfter(error) };
    }

    // google.rpc.RetryInfo: {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.07s"}
    private static TimeSpan? RetryAfter(JsonElement error)
    {
        if (error.Get("details"u8) is not { ValueKind: JsonValueKind.Array } details) return null;
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.Text("retryDelay"u8) is { Length: > 1 } delay && delay[^1] == 's' && double.TryParse(delay.AsSpan(0, delay.Length - 1), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and < 1e6)
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }
        return null;
    }

    private static void Write(Utf8JsonWriter writer, GatewayError error)
    {
        int status = error.StatusOrDefault is >= 400 and < 600 and var known ? known : 500;
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, status);
        // Google's own says it with numbers in between.
        bool isTold = error.Message.Contains("input token count", StringComparison.OrdinalIgnoreCase);
        writer.WriteString("message"u8, isTold ? error.Message : ContextOverflow.Tell(error, InputTooLong, InputTooLongCounts));
        writer.WriteString("status"u8, StatusName(error.Kind, status));
        if (error.RetryAfter is { } wait)
        {
            writer.WriteStartArray("details"u8);
            writer.WriteStartObject();
            writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
            writer.WriteString("retryDelay"u8, $"{Math.Ceiling(wait.TotalSeconds):0}s");
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // google.rpc.Code and the HTTP status that goes with each.
    private static string StatusName(ErrorKind kind, int status) => kind.Value switch
    {
        "authentication" => "UNAUTHENTICATED",
        "permission" => "PERMISSION_DENIED",
        "not_found" => "NOT_FOUND",
        "invalid_request" when status == 404 => "NOT_FOUND",
        "invalid_request" or "context_too_long" or "content_filter" or "too_large" => "INVALID_ARGUMENT",
        "rate_limited" or "quota_spent" or "budget_spent" => "RESOURCE_EXHAUSTED",
        "overloaded" or "network" => "UNAVAILABLE",
        "timeout" => "DEADLINE_EXCEEDED",
        "canceled" => "CANCELLED",
        _ => status == 503 ? "UNAVAILABLE" : "INTERNAL",
    };
}
