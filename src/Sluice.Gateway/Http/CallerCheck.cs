using Microsoft.AspNetCore.Http;
using Sluice.Access;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Gateway.Http;

/// <summary>Asks who calls, with what the request has for it. Reads nothing of the body.</summary>
/// <param name="authenticator">Knows keys; <see langword="null"/> where the gateway has none.</param>
/// <param name="state">The configuration in force.</param>
internal sealed class CallerCheck(ICallerAuthenticator? authenticator, GatewayState state)
{
    // A reload may ask for keys where the store could not be opened at the start.
    private static readonly CallerResult NoStore = new(null, new GatewayError(ErrorKind.Overloaded, "keys.required is true, and this gateway was started without a store that holds keys: start it again") { Status = 503, Code = "storage" });

    /// <summary>Whether clients need a key.</summary>
    public bool IsRequired => state.Current.Config.Keys.Required;

    /// <summary>The caller, or why the request is refused.</summary>
    public ValueTask<CallerResult> OfAsync(HttpContext context, IClientHeaders? headers = null)
    {
        if (authenticator is null) return IsRequired ? ValueTask.FromResult(NoStore) : default;
        var request = context.Request;
        // Google's SDKs may send the key so; the query is taken apart only then.
        string? queryKey = request.QueryString.HasValue && request.QueryString.Value!.Contains("key=", StringComparison.Ordinal) ? request.Query["key"].FirstOrDefault() : null;
        return authenticator.AuthenticateAsync(headers ?? new HttpClientHeaders(request.Headers), queryKey, context.Connection.RemoteIpAddress, context.RequestAborted);
    }
}
