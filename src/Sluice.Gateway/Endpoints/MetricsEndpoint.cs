using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Admin;
using Sluice.Gateway.Http;
using Sluice.Gateway.Metrics;

namespace Sluice.Gateway.Endpoints;

/// <summary><c>GET /metrics</c>. Where clients need a key, so does who reads this: it names providers, models and how much they are used.</summary>
/// <param name="metrics">The metrics; <see langword="null"/> where none are served.</param>
/// <param name="readers">Knows who may read.</param>
internal sealed class MetricsEndpoint(PrometheusMetrics? metrics, ReaderCheck readers)
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        if (path != "/metrics" || metrics is null) return false;
        if (await EndpointMethods.TryRefuseAsync(context, EndpointMethods.Read)) return true;
        if (await readers.RefusalAsync(context) is { } refusal)
        {
            await ErrorResponse.WriteAsync(context, Dialect.Of(context.Request), refusal);
            return true;
        }
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
        return true;
    }
}
