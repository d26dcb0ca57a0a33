using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>Error bodies in the form of google.rpc.Status, and the headers of every answer.</summary>
internal static class GeminiErrors
{
    public static Reply Reply(SimulatedCall call, ProviderError error)
    {
        var frames = new Frames(512);

        // A stream that is not asked for as SSE is an array, also where it holds nothing but an error.
        var array = call.Path.EndsWith(":streamGenerateContent", StringComparison.Ordinal) && call.Query("alt") != "sse";
        if (array)
            frames.Write("["u8);
        Json.WriteIndented(frames.Writer, (call, error), static (writer, state) => Write(writer, state.call, state.error));
        frames.Write(array ? "\n]"u8 : "\n"u8);
        frames.Cut();
        return AddHeaders(new Reply { Status = error.Status, ContentType = "application/json; charset=UTF-8", Frames = frames });
    }

    public static void WriteEvent(Frames frames, SimulatedCall call, ProviderError error, bool sse)
    {
        var overloaded = error is { Status: 500, Code: null } ? error with { Status = 503 } : error;
        frames.Write(sse ? "data: "u8 : frames.Count == 0 ? "["u8 : ",\r\n"u8);
        Json.Write(frames.Writer, (call, overloaded), static (writer, state) => Write(writer, state.call, state.overloaded));
        frames.Write(sse ? "\r\n\r\n"u8 : "\n]"u8);
        frames.Cut();
    }

    public static Reply AddHeaders(Reply reply) => reply
        .With("vary", "Origin, X-Origin, Referer")
        .With("x-xss-protection", "0")
        .With("x-frame-options", "SAMEORIGIN")
        .With("x-content-type-options", "nosniff")
        .With("server-timing", "gfet4t7; dur=12");

    private static void Write(Utf8JsonWriter writer, SimulatedCall call, ProviderError error)
    {
        var (status, message) = Shape(call, error);
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteNumber("code", error.Status);
        writer.WriteString("message", error.Message ?? message);
        writer.WriteString("status", status);
        if (error.Code == "API_KEY_INVALID")
            WriteKeyDetails(writer, message);
        else if (error.Status == 429)
            WriteQuotaDetails(writer, error);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static (string Status, string Message) Shape(SimulatedCall call, ProviderError error) => error.Code switch
    {
        "missing" => ("PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."),
        "path" => ("NOT_FOUND", $"Requested entity was not found: {call.Path}"),
        "API_KEY_INVALID" => ("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
        "context" => ("INVALID_ARGUMENT", "The input token count (1250000) exceeds the maximum number of tokens allowed (1048576)."),
        "filter" => ("INVALID_ARGUMENT", "The request was blocked by safety settings."),
        _ => error.Status switch
        {
            400 => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
            401 => ("UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."),
            403 => ("PERMISSION_DENIED", "The caller does not have permission"),
            404 => ("NOT_FOUND", $"models/{call.Model} is not found for API version v1beta, or is not supported for {error.Code ?? "generateContent"}. Call ModelService.ListModels to see the list of available models and their supported methods."),
            413 => ("INVALID_ARGUMENT", "Request payload size exceeds the limit: 20971520 bytes."),
            429 => ("RESOURCE_EXHAUSTED", $"You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. To monitor your current usage, head to: https://ai.dev/usage?tab=rate-limit. \n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 20\nPlease retry in {error.RetryAfterSeconds}s."),
            503 => ("UNAVAILABLE", "The model is overloaded. Please try again later."),
            504 => ("DEADLINE_EXCEEDED", "The request timed out. Please try again."),
            >= 500 => ("INTERNAL", "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting"),
            _ => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
        },
    };

    private static void WriteKeyDetails(Utf8JsonWriter writer, string message)
    {
        writer.WriteStartArray("details");
        writer.WriteStartObject();
        writer.WriteString("@type", "type.googleapis.com/google.rpc.ErrorInfo");
        writer.WriteString("reason", "API_KEY_INVALID");
        writer.WriteString("domain", "googleapis.com");
        writer.WriteStartObject("metadata");
        writer.WriteString("service", "generativelanguage.googleapis.com");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("@type", "type.googleapis.com/google.rpc.LocalizedMessage");
        writer.WriteString("locale", "en-US");
        writer.WriteString("message", message);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteQuotaDetails(Utf8JsonWriter writer, ProviderError error)
    {
        writer.WriteStartArray("details");
        writer.WriteStartObject();
        writer.WriteString("@type", "type.googleapis.com/google.rpc.QuotaFailure");
        writer.WriteStartArray("violations");
        writer.WriteStartObject();
        writer.WriteString("quotaMetric", "generativelanguage.googleapis.com/generate_content_free_tier_requests");
        writer.WriteString("quotaId", error.Code == "quota" ? "GenerateRequestsPerDayPerProjectPerModel-FreeTier" : "GenerateRequestsPerMinutePerProjectPerModel-FreeTier");
        writer.WriteString("quotaValue", "20");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("@type", "type.googleapis.com/google.rpc.RetryInfo");
        writer.WriteString("retryDelay", error.RetryAfterSeconds + "s");
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
