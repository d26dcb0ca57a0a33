using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Formats.Json;
using Sluice.Gateway.Admin;
using Sluice.Routing;

namespace Sluice.Gateway.Endpoints;

/// <summary>Whether the process lives, may be sent calls, and what state its providers are in: the last only for who may read it.</summary>
internal sealed class HealthEndpoints(GatewayState state, Readiness readiness, ReaderCheck readers)
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        if (!Paths.Contains(path)) return false;
        if (await EndpointMethods.TryRefuseAsync(context, EndpointMethods.Read)) return true;
        switch (path)
        {
            // The second name of each is LiteLLM's: probes that were written for it go on.
            case "/health/live" or "/health/liveliness": await WriteAsync(context, 200, "live"); return true;
            case "/health/ready" or "/health/readiness": await WriteReadyAsync(context); return true;
            default: await WriteAsync(context, 200, "ok", await readers.RefusalAsync(context) is null ? state : null); return true;
        }
    }

    private static readonly HashSet<string> Paths = new(StringComparer.Ordinal) { "/health", "/health/live", "/health/liveliness", "/health/ready", "/health/readiness" };

    private async Task WriteReadyAsync(HttpContext context)
    {
        var results = await readiness.AskAsync();
        string word = readiness.Word(results);
        bool told = await readers.RefusalAsync(context) is null;
        await WriteAsync(context, word == "ready" ? 200 : 503, w =>
        {
            w.WriteString("status"u8, word);
            w.WriteStartArray("checks"u8);
            foreach (var result in results)
            {
                w.WriteStartObject();
                w.WriteString("name"u8, result.Name);
                w.WriteString("status"u8, result.Fault is null ? "ok" : "failed");
                if (told && result.Fault is { } fault) w.WriteString("reason"u8, fault);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        });
    }

    private static Task WriteAsync(HttpContext context, int status, string word, GatewayState? state = null) => WriteAsync(context, status, w =>
    {
        w.WriteString("status"u8, word);
        if (state is null) return;
        w.WriteStartArray("providers"u8);
        foreach (var provider in state.Current.Providers)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, provider.Name);
            w.WriteString("type"u8, provider.Vendor.Id);
            ProviderHealth.Write(w, provider, state);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        JsonOutput.Write(body, write, static (w, members) =>
        {
            w.WriteStartObject();
            members(w);
            w.WriteEndObject();
        });
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
