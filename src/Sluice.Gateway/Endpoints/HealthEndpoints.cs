using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sluice.Formats.Json;
using Sluice.Gateway.Admin;
using Sluice.Routing;

namespace Sluice.Gateway.Endpoints;

/// <summary>Whether the process lives, may be sent calls, and what state its providers are in: the last only for who may read it.</summary>
internal sealed class HealthEndpoints(GatewayState state, GatewayLifetime lifetime, ReaderCheck readers)
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        switch (path)
        {
            case "/health/live": await WriteAsync(context, 200, "live"); return true;
            case "/health/ready": await WriteAsync(context, lifetime.IsReady ? 200 : 503, lifetime.IsReady ? "ready" : "stopping"); return true;
            case "/health": await WriteAsync(context, 200, "ok", await readers.RefusalAsync(context) is null ? state : null); return true;
            default: return false;
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
