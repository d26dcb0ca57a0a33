using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Configuration;
using Sluice.Configuration.Rendering;
using Sluice.Errors;
using Sluice.Gateway.Endpoints;
using Sluice.Routing;
using Sluice.Storage;
using Sluice.Telemetry;

namespace Sluice.Gateway.Admin;

/// <summary>What state the gateway is in: its configuration with the origin of each value, providers, routes, groups, the store, and what was done.</summary>
/// <param name="state">The configuration in force.</param>
/// <param name="sources">Where it came from, and how it is loaded again.</param>
/// <param name="store">The store; <see langword="null"/> for none.</param>
/// <param name="audit">Where acts are written down.</param>
/// <param name="openCalls">How many calls are under way.</param>
/// <param name="time">The clock.</param>
internal sealed class StateResource(GatewayState state, ConfigurationAccess? sources, ISluiceStore? store, IAuditLog audit, Func<int> openCalls, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();

    public async ValueTask<bool> TryHandleAsync(HttpContext context, string[] path)
    {
        switch (context.Request.Method, path)
        {
            case ("GET" or "HEAD", ["health"]): await HealthAsync(context); return true;
            case ("GET" or "HEAD", ["providers"]): await ProvidersAsync(context); return true;
            case ("GET" or "HEAD", ["routes"]): await AdminAnswer.WriteAsync(context, 200, Routes); return true;
            case ("GET" or "HEAD", ["groups"]): await AdminAnswer.WriteAsync(context, 200, Groups); return true;
            case ("GET" or "HEAD", ["config"]): await ConfigAsync(context); return true;
            case ("POST", ["config", "reload"]): await ReloadAsync(context); return true;
            case ("GET" or "HEAD", ["audit"]): await AuditAsync(context); return true;
            case ("GET" or "HEAD", ["spend"]): await SpendResource.AnswerAsync(context, store, time.GetUtcNow()); return true;
            default: return Methods(path) is { } allowed && await RefuseAsync(context, allowed);
        }
    }

    private static string? Methods(string[] path) => path switch
    {
        ["health" or "providers" or "routes" or "groups" or "config" or "audit" or "spend"] => Endpoints.EndpointMethods.Read,
        ["config", "reload"] => HttpMethods.Post,
        _ => null,
    };

    private static async Task<bool> RefuseAsync(HttpContext context, string allowed)
    {
        await AdminAnswer.WriteAsync(context, Endpoints.EndpointMethods.Refusal(context, allowed)!);
        return true;
    }

    private async Task HealthAsync(HttpContext context)
    {
        var fault = store is null ? null : await store.CheckAsync(context.RequestAborted);
        await AdminAnswer.WriteAsync(context, 200, w =>
        {
            w.WriteStartObject();
            w.WriteString("status"u8, fault is null ? "ok" : "store_failing");
            w.WriteString("version"u8, typeof(StateResource).Assembly.GetName().Version?.ToString(3));
            w.WriteString("started_at"u8, _started);
            w.WriteNumber("uptime_seconds"u8, Math.Floor((time.GetUtcNow() - _started).TotalSeconds));
            w.WriteNumber("open_calls"u8, openCalls());
            w.WriteString("store"u8, store is null ? "none" : fault is null ? "ok" : fault.Message);
            w.WriteEndObject();
        });
    }

    private Task ProvidersAsync(HttpContext context) => AdminAnswer.WriteAsync(context, 200, w =>
    {
        w.WriteStartObject();
        w.WriteStartArray("data"u8);
        foreach (var provider in state.Current.Providers)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, provider.Name);
            w.WriteString("type"u8, provider.Vendor.Id);
            ProviderHealth.Write(w, provider, state);
            Limits(w, provider.Config.Limits);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    });

    private void Routes(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteStartArray("data"u8);
        foreach (var route in state.Current.Routes)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, route.Name);
            w.WriteStartArray("targets"u8);
            foreach (var target in route.Targets) w.WriteStringValue(target.Id);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private void Groups(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteStartArray("data"u8);
        foreach (var group in state.Current.Config.Keys.Groups.Values)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, group.Name);
            if (group.Parent is { } parent) w.WriteString("parent"u8, parent);
            List(w, "models", group.Models);
            List(w, "providers", group.Providers);
            Limits(w, group.Limits);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private async Task ConfigAsync(HttpContext context)
    {
        if (sources is null) await AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "this host keeps no configuration that could be shown") { Code = "no_configuration" });
        else await AdminAnswer.WriteAsync(context, 200, Encoding.UTF8.GetBytes(ShownConfiguration.ToJson(sources.Current(), origins: context.Request.Query["origin"] == "true")));
    }

    private async Task ReloadAsync(HttpContext context)
    {
        if (sources?.Reload is not { } reload)
        {
            await AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "this configuration cannot be loaded again while the gateway runs") { Code = "no_reload" });
            return;
        }
        var result = reload();
        var who = AdminRequest.Who(context);
        await audit.WriteAsync(new AuditEntry(time.GetUtcNow(), who.Name, result.IsValid ? "config.reload" : "config.reload_refused", null) { Address = who.Address, RequestId = who.RequestId }, context.RequestAborted);
        await AdminAnswer.WriteAsync(context, result.IsValid ? 200 : 422, w =>
        {
            w.WriteStartObject();
            w.WriteBoolean("reloaded"u8, result.IsValid);
            w.WriteStartArray("faults"u8);
            foreach (var fault in result.Faults) w.WriteStringValue(fault.ToString());
            w.WriteEndArray();
            w.WriteStartArray("warnings"u8);
            foreach (var warning in result.Warnings) w.WriteStringValue(warning.ToString());
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private async Task AuditAsync(HttpContext context)
    {
        var acts = store is null ? Outcome.Of<IReadOnlyList<AuditEntry>>([]) : await AuditPage.ReadAsync(store.Audit, context);
        if (!acts.IsSuccess) await AdminAnswer.WriteAsync(context, acts.Error);
        else await AdminAnswer.WriteAsync(context, 200, w => AuditPage.Write(w, acts.Value));
    }

    private static void List(Utf8JsonWriter w, string name, IReadOnlyList<string>? items)
    {
        if (items is null) return;
        w.WriteStartArray(name);
        foreach (string item in items) w.WriteStringValue(item);
        w.WriteEndArray();
    }

    private static void Limits(Utf8JsonWriter w, LimitsConfig limits)
    {
        if (limits.IsEmpty) return;
        w.WriteStartObject("limits"u8);
        if (limits.Rpm is { } rpm) w.WriteNumber("rpm"u8, rpm);
        if (limits.Tpm is { } tpm) w.WriteNumber("tpm"u8, tpm);
        if (limits.Concurrency is { } concurrency) w.WriteNumber("concurrency"u8, concurrency);
        w.WriteEndObject();
    }
}
