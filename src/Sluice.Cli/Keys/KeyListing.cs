using System.Globalization;
using System.Text.Json;
using Sluice.Access.Administration;
using Sluice.Cli.Output;
using Sluice.Configuration;
using Sluice.Storage;

namespace Sluice.Cli.Keys;

/// <summary>Keys as a table, JSON or YAML.</summary>
internal static class KeyListing
{
    /// <summary>Writes many.</summary>
    public static void Write(TextWriter output, IReadOnlyList<KeyRecord> keys, SluiceConfig config, string format, DateTimeOffset now)
    {
        if (format == "table") Table(output, keys, now);
        else output.Write(OutputFormat.Write(w => Array(w, keys, config, now), format));
    }

    /// <summary>Writes one, with the key itself where it was made just now.</summary>
    public static void Write(TextWriter output, KeyRecord key, SluiceConfig config, string format, DateTimeOffset now, string? secret = null) =>
        output.Write(OutputFormat.Write(w => KeyJson.Write(w, key, config, now, secret), format == "table" ? "yaml" : format));

    private static void Array(Utf8JsonWriter w, IReadOnlyList<KeyRecord> keys, SluiceConfig config, DateTimeOffset now)
    {
        w.WriteStartArray();
        foreach (var key in keys) KeyJson.Write(w, key, config, now);
        w.WriteEndArray();
    }

    private static void Table(TextWriter output, IReadOnlyList<KeyRecord> keys, DateTimeOffset now)
    {
        var table = new TextTable("NAME", "ID", "ENDS WITH", "STATE", "GROUP", "MAY USE", "LIMITS", "BUDGET", "EXPIRES");
        foreach (var key in keys) table.Add(key.Name, key.Id, key.Tail, KeyJson.State(key, now), key.Group ?? "", Use(key), Limits(key.Limits), Budget(key.Budget), key.ExpiresAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never");
        table.Write(output);
    }

    private static string Use(KeyRecord key)
    {
        string[] parts = [.. new[] { key.Models, key.Routes, key.Providers }.OfType<IReadOnlyList<string>>().Select(l => l.Count == 0 ? "nothing" : string.Join(',', l))];
        string text = parts.Length == 0 ? (key.Group is null ? "all" : "as its group") : string.Join(" ", parts);
        return text.Length <= 40 ? text : text[..37] + "...";
    }

    private static string Limits(LimitsConfig limits) => string.Join(' ', new[] { Limit(limits.Rpm, "rpm"), Limit(limits.Tpm, "tpm"), Limit(limits.Concurrency, "at once") }.OfType<string>());

    private static string Budget(BudgetConfig budget) => string.Join(' ', new[] { Cap(budget.Daily, "day"), Cap(budget.Weekly, "week"), Cap(budget.Monthly, "month"), Cap(budget.Total, "total") }.OfType<string>());

    private static string? Limit(long? value, string unit) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number} {unit}") : null;

    private static string? Cap(decimal? value, string period) => value is { } usd ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.00##}/{period}") : null;
}
