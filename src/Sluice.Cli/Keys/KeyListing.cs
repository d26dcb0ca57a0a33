using System.Globalization;
using Sluice.Cli.Output;

namespace Sluice.Cli.Keys;

/// <summary>Keys as a table, JSON or YAML.</summary>
internal static class KeyListing
{
    /// <summary>Writes many.</summary>
    public static void Write(TextWriter output, IReadOnlyList<ShownKey> keys, string format)
    {
        if (format == "table")
        {
            Table(output, keys);
            return;
        }
        output.Write(OutputFormat.Write(
            w =>
            {
                w.WriteStartArray();
                foreach (var key in keys) key.Json.WriteTo(w);
                w.WriteEndArray();
            },
            format));
    }

    /// <summary>Writes one, with the key itself where it was made just now.</summary>
    public static void Write(TextWriter output, ShownKey key, string format) => output.Write(OutputFormat.Write(key.Json.WriteTo, format == "table" ? "yaml" : format));

    private static void Table(TextWriter output, IReadOnlyList<ShownKey> keys)
    {
        var table = new TextTable("NAME", "ID", "ENDS WITH", Column.State("STATE"), "GROUP", Column.Text("MAY USE"), Column.Text("LIMITS"), Column.Text("BUDGET"), "EXPIRES");
        foreach (var key in keys) table.Add(key.Name, key.Id, key.Text("ends_with") ?? "", key.State, key.Group ?? "", Use(key), Limits(key), Budget(key), Expiry(key));
        table.Write(output);
    }

    private static string Use(ShownKey key)
    {
        string[] parts = [.. new[] { key.List("models"), key.List("routes"), key.List("providers") }.OfType<IReadOnlyList<string>>().Select(l => l.Count == 0 ? "nothing" : string.Join(',', l))];
        string text = parts.Length == 0 ? (key.Group is null ? "all" : "as its group") : string.Join(" ", parts);
        return text.Length <= 40 ? text : text[..37] + "...";
    }

    private static string Limits(ShownKey key)
    {
        string? Limit(string name, string unit) => key.Number("limits", name) is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number} {unit}") : null;
        return string.Join(' ', new[] { Limit("rpm", "rpm"), Limit("tpm", "tpm"), Limit("concurrency", "at once") }.OfType<string>());
    }

    private static string Budget(ShownKey key)
    {
        string? Cap(string name, string period) => key.Number("budget", name) is { } usd ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.00##}/{period}") : null;
        return string.Join(' ', new[] { Cap("daily", "day"), Cap("weekly", "week"), Cap("monthly", "month"), Cap("total", "total") }.OfType<string>());
    }

    private static string Expiry(ShownKey key) =>
        DateTimeOffset.TryParse(key.Text("expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "never";
}
