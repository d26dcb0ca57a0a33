using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Errors;
using Sluice.Formats.Json;

namespace Sluice.Gateway.Admin;

/// <summary>Writes answers of the administration API.</summary>
internal static class AdminAnswer
{
    /// <summary>Writes JSON.</summary>
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        JsonOutput.Write(body, write, static (w, action) => action(w));
        await WriteAsync(context, status, body.WrittenMemory);
    }

    /// <summary>Writes JSON that is ready.</summary>
    public static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        // Keys are shown once, and nothing here is for a cache.
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Writes an error: <c>{"error":{"type","code","message","param"}}</c>.</summary>
    public static Task WriteAsync(HttpContext context, GatewayError error)
    {
        int status = error.StatusOrDefault;
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (error.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, status, w =>
        {
            w.WriteStartObject();
            w.WriteStartObject("error"u8);
            w.WriteString("type"u8, error.Kind.Value);
            if (error.Code is { } code) w.WriteString("code"u8, code);
            w.WriteString("message"u8, error.Message);
            if (error.Param is { } param) w.WriteString("param"u8, param);
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }
}
