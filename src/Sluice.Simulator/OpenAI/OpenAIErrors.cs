using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>Error bodies and headers. Texts as the API sends them.</summary>
internal static class OpenAIErrors
{
    public static Reply Reply(SimulatedCall call, ProviderError error)
    {
        var shape = Shape(call, error);
        var frames = new Frames(512);
        Json.WriteIndented(frames.Writer, shape, static (writer, body) => Write(writer, body));
        frames.Cut();
        var reply = OpenAIHeaders.Add(call, new Reply { Status = error.Status, ContentType = "application/json; charset=utf-8", Frames = frames }, limited: error.Status == 429);
        if (error.Status == 429)
            reply.With("retry-after", error.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture)).With("retry-after-ms", (error.RetryAfterSeconds * 1000).ToString(CultureInfo.InvariantCulture));
        return reply;
    }

    /// <summary>An error inside a chat stream: an ordinary event with <c>error</c>, and no <c>[DONE]</c>.</summary>
    public static void WriteChatEvent(Frames frames, SimulatedCall call, ProviderError error)
    {
        frames.Write("data: "u8);
        Json.Write(frames.Writer, Shape(call, error), static (writer, body) => Write(writer, body));
        frames.Write("\n\n"u8);
        frames.Cut();
    }

    public static (string Message, string Type, string? Param, string? Code) Shape(SimulatedCall call, ProviderError error)
    {
        var (message, type, param, code) = Usual(call, error);
        return (error.Message is { } own && error.Status != 401 ? own : message, type, error.Param ?? param, code);
    }

    private static void Write(Utf8JsonWriter writer, (string Message, string Type, string? Param, string? Code) body)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", body.Message);
        writer.WriteString("type", body.Type);
        writer.WriteString("param", body.Param);
        writer.WriteString("code", body.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static (string Message, string Type, string? Param, string? Code) Usual(SimulatedCall call, ProviderError error)
    {
        var model = call.Model ?? "unknown";
        switch (error.Code)
        {
            case "missing":
                return ("You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.", "invalid_request_error", null, null);
            case "path":
                return ($"Invalid URL ({call.Method} {call.Path})", "invalid_request_error", null, null);
            case "json":
                return ("We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)", "invalid_request_error", null, null);
            case "quota" or "insufficient_quota":
                return ("You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.", "insufficient_quota", null, "insufficient_quota");
            case "context" or "context_length_exceeded":
                return ("This model's maximum context length is 128000 tokens. However, your messages resulted in 130042 tokens. Please reduce the length of the messages.", "invalid_request_error", "messages", "context_length_exceeded");
            case "filter" or "content_filter":
                return ("The response was filtered due to the prompt triggering our content management policy. Please modify your prompt and retry.", "invalid_request_error", "prompt", "content_filter");
        }

        var code = error.Code is "overloaded" or "failed" or "" ? null : error.Code;
        return error.Status switch
        {
            400 => ("Invalid request.", "invalid_request_error", null, code),
            401 => ($"Incorrect API key provided: {Masked(error.Message)}. You can find your API key at https://platform.openai.com/account/api-keys.", "invalid_request_error", null, "invalid_api_key"),
            403 => ($"Project `proj_simulated` does not have access to model `{model}`", "invalid_request_error", null, "model_not_found"),
            404 => ($"The model `{model}` does not exist or you do not have access to it.", "invalid_request_error", null, code ?? "model_not_found"),
            405 => ($"Not allowed to {call.Method} on {call.Path}. (HINT: Perhaps you meant to use a different HTTP method?)", "invalid_request_error", null, "method_not_supported"),
            413 => ("Request body too large.", "invalid_request_error", null, code),
            429 => ($"Rate limit reached for {model} in organization org-simulated on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in {error.RetryAfterSeconds}s. Visit https://platform.openai.com/account/rate-limits to learn more.", "requests", null, code ?? "rate_limit_exceeded"),
            503 => ("The server is currently overloaded with other requests. Sorry about that! You can retry your request, or contact us through our help center at help.openai.com if the error persists.", "server_error", null, code),
            >= 500 => ("The server had an error while processing your request. Sorry about that!", "server_error", null, code),
            _ => ("The request failed.", "invalid_request_error", null, code),
        };
    }

    private static string Masked(string? key) => key is null or "" ? "''" : key.Length <= 8 ? key : key[..4] + new string('*', Math.Min(20, key.Length - 8)) + key[^4..];
}
