using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Sluice.Storage.Sqlite;

/// <summary>Ledger entries as rows.</summary>
internal static class EntryRows
{
    /// <summary>The columns in the order in which they are written and read.</summary>
    public const string Columns =
        "id, started, duration, first_content, format, status, outcome, key_id, key_name, key_groups, route, provider, model, answered_model, streamed, attempts, "
        + "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, audio_tokens, raw_usage, raw_usage_format, cost, price, estimated, labels";

    /// <summary>The parameters of <see cref="Columns"/>.</summary>
    public const string Parameters =
        "$id, $started, $duration, $first, $format, $status, $outcome, $keyId, $keyName, $groups, $route, $provider, $model, $answered, $streamed, $attempts, "
        + "$input, $output, $cacheRead, $cacheWrite, $reasoning, $audio, $rawUsage, $rawFormat, $cost, $price, $estimated, $labels";

    /// <summary>The values of an entry.</summary>
    public static (string Name, object? Value)[] Values(LedgerEntry entry, params ReadOnlySpan<(string Name, object? Value)> more) =>
    [
        ("$id", entry.Id), ("$started", Times.Of(entry.StartedAt)), ("$duration", Times.Of(entry.Duration)), ("$first", entry.FirstContent is { } first ? Times.Of(first) : null),
        ("$format", entry.Format), ("$status", entry.Status), ("$outcome", entry.Outcome), ("$keyId", entry.KeyId), ("$keyName", entry.KeyName),
        ("$groups", Names.Join(entry.Groups)), ("$route", entry.Route), ("$provider", entry.Provider), ("$model", entry.Model), ("$answered", entry.AnsweredModel),
        ("$streamed", entry.Streamed), ("$attempts", entry.Attempts), ("$input", entry.InputTokens), ("$output", entry.OutputTokens),
        ("$cacheRead", entry.CacheReadTokens), ("$cacheWrite", entry.CacheWriteTokens), ("$reasoning", entry.ReasoningTokens), ("$audio", entry.AudioTokens),
        ("$rawUsage", entry.RawUsage), ("$rawFormat", entry.RawUsageFormat), ("$cost", entry.CostUsd is { } cost ? Pico.Of(cost) : null), ("$price", entry.Price),
        ("$estimated", entry.Estimated), ("$labels", Labels(entry.Labels)), .. more,
    ];

    /// <summary>The entry of a row of <see cref="Columns"/>.</summary>
    public static LedgerEntry Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        StartedAt = Times.Time(row.GetInt64(1)),
        Duration = Times.Duration(row.GetInt64(2)),
        FirstContent = Number(row, 3) is { } first ? Times.Duration(first) : null,
        Format = row.GetString(4),
        Status = row.GetInt32(5),
        Outcome = row.GetString(6),
        KeyId = Text(row, 7),
        KeyName = Text(row, 8),
        Groups = Names.Split(row.GetString(9)),
        Route = Text(row, 10),
        Provider = Text(row, 11),
        Model = Text(row, 12),
        AnsweredModel = Text(row, 13),
        Streamed = row.GetInt64(14) != 0,
        Attempts = row.GetString(15),
        InputTokens = Number(row, 16),
        OutputTokens = Number(row, 17),
        CacheReadTokens = Number(row, 18),
        CacheWriteTokens = Number(row, 19),
        ReasoningTokens = Number(row, 20),
        AudioTokens = Number(row, 21),
        RawUsage = Text(row, 22),
        RawUsageFormat = Text(row, 23),
        CostUsd = Number(row, 24) is { } cost ? Pico.ToUsd(cost) : null,
        Price = Text(row, 25),
        Estimated = row.GetInt64(26) != 0,
        Labels = Labels(row.GetString(27)),
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static string Labels(IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0) return "{}";
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in labels) writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static Dictionary<string, string> Labels(string json)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json == "{}") return labels;
        using var document = JsonDocument.Parse(json);
        foreach (var member in document.RootElement.EnumerateObject()) labels[member.Name] = member.Value.GetString() ?? "";
        return labels;
    }
}
