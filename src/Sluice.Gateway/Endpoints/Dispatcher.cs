using Microsoft.AspNetCore.Http;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Gateway.Admin;
using Sluice.Gateway.Http;

namespace Sluice.Gateway.Endpoints;

/// <summary>Sends each request to its endpoint. The call endpoints come first: they are the hot path.</summary>
internal sealed class Dispatcher(CallEndpoint calls, ModelEndpoints models, HealthEndpoints health, StoredResponseEndpoints stored, MetricsEndpoint metrics, AdminApi admin, CallEngine engine, Routing.GatewayState state)
{
    public async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        var route = InboundRoute.Match(path);
        if (route is null) Name(context);
        if (Refusal(context, out bool isAnswered) is { } refusal)
        {
            if (route is not null) Name(context);
            if (AdminApi.IsAt(path)) await AdminAnswer.WriteAsync(context, refusal);
            else await ErrorResponse.WriteAsync(context, route?.Format ?? Dialect.Of(context.Request), refusal);
            return;
        }
        if (isAnswered) return;
        if (route is not { PathModel: null } && FoldedPath.Refusal(context) is { } folded)
        {
            await ErrorResponse.WriteAsync(context, route?.Format ?? Dialect.Of(context.Request), folded);
            return;
        }
        if (route is { } call)
        {
            await calls.HandleAsync(context, call);
            return;
        }
        if (await health.TryHandleAsync(context, path) || await metrics.TryHandleAsync(context, path) || await models.TryHandleAsync(context, path) || await stored.TryHandleAsync(context, path) || await admin.TryHandleAsync(context, path) || await PageEndpoints.TryHandleAsync(context, path)) return;
        var error = new GatewayError(ErrorKind.NotFound, $"there is no endpoint {context.Request.Method} {EndpointMethods.Shown(path)}; /openapi.json lists those that there are") { Code = UnknownEndpoint };
        await ErrorResponse.WriteAsync(context, Dialect.Of(context.Request), error);
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
        Name(context);
        if (Refusal(context, out bool isAnswered) is { } refusal)
        {
            await AdminAnswer.WriteAsync(context, refusal);
            return;
        }
        if (isAnswered || await admin.TryHandleAsync(context, path) || await health.TryHandleAsync(context, path) || await metrics.TryHandleAsync(context, path)) return;
        await AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "this address serves /admin/api, /health and /metrics only (admin.listen)") { Code = UnknownEndpoint });
    }

    /// <summary>The code of a path that is no endpoint: a model may be missing too, and clients must tell the two apart.</summary>
    public const string UnknownEndpoint = "unknown_endpoint";

    // What is decided before it matters which endpoint is asked.
    private GatewayError? Refusal(HttpContext context, out bool isAnswered)
    {
        var config = state.Current.Config;
        isAnswered = false;
        if (BrowserGuard.Refusal(context, config) is { } foreign) return foreign;
        if (context.Request.Headers.ContainsKey("Origin"))
        {
            isAnswered = Cors.TryAnswer(context, config.Server.Cors);
            if (isAnswered) return null;
            if (Cors.Refusal(context.Request) is { } unlisted) return unlisted;
        }
        return HeaderLimit.Refusal(context.Request, config.Server.MaxHeaders) ?? WebSocketRefusal.Of(context);
    }

    // Calls are named where they are taken in.
    private void Name(HttpContext context) => RequestName.Set(context, Dialect.Of(context.Request), engine.NextRequestId());
}
