using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sluice.Configuration;
using Sluice.Errors;

namespace Sluice.Gateway.Http;

/// <summary>
/// Lets pages of the listed origins call from a browser (fetch.spec.whatwg.org, "CORS protocol"). Credentials are keys in headers, never cookies, so none are allowed for.
/// </summary>
internal static class Cors
{
    private const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private const string PreflightAge = "7200";

    // What a script may read without being allowed to (fetch.spec.whatwg.org, "CORS-safelisted response-header name").
    private static readonly HashSet<string> Readable = new(StringComparer.OrdinalIgnoreCase)
    {
        "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma", "vary", "date", "server", "connection", "transfer-encoding",
    };

    // Those that SDKs look for, whether or not this answer has them.
    private static readonly string[] Looked = ["x-request-id", "request-id", "retry-after", "retry-after-ms", "x-should-retry"];

    /// <summary>Whether pages of an origin may call.</summary>
    public static bool Allows(CorsConfig cors, string origin)
    {
        foreach (string allowed in cors.Origins)
        {
            if (allowed.Equals(origin, StringComparison.OrdinalIgnoreCase)) return true;
            if (allowed.Contains('*', StringComparison.Ordinal) && (allowed == "*" || Wildcard.Matches(allowed.ToLowerInvariant(), origin.ToLowerInvariant()))) return true;
        }
        return false;
    }

    /// <summary>Gives a listed page what its browser asks for.</summary>
    /// <returns>True where the request only asked for permission, and has it.</returns>
    public static bool TryAnswer(HttpContext context, CorsConfig cors)
    {
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !Allows(cors, origin)) return false;
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        if (!IsPreflight(context.Request))
        {
            context.Response.OnStarting(Expose, context.Response);
            return false;
        }
        headers.Vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        headers.AccessControlAllowMethods = Methods;
        // Echoed: a star does not stand for Authorization.
        if (context.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } asked) headers.AccessControlAllowHeaders = asked;
        if (context.Request.Headers["Access-Control-Request-Private-Network"] == "true") headers["Access-Control-Allow-Private-Network"] = "true";
        headers.AccessControlMaxAge = PreflightAge;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    /// <summary>Why a page's browser gets no permission; <see langword="null"/> for what did not ask for one.</summary>
    public static GatewayError? Refusal(HttpRequest request) => !IsPreflight(request) ? null
        : new GatewayError(ErrorKind.Permission, "pages of this origin may not call from a browser: add it to server.cors.origins") { Status = StatusCodes.Status403Forbidden, Code = "foreign_origin" };

    private static bool IsPreflight(HttpRequest request) => HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey("Origin") && request.Headers.ContainsKey("Access-Control-Request-Method");

    private static Task Expose(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        var names = headers.Select(h => h.Key).Where(n => !Readable.Contains(n) && !n.StartsWith("access-control-", StringComparison.OrdinalIgnoreCase)).Concat(Looked);
        headers.AccessControlExposeHeaders = new StringValues(string.Join(", ", names.Select(n => n.ToLowerInvariant()).Distinct(StringComparer.Ordinal)));
        return Task.CompletedTask;
    }
}
