using Microsoft.AspNetCore.Http;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Gateway.Admin;

/// <summary><c>/admin/api</c>: nothing of it answers without the admin key, not even which paths there are.</summary>
/// <param name="door">Lets in who has the key.</param>
/// <param name="keys">The keys; <see langword="null"/> where there is no store.</param>
/// <param name="status">What state the gateway is in.</param>
/// <param name="state">The configuration in force.</param>
/// <param name="ids">Where request ids come from.</param>
internal sealed class AdminApi(AdminDoor door, KeyResource? keys, StateResource status, GatewayState state, IIdSource ids)
{
    private const string Prefix = "/admin/api";
    private const int MostSegments = 4;

    /// <summary>Answers if the path is one of the administration API; false where it is not, or where that is not served here.</summary>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        if (!IsAt(path) || !IsServedHere(context, state.Current.Config.Admin)) return false;
        context.Response.Headers["x-request-id"] = ids.Next("req_", 20);
        if (await door.RefusalAsync(context) is { } refusal)
        {
            await AdminAnswer.WriteAsync(context, refusal);
            return true;
        }
        // A name may have a slash, which the server leaves encoded.
        string[] segments = [.. path[Prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).Take(MostSegments).Select(s => s.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase))];
        if (segments is ["keys", .. var rest])
        {
            if (keys is null) await AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "this gateway has no store, and so no keys") { Code = "no_store" });
            else if (!await keys.TryHandleAsync(context, rest)) await NotThereAsync(context, rest.Length <= 2 ? KeyResource.Allowed(rest) : null);
            return true;
        }
        if (segments is ["admin-key", "rotate"])
        {
            if (HttpMethods.IsPost(context.Request.Method)) await door.RotateAsync(context);
            else await NotThereAsync(context, "POST");
            return true;
        }
        if (!await status.TryHandleAsync(context, segments)) await NotThereAsync(context, null);
        return true;
    }

    /// <summary>Whether a path is one of this API.</summary>
    public static bool IsAt(string path) => path.StartsWith(Prefix, StringComparison.Ordinal) && (path.Length == Prefix.Length || path[Prefix.Length] == '/');

    /// <summary>Whether a request has the admin key, for what is also open to others.</summary>
    public ValueTask<bool> OpensAsync(HttpContext context) => state.Current.Config.Admin.Enabled ? door.OpensAsync(context) : default;

    private static bool IsServedHere(HttpContext context, AdminConfig config) => config.Enabled && (config.Listen is null || AdminListener.Took(context));

    private static Task NotThereAsync(HttpContext context, string? allowed)
    {
        if (allowed is null) return AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "there is no such endpoint; docs/admin-api.md lists them") { Code = Endpoints.Dispatcher.UnknownEndpoint });
        context.Response.Headers.Allow = allowed;
        return AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.InvalidRequest, $"this endpoint takes {allowed}") { Status = 405, Code = "method_not_allowed" });
    }
}
