using System.Text;
using System.Text.Json;
using Sluice.Configuration;

namespace Sluice.Storage.Sqlite;

/// <summary>What a key may and may not, as JSON: it is never looked for, only read with its key.</summary>
internal static class KeySettings
{
    public static string Write(KeyRecord key)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            List(writer, "models", key.Models);
            List(writer, "routes", key.Routes);
            List(writer, "providers", key.Providers);
            List(writer, "addresses", key.Addresses);
            Number(writer, "rpm", key.Limits.Rpm);
            Number(writer, "tpm", key.Limits.Tpm);
            Number(writer, "concurrency", key.Limits.Concurrency);
            writer.WriteNumber("burst", key.Limits.Burst);
            writer.WriteNumber("queue", key.Limits.Queue);
            Number(writer, "daily", key.Budget.Daily);
            Number(writer, "weekly", key.Budget.Weekly);
            Number(writer, "monthly", key.Budget.Monthly);
            Number(writer, "total", key.Budget.Total);
            writer.WriteString("time_zone", key.Budget.TimeZone);
            writer.WriteNumber("warn", key.Budget.Warn);
            if (key.Budget.Webhook is { } webhook) writer.WriteString("webhook", webhook.Reveal());
            writer.WriteStartObject("labels");
            foreach (var (name, value) in key.Labels) writer.WriteString(name, value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static KeyRecord Read(KeyRecord key, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return key with
        {
            Models = List(root, "models"),
            Routes = List(root, "routes"),
            Providers = List(root, "providers"),
            Addresses = List(root, "addresses"),
            Limits = new LimitsConfig
            {
                Rpm = (int?)Number(root, "rpm"),
                Tpm = (long?)Number(root, "tpm"),
                Concurrency = (int?)Number(root, "concurrency"),
                Burst = root.TryGetProperty("burst", out var burst) ? burst.GetDouble() : LimitsConfig.None.Burst,
                Queue = (int?)Number(root, "queue") ?? LimitsConfig.None.Queue,
            },
            Budget = new BudgetConfig
            {
                Daily = Number(root, "daily"),
                Weekly = Number(root, "weekly"),
                Monthly = Number(root, "monthly"),
                Total = Number(root, "total"),
                TimeZone = Text(root, "time_zone") ?? BudgetConfig.None.TimeZone,
                Warn = root.TryGetProperty("warn", out var warn) ? warn.GetDouble() : BudgetConfig.None.Warn,
                Webhook = Text(root, "webhook") is { Length: > 0 } webhook ? new Secret(webhook) : null,
            },
            Labels = root.TryGetProperty("labels", out var labels) ? labels.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString() ?? "", StringComparer.Ordinal) : key.Labels,
        };
    }

    private static void List(Utf8JsonWriter writer, string name, IReadOnlyList<string>? values)
    {
        if (values is null) return;
        writer.WriteStartArray(name);
        foreach (string value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter writer, string name, decimal? value)
    {
        if (value is { } number) writer.WriteNumber(name, number);
    }

    private static string[]? List(JsonElement root, string name) => root.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(v => v.GetString() ?? "")] : null;

    private static decimal? Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetDecimal() : null;

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
