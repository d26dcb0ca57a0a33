using Microsoft.AspNetCore.Http;
using Sluice.Accounting.Ledger;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Gateway.Admin;

/// <summary><c>GET /admin/api/spend</c>: the report of <c>sluice spend</c>, with the same words as query parameters.</summary>
internal static class SpendResource
{
    private static readonly string[] Known = ["by", "since", "until", "provider", "model", "key", "group", "route", "label", "label_name", "time_zone"];

    public static async Task AnswerAsync(HttpContext context, ISluiceStore? store, DateTimeOffset now)
    {
        if (store is null)
        {
            await AdminAnswer.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "this gateway has no store, and so no ledger") { Code = "no_store" });
            return;
        }
        var asked = Read(context.Request.Query, now);
        var report = asked.IsSuccess ? await store.Ledger.SpendAsync(asked.Value, context.RequestAborted) : asked.Error;
        if (report.IsSuccess) await AdminAnswer.WriteAsync(context, 200, w => SpendJson.Write(w, report.Value));
        else await AdminAnswer.WriteAsync(context, report.Error);
    }

    private static Outcome<SpendQuery> Read(IQueryCollection query, DateTimeOffset now)
    {
        if (query.Keys.FirstOrDefault(k => !Known.Contains(k, StringComparer.Ordinal)) is { } unknown) return Wrong(unknown, $"there is no such parameter; there are {string.Join(", ", Known)}");
        string? Text(string name) => query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;
        var filter = new LedgerFilter { Provider = Text("provider"), Model = Text("model"), Key = Text("key"), Group = Text("group"), Route = Text("route") };
        foreach (string name in new[] { "since", "until" })
        {
            if (Text(name) is not { } written) continue;
            if (SpendWords.Time(written, now) is not { } time) return Wrong(name, SpendWords.Times);
            filter = name == "since" ? filter with { Since = time } : filter with { Until = time };
        }
        if (Text("label") is { } label)
        {
            if (SpendWords.Label(label) is not { } wanted) return Wrong("label", "write NAME=VALUE");
            filter = filter with { Label = wanted };
        }
        SpendBy? by = null;
        if (Text("by") is { } grouping)
        {
            if (!SpendWords.Groupings.TryGetValue(grouping, out var known)) return Wrong("by", $"group by one of {string.Join(", ", SpendWords.Groupings.Keys)}");
            by = known;
        }
        if (by == SpendBy.Label && Text("label_name") is null) return Wrong("label_name", "by=label needs the label whose values are the groups");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(Text("time_zone") ?? "UTC", out var zone)) return Wrong("time_zone", "no such time zone; write one like Europe/Berlin");
        return new SpendQuery(filter, by) { LabelName = Text("label_name"), TimeZone = zone };
    }

    private static GatewayError Wrong(string name, string what) => new(ErrorKind.InvalidRequest, $"{name}: {what}") { Param = name, Code = "invalid_parameter" };
}
