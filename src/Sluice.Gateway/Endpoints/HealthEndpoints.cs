using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sluice.Formats.Json;
using Sluice.Gateway.Admin;
using Sluice.Routing;
using Sluice.Storage;

namespace Sluice.Gateway.Endpoints;

/// <summary>Whether the process lives, may be sent calls, and what state its providers are in: the last only for who may read it.</summary>
internal sealed class HealthEndpoints(GatewayState state, GatewayLifetime lifetime, ReaderCheck readers, ISluiceStore? store)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        switch (path)
        {
            case "/health/live": await WriteAsync(context, 200, "live"); return true;
            case "/health/ready":
                string word = await ReadinessAsync(context.RequestAborted);
                await WriteAsync(context, word == "ready" ? 200 : 503, word);
                return true;
            case "/health": await WriteAsync(context, 200, "ok", await readers.RefusalAsync(context) is null ? state : null); return true;
            default: return false;
        }
    }

    private async ValueTask<string> ReadinessAsync(CancellationToken cancellationToken)
    {
        if (!lifetime.IsReady) return "stopping";
        if (store is null) return "ready";
        try
        {
            return await store.CheckAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken) is null ? "ready" : "storage does not answer";
        }
        catch (TimeoutException)
        {
            return "storage does not answer";
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, string word, GatewayState? state = null)
    {
        var body = new ArrayBufferWriter<byte>();
        JsonOutput.Write(body, (word, state), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("status"u8, s.word);
            if (s.state is { } known)
            {
                w.WriteStartArray("providers"u8);
                foreach (var provider in known.Current.Providers)
                {
                    w.WriteStartObject();
                    w.WriteString("name"u8, provider.Name);
                    w.WriteString("type"u8, provider.Vendor.Id);
                    ProviderHealth.Write(w, provider, known);
                    w.WriteEndObject();
                }
                w.WriteEndArray();
            }
            w.WriteEndObject();
        });
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
