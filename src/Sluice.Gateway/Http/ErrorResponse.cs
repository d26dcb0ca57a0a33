using System.Buffers;
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
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
