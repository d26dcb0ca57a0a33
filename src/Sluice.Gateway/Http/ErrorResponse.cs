using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Gateway.Http;

/// <summary>Writes an error that happened before a call began.</summary>
internal static class ErrorResponse
{
    public static async Task WriteAsync(HttpContext context, IWireFormat format, GatewayError error)
    {
        var body = new ArrayBufferWriter<byte>();
        format.EncodeError(error, body);
        context.Response.StatusCode = error.StatusOrDefault;
        if (error.StatusOrDefault == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (error.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
