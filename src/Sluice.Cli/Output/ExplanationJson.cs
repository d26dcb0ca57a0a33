using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Engine;
using Sluice.Explaining;

namespace Sluice.Cli.Output;

/// <summary>An explanation for programs.</summary>
internal static class ExplanationJson
{
    public static string Write(CallExplanation call)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("format", call.Format.Value);
            Optional(json, "model", call.Model);
            Optional(json, "route", call.Route);
            Optional(json, "strategy", call.Strategy);
            Array(json, "order", call.Order, static (w, t) => w.WriteStringValue(t));
            Array(json, "passed_over", call.PassedOver, static (w, p) => Pair(w, "target", p.Target, "reason", p.Reason));
            Array(json, "targets", call.Targets, Target);
            if (call.Error is { } error)
            {
                json.WriteStartObject("error");
                json.WriteNumber("status", error.StatusOrDefault);
                json.WriteString("message", error.Message);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void Target(Utf8JsonWriter json, TargetExplanation target)
    {
        json.WriteStartObject();
        json.WriteString("target", target.Target);
        Optional(json, "lane", target.Lane?.Name());
        Optional(json, "upstream_format", target.UpstreamFormat?.Value);
        Array(json, "transforms", target.Rules, static (w, r) =>
        {
            w.WriteStartObject();
            w.WriteString("name", r.Name);
            w.WriteString("on", r.On);
            w.WriteString("kind", r.Kind);
            w.WriteString("effect", r.What);
            w.WriteEndObject();
        });
        Array(json, "body", target.Members, static (w, m) => Pair(w, "member", m.Name, "effect", m.What));
        Array(json, "headers", target.Headers, static (w, h) => Pair(w, "header", h.Name, "effect", h.What));
        Array(json, "losses", target.Losses, static (w, l) => Pair(w, "path", l.Path, "reason", l.Reason));
        Optional(json, "refusal", target.Refusal);
        if (target.Request is { } request)
        {
            json.WriteStartObject("request");
            json.WriteString("method", request.Method);
            json.WriteString("url", request.Url);
            Array(json, "headers", request.Headers, static (w, h) => Pair(w, "name", h.Key, "value", h.Value));
            json.WriteString("body", request.Body);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) write(json, item);
        json.WriteEndArray();
    }

    private static void Pair(Utf8JsonWriter json, string name, string value, string other, string otherValue)
    {
        json.WriteStartObject();
        json.WriteString(name, value);
        json.WriteString(other, otherValue);
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
