using Microsoft.AspNetCore.Http;
using Sluice.Errors;

namespace Sluice.Gateway.Http;

/// <summary>How many headers a request may have. Kestrel refuses without a body, so its own limit stands higher.</summary>
internal static class HeaderLimit
{
    private const int Status = StatusCodes.Status431RequestHeaderFieldsTooLarge;

    /// <summary>From how many on the server refuses before anybody can say why.</summary>
    public static int OfServer(int max) => (max * 2) + 100;

    /// <summary>Why the request is refused; <see langword="null"/> where it is not. A header that comes twice counts once.</summary>
    public static GatewayError? Refusal(HttpRequest request, int max) => request.Headers.Count <= max ? null
        : new GatewayError(ErrorKind.InvalidRequest, $"the request has {request.Headers.Count} headers; {max} are allowed (server.max_headers)") { Status = Status, Code = "too_many_headers" };
}
