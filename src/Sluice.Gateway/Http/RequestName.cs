using Microsoft.AspNetCore.Http;
using Sluice.Wire;

namespace Sluice.Gateway.Http;

/// <summary>The id of a request, by which a client may ask about it.</summary>
internal static class RequestName
{
    private const string Header = "x-request-id";

    /// <summary>Names a request, also in the header that the dialect's SDKs read.</summary>
    public static void Set(HttpContext context, IWireFormat format, string id)
    {
        context.Response.Headers[Header] = id;
        if (format.RequestIdHeader is { } own) context.Response.Headers[own] = id;
    }

    /// <summary>What a request was named; <see langword="null"/> before.</summary>
    public static string? Of(HttpContext context) => context.Response.Headers[Header] is { Count: > 0 } id ? id.ToString() : null;
}
