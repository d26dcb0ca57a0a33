using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Gateway.Http;

/// <summary>Writes an error that happened before a call began.</summary>
internal static class ErrorResponse
{
    public static async Task WriteAsync(HttpContext context, IWireFormat format, GatewayError error)
    {
        var body = new ArrayBufferWriter<byte>();
        format.EncodeError(error with { RequestId = error.RequestId ?? RequestName.Of(context) }, body);
        var response = context.Response;
        response.StatusCode = error.StatusOrDefault;
        if (error.StatusOrDefault == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        var head = new AnswerHead { Status = error.StatusOrDefault, ContentType = "application/json", ContentLength = body.WrittenCount };
        ErrorHeaders.Add(head, error, format);
        foreach (var (name, value) in head.Headers) response.Headers[name] = value;
        response.ContentType = head.ContentType;
        response.ContentLength = head.ContentLength;
        await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
