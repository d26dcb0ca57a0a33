using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Gateway.Admin;

/// <summary>The last administrative acts, the newest first; <c>before</c> gives those before a time.</summary>
internal static class AuditPage
{
    public static async ValueTask<Outcome<IReadOnlyList<AuditEntry>>> ReadAsync(IAuditStore store, HttpContext context)
    {
        string text = context.Request.Query["before"].ToString();
        DateTimeOffset? before = null;
        if (text.Length > 0)
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return new GatewayError(ErrorKind.InvalidRequest, "before: write a time such as 2026-11-21T10:00:00Z") { Param = "before" };
            before = time;
        }
        return await store.ReadAsync(AdminRequest.Number(context.Request, "limit", 100, 1000), before, context.RequestAborted);
    }

    public static void Write(Utf8JsonWriter w, IReadOnlyList<AuditEntry> acts)
    {
        w.WriteStartObject();
        w.WriteStartArray("data"u8);
        foreach (var act in acts)
        {
            w.WriteStartObject();
            w.WriteString("at"u8, act.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
            w.WriteString("actor"u8, act.Actor);
            w.WriteString("act"u8, act.Act);
            if (act.Subject is { } subject) w.WriteString("subject"u8, subject);
            if (act.Detail is { } detail)
            {
                w.WritePropertyName("detail"u8);
                w.WriteRawValue(detail);
            }
            if (act.Address is { } address) w.WriteString("address"u8, address);
            if (act.RequestId is { } id) w.WriteString("request_id"u8, id);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }
}
