using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Access.Administration;
using Sluice.Configuration;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Gateway.Admin;

/// <summary><c>/admin/api/keys</c>: list, make, read, change, rotate, revoke.</summary>
internal sealed class KeyResource(KeyAdministration keys, Func<SluiceConfig> config, TimeProvider time)
{
    private const int MostPerPage = 500;

    /// <summary>Answers a path below <c>keys</c>; false where there is nothing.</summary>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, string[] path)
    {
        switch (context.Request.Method, path)
        {
            case ("GET" or "HEAD", []): await ListAsync(context); return true;
            case ("POST", []): await CreateAsync(context); return true;
            case ("GET" or "HEAD", [var id]): await WriteAsync(context, await keys.GetAsync(id, context.RequestAborted)); return true;
            case ("PATCH", [var id]): await ChangeAsync(context, (body, version) => keys.UpdateAsync(id, body, version, AdminRequest.Who(context), context.RequestAborted)); return true;
            case ("DELETE", [var id]): await ChangeAsync(context, (_, version) => keys.RevokeAsync(id, version, AdminRequest.Who(context), context.RequestAborted)); return true;
            case ("POST", [var id, "revoke"]): await ChangeAsync(context, (_, version) => keys.RevokeAsync(id, version, AdminRequest.Who(context), context.RequestAborted)); return true;
            case ("POST", [var id, "rotate"]): await RotateAsync(context, id); return true;
            default: return false;
        }
    }

    /// <summary>What a path below <c>keys</c> takes.</summary>
    public static string Allowed(string[] path) => path switch { [] => "GET, POST", [_] => "GET, PATCH, DELETE", _ => "POST" };

    private async Task ListAsync(HttpContext context)
    {
        var all = await keys.ListAsync(context.RequestAborted);
        if (!all.IsSuccess)
        {
            await AdminAnswer.WriteAsync(context, all.Error);
            return;
        }
        var request = context.Request;
        var now = time.GetUtcNow();
        string group = request.Query["group"].ToString(), state = request.Query["state"].ToString(), after = request.Query["after"].ToString();
        if (state.Length > 0 && !KeyJson.States.Contains(state))
        {
            await AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.InvalidRequest, $"state: write one of {string.Join(", ", KeyJson.States)}") { Param = "state", Code = "invalid_parameter" });
            return;
        }
        IEnumerable<KeyRecord> chosen = all.Value;
        if (group.Length > 0) chosen = chosen.Where(k => k.Group == group);
        if (state.Length > 0) chosen = chosen.Where(k => KeyJson.State(k, now) == state);
        if (after.Length > 0) chosen = chosen.SkipWhile(k => k.Id != after).Skip(1);
        int limit = AdminRequest.Number(request, "limit", 100, MostPerPage);
        var page = chosen.Take(limit + 1).ToList();
        bool hasMore = page.Count > limit;
        if (hasMore) page.RemoveAt(limit);
        await AdminAnswer.WriteAsync(context, 200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("data"u8);
            foreach (var key in page) KeyJson.Write(w, key, config(), now);
            w.WriteEndArray();
            w.WriteBoolean("has_more"u8, hasMore);
            if (hasMore) w.WriteString("next_after"u8, page[^1].Id);
            w.WriteEndObject();
        });
    }

    private async Task CreateAsync(HttpContext context)
    {
        var body = await AdminRequest.BodyAsync(context);
        var made = body.IsSuccess ? await keys.CreateAsync(body.Value, AdminRequest.Who(context), context.RequestAborted) : body.Error;
        if (made.IsSuccess) context.Response.Headers.Location = $"/admin/api/keys/{made.Value.Record.Id}";
        await WriteAsync(context, made, 201);
    }

    private async Task RotateAsync(HttpContext context, string id)
    {
        var body = await AdminRequest.BodyAsync(context);
        if (!body.IsSuccess)
        {
            await AdminAnswer.WriteAsync(context, body.Error);
            return;
        }
        var expected = AdminRequest.Expected(context.Request);
        var grace = Grace(body.Value);
        var error = expected.Error ?? grace.Error;
        await WriteAsync(context, error is not null ? error : await keys.RotateAsync(id, grace.Value!.Time, expected.Value!.Number, AdminRequest.Who(context), context.RequestAborted), 200);
    }

    private static Outcome<GracePeriod> Grace(MapNode body)
    {
        var unknown = body.Entries.FirstOrDefault(e => e.Key != "grace").Key;
        if (unknown is not null) return new GatewayError(ErrorKind.InvalidRequest, $"unknown key '{unknown}'; there is 'grace' only") { Param = unknown };
        if (body["grace"] is null or ScalarNode { IsNull: true }) return new GracePeriod(TimeSpan.Zero);
        return body["grace"] is ScalarNode node && Quantities.TryParseDuration(node.Text, out var time) && time <= TimeSpan.FromDays(365)
            ? new GracePeriod(time)
            : new GatewayError(ErrorKind.InvalidRequest, "grace: write how long the key before is still taken, such as 24h, at most 365d") { Param = "grace" };
    }

    private async Task ChangeAsync(HttpContext context, Func<MapNode, long?, ValueTask<Outcome<KeyRecord>>> change)
    {
        var body = await AdminRequest.BodyAsync(context);
        var expected = AdminRequest.Expected(context.Request);
        await WriteAsync(context, body.Error is { } fault ? fault : expected.Error is { } stale ? stale : await change(body.Value!, expected.Value!.Number));
    }

    private Task WriteAsync(HttpContext context, Outcome<IssuedKey> made, int status) =>
        made.IsSuccess ? WriteAsync(context, status, made.Value.Record, made.Value) : AdminAnswer.WriteAsync(context, made.Error);

    private Task WriteAsync(HttpContext context, Outcome<KeyRecord> found) => found.IsSuccess ? WriteAsync(context, 200, found.Value, null) : AdminAnswer.WriteAsync(context, found.Error);

    private Task WriteAsync(HttpContext context, int status, KeyRecord key, IssuedKey? issued)
    {
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"v{key.Version}\"");
        return AdminAnswer.WriteAsync(context, status, w => KeyJson.Write(w, key, config(), time.GetUtcNow(), issued));
    }

    private sealed record GracePeriod(TimeSpan Time);
}
