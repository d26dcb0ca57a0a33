using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Mistral;

/// <summary>Error bodies, of which the API has three forms, and the headers of every answer.</summary>
internal static class MistralErrors
{
    public static Reply Reply(SimulatedCall call, ProviderError error)
    {
        var frames = new Frames(256);
        Json.Write(frames.Writer, (call, error), static (writer, state) => Write(writer, state.call, state.error));
        frames.Cut();
        var reply = AddHeaders(call, new Reply { Status = error.Status, ContentType = "application/json", Frames = frames }, limited: error.Status == 429);
        return error.Status == 429 ? reply.With("retry-after", error.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture)) : reply;
    }

    public static void WriteEvent(Frames frames, SimulatedCall call, ProviderError error)
    {
        frames.Write("data: "u8);
        Json.Write(frames.Writer, (call, error), static (writer, state) => Write(writer, state.call, state.error));
        frames.Write("\n\n"u8);
        frames.Cut();
    }

    public static Reply AddHeaders(SimulatedCall call, Reply reply, bool limited = false)
    {
        reply.With("mistral-correlation-id", call.Stage.Ids.Uuid());
        if (call.Method != "POST")
            return reply;
        return reply.With("x-ratelimit-limit-req-minute", (call.Limit?.Limit ?? 300).ToString())
            .With("x-ratelimit-remaining-req-minute", limited ? "0" : (call.Limit?.Remaining ?? 299).ToString())
            .With("x-ratelimit-limit-tokens-minute", "2000000")
            .With("x-ratelimit-remaining-tokens-minute", limited ? "0" : "1999000");
    }

    private static void Write(Utf8JsonWriter writer, SimulatedCall call, ProviderError error)
    {
        writer.WriteStartObject();
        if (error.Status is 401 or 403 || error.Code == "path")
        {
            writer.WriteString("detail", error.Message ?? (error.Status switch { 401 => "Unauthorized", 403 => "Forbidden", _ => "Not Found" }));
        }
        else if (error.Status == 422)
        {
            var (type, field) = error.Code switch { "json" => ("json_invalid", null), "extra_forbidden" => ("extra_forbidden", error.Param), "model" => ("missing", "model"), _ => ("value_error", error.Code) };
            writer.WriteString("object", "error");
            writer.WriteStartObject("message");
            writer.WriteStartArray("detail");
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteStartArray("loc");
            writer.WriteStringValue("body");
            if (field is not null)
                writer.WriteStringValue(field);
            writer.WriteEndArray();
            writer.WriteString("msg", error.Message ?? (type == "missing" ? "Field required" : "JSON decode error"));
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteString("type", "invalid_request_error");
            writer.WriteNull("param");
            writer.WriteNull("code");
            writer.WriteNumber("raw_status_code", 422);
        }
        else
        {
            var (message, kind, code) = Shape(call, error);
            writer.WriteString("object", "error");
            writer.WriteString("message", error.Message ?? message);
            writer.WriteString("type", kind);
            writer.WriteNull("param");
            writer.WriteString("code", code);
            writer.WriteNumber("raw_status_code", error.Status);
        }

        writer.WriteEndObject();
    }

    private static (string Message, string Type, string Code) Shape(SimulatedCall call, ProviderError error) => error.Code switch
    {
        "invalid_model" => ("Invalid model: " + call.Model, "invalid_model", "1500"),
        "invalid_function_call" => ("Invalid function call.", "invalid_function_call", "3280"),
        "context" => ("Prompt contains 130042 tokens and 0 draft tokens, too large for model with 131072 maximum context length", "invalid_request_prompt", "3051"),
        "quota" => ("Requests rate limit exceeded: monthly limit reached", "rate_limited", "1300"),
        "invalid_request_message_order" => ("Invalid message order.", "invalid_request_message_order", "3230"),
        _ => error.Status switch
        {
            400 => ("Invalid request.", "invalid_request_error", "3000"),
            404 => ("Invalid model: " + call.Model, "invalid_model", "1500"),
            413 => ("Request body too large.", "invalid_request_error", "3000"),
            429 => ("Rate limit exceeded", "rate_limited", "1300"),
            503 => ("Service unavailable.", "unreachable_backend", "3700"),
            _ => ("Service tier capacity exceeded for this model.", "service_tier_capacity_exceeded", "3505"),
        },
    };
}
