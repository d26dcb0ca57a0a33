using Microsoft.AspNetCore.Http;
using Sluice.Errors;

namespace Sluice.Gateway.Http;

/// <summary>
/// Tells who asks for a WebSocket that there is none: 426, on which Codex and the OpenAI SDKs go on with HTTP. <c>Upgrade</c> names what is spoken here (RFC 9110, section 15.5.22).
/// </summary>
internal static class WebSocketRefusal
{
    /// <summary>Why the request is refused; <see langword="null"/> where it asks for no WebSocket.</summary>
    public static GatewayError? Of(HttpContext context)
    {
        if (context.Request.Headers.Upgrade is not { Count: > 0 } asked || !asked.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)) return null;
        context.Response.Headers.Upgrade = "HTTP/1.1";
        // The connection ends with the answer, as the server would do without saying so.
        context.Response.Headers.Connection = "Upgrade, close";
        return new GatewayError(ErrorKind.InvalidRequest, $"{context.Request.Path} is not served over WebSocket: send the request as HTTP POST, with stream: true for events")
        {
            Status = StatusCodes.Status426UpgradeRequired,
            Code = "websocket_unsupported",
        };
    }
}
