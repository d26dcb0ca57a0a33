using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Errors;

namespace Sluice.Gateway.Http;

/// <summary>Refuses paths that the server has folded (<c>/v1beta/models/a/../b:generateContent</c>): the client and whoever stands before the gateway may have meant two different things.</summary>
internal static class FoldedPath
{
    private static readonly GatewayError Error = new(ErrorKind.InvalidRequest, "the path has a segment '.' or '..': write it without") { Code = "invalid_path" };

    /// <summary>Why a request is refused; <see langword="null"/> where its path stands as it was sent.</summary>
    public static GatewayError? Refusal(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!target.Contains("/.", StringComparison.Ordinal) && !target.Contains("%2e", StringComparison.OrdinalIgnoreCase)) return null;
        var path = target.AsSpan(0, target.IndexOf('?') is >= 0 and var query ? query : target.Length);
        foreach (var range in path.Split('/'))
        {
            if (Uri.UnescapeDataString(path[range]) is "." or "..") return Error;
        }
        return null;
    }
}
