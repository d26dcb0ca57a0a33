using Microsoft.AspNetCore.Http;
using Sluice.Errors;
using Sluice.Gateway.Admin;
using Sluice.Gateway.Http;

namespace Sluice.Gateway.Endpoints;

/// <summary>Sends each request to its endpoint. The call endpoints come first: they are the hot path.</summary>
internal sealed class Dispatcher(CallEndpoint calls, ModelEndpoints models, HealthEndpoints health, StoredResponseEndpoints stored, MetricsEndpoint metrics, AdminApi admin, Routing.GatewayState state)
{
    public async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        var route = InboundRoute.Match(path);
        if (HeaderLimit.Refusal(context.Request, state.Current.Config.Server.MaxHeaders) is { } refusal)
        {
            await ErrorResponse.WriteAsync(context, route?.Format ?? Dialect.Of(context.Request), refusal);
            return;
        }
        if (route is { } call)
        {
            await calls.HandleAsync(context, call);
            return;
        }
        if (await health.TryHandleAsync(context, path) || await metrics.TryHandleAsync(context, path) || await models.TryHandleAsync(context, path) || await stored.TryHandleAsync(context, path) || await admin.TryHandleAsync(context, path) || await PageEndpoints.TryHandleAsync(context, path)) return;
        await ErrorResponse.WriteAsync(context, Dialect.Of(context.Request), new GatewayError(ErrorKind.NotFound, $"there is no endpoint {context.Request.Method} {Shown(path)}") { Code = "unknown_path" });
    }

    /// <summary>The same where administration has an address of its own: there, nothing else is served but what watches the gateway.</summary>
    public async Task HandleByListenerAsync(HttpContext context)
    {
        if (!AdminListener.Took(context))
        {
            await HandleAsync(context);
            return;
        }
        string path = context.Request.Path.Value ?? "/";
        if (await admin.TryHandleAsync(context, path) || await health.TryHandleAsync(context, path) || await metrics.TryHandleAsync(context, path)) return;
        await AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "this address serves /admin/api, /health and /metrics only (admin.listen)") { Code = "unknown_path" });
    }

    private static string Shown(string path) => path.Length <= 200 ? path : path[..200] + "...";
}
