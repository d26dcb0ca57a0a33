using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>Error bodies, the error event and the headers of every answer.</summary>
internal static class AnthropicErrors
{
    public static Reply Reply(SimulatedCall call, ProviderError error)
    {
        var frames = new Frames(256);
        var id = RequestId(call);
        Json.Write(frames.Writer, (Shape: Shape(call, error), id), static (writer, state) => Write(writer, state.Shape, state.id));
        frames.Cut();
        var reply = AddHeaders(call, new Reply { Status = error.Status, ContentType = "application/json", Frames = frames }, id, limited: error.Status == 429);
        reply.With("x-should-retry", error.Status is 408 or 409 or 429 or >= 500 ? "true" : "false");
        return error.Status == 429 ? reply.With("retry-after", error.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture)) : reply;
    }

    public static void WriteEvent(Frames frames, SimulatedCall call, ProviderError error)
    {
        // An error inside a stream is most often that the service is overloaded.
        var shape = error is { Status: 500, Code: null } ? ("overloaded_error", error.Message ?? "Overloaded") : Shape(call, error);
        frames.Write("event: error\ndata: "u8);
        Json.Write(frames.Writer, (shape, id: RequestId(call)), static (writer, state) => Write(writer, state.shape, state.id));
        frames.Write("\n\n"u8);
        frames.Cut();
    }

    public static Reply AddHeaders(SimulatedCall call, Reply reply, string? id = null, bool limited = false)
    {
        reply.With("request-id", id ?? RequestId(call)).With("anthropic-organization-id", "00000000-0000-4000-8000-000000000001");
        if (call.Method != "POST")
            return reply;
        var own = call.Limit;
        var reset = call.Stage.Options.Time.GetUtcNow().AddSeconds(own?.ResetSeconds ?? (limited ? 20 : 1)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        foreach (var (name, limit, left) in ((string, string, string)[])[("requests", (own?.Limit ?? 4000).ToString(), (own?.Remaining ?? 3999).ToString()), ("input-tokens", "2000000", "1999000"), ("output-tokens", "400000", "399000"), ("tokens", "2400000", "2398000")])
        {
            reply.With($"anthropic-ratelimit-{name}-limit", limit)
                .With($"anthropic-ratelimit-{name}-remaining", limited && (own is null || name == "requests") ? "0" : left)
                .With($"anthropic-ratelimit-{name}-reset", reset);
        }

        return reply;
    }

    private static string RequestId(SimulatedCall call) => call.Stage.Ids.Letters("req_011C", 20);

    private static void Write(Utf8JsonWriter writer, (string Type, string Message) shape, string requestId)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "error");
        writer.WriteStartObject("error");
        writer.WriteString("type", shape.Type);
        writer.WriteString("message", shape.Message);
        writer.WriteEndObject();
        writer.WriteString("request_id", requestId);
        writer.WriteEndObject();
    }

    private static (string Type, string Message) Shape(SimulatedCall call, ProviderError error)
    {
        var (type, message) = error.Code switch
        {
            "quota" => ("invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."),
            "context" => ("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
            "filter" => ("invalid_request_error", "Output blocked by content filtering policy"),
            "overloaded" => ("overloaded_error", "Overloaded"),
            _ => Usual(call, error),
        };
        return (error.Code is { Length: > 0 } own && own.EndsWith("_error", StringComparison.Ordinal) ? own : type, error.Message ?? message);
    }

    private static (string Type, string Message) Usual(SimulatedCall call, ProviderError error) => error.Status switch
    {
        401 => ("authentication_error", "invalid x-api-key"),
        402 => ("billing_error", "Your account has insufficient credits."),
        403 => ("permission_error", "Your API key does not have permission to use the specified resource."),
        404 => ("not_found_error", "model: " + call.Model),
        405 => ("invalid_request_error", "Method Not Allowed"),
        413 => ("request_too_large", "Request exceeds the maximum size"),
        429 => ("rate_limit_error", "This request would exceed the rate limit for your organization (00000000-0000-4000-8000-000000000001) of 50 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage. Please reduce the prompt length or the maximum tokens requested, or try again later. You may also contact sales at https://www.anthropic.com/contact-sales to discuss your options for a rate limit increase."),
        504 => ("timeout_error", "Request timed out"),
        503 or 529 => ("overloaded_error", "Overloaded"),
        >= 500 => ("api_error", "Internal server error"),
        _ => ("invalid_request_error", "Invalid request"),
    };
}
