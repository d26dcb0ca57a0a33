using Microsoft.AspNetCore.Http;
using Sluice.Access;
using Sluice.Engine;

namespace Sluice.Gateway.Http;

/// <summary>Asks who calls, with what the request has for it. Reads nothing of the body.</summary>
/// <param name="authenticator">Knows keys; <see langword="null"/> where the gateway has none.</param>
internal sealed class CallerCheck(ICallerAuthenticator? authenticator)
{
    /// <summary>Whether clients need a key.</summary>
    public bool IsRequired => authenticator?.IsRequired == true;

    /// <summary>The caller, or why the request is refused.</summary>
    public ValueTask<CallerResult> OfAsync(HttpContext context, IClientHeaders? headers = null)
    {
        if (authenticator is null) return default;
        var request = context.Request;
        // Google's SDKs may send the key so; the query is taken apart only then.
        string? queryKey = request.QueryString.HasValue && request.QueryString.Value!.Contains("key=", StringComparison.Ordinal) ? request.Query["key"].FirstOrDefault() : null;
        return authenticator.AuthenticateAsync(headers ?? new HttpClientHeaders(request.Headers), queryKey, context.Connection.RemoteIpAddress, context.RequestAborted);
    }
}
