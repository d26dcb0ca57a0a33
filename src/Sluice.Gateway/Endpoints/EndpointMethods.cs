using Microsoft.AspNetCore.Http;
using Sluice.Errors;
using Sluice.Gateway.Http;

namespace Sluice.Gateway.Endpoints;

/// <summary>Which methods an endpoint takes: a wrong one is told apart from a path that is not there.</summary>
internal static class EndpointMethods
{
    /// <summary>Of what is only read.</summary>
    public const string Read = "GET, HEAD";

    /// <summary>The error of a request whose method its endpoint does not take; <see langword="null"/> where it does.</summary>
    /// <param name="context">The request. <c>Allow</c> is set on its answer.</param>
    /// <param name="allowed">The methods, as <c>Allow</c> lists them.</param>
    public static GatewayError? Refusal(HttpContext context, string allowed)
    {
        foreach (var method in allowed.AsSpan().Split(", "))
        {
            if (allowed.AsSpan(method).Equals(context.Request.Method, StringComparison.OrdinalIgnoreCase)) return null;
        }
        context.Response.Headers.Allow = allowed;
        return new GatewayError(ErrorKind.InvalidRequest, $"{Shown(context.Request.Path.Value ?? "/")} takes {allowed.Replace(", ", " or ", StringComparison.Ordinal)}, not {context.Request.Method}")
        {
            Status = StatusCodes.Status405MethodNotAllowed,
            Code = "method_not_allowed",
        };
    }

    /// <summary>Answers a request whose method its endpoint does not take; false where it does.</summary>
    public static async ValueTask<bool> TryRefuseAsync(HttpContext context, string allowed)
    {
        if (Refusal(context, allowed) is not { } refusal) return false;
        await ErrorResponse.WriteAsync(context, Dialect.Of(context.Request), refusal);
        return true;
    }

    /// <summary>A path for a message.</summary>
    public static string Shown(string path) => path.Length <= 200 ? path : path[..200] + "...";
}
