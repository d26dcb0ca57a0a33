using System.Text.Json;
using Sluice.Formats.Json;

namespace Sluice.Storage.Sqlite;

/// <summary>Ledger entries as rows.</summary>
internal static class EntryRows
{
    /// <summary>The columns in the order in which they are written and read.</summary>
    public const string Columns =
        "id, started, duration, first_content, format, status, outcome, key_id, key_name, key_groups, route, provider, model, answered_model, streamed, attempts, "
        + "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, audio_tokens, raw_usage, raw_usage_format, cost, price, estimated, labels";

    /// <summary>The parameters of <see cref="Columns"/>, for <see cref="Bind"/>.</summary>
    public const string Parameters =
        "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28";

    /// <summary>How many there are.</summary>
    public const int Count = 28;

    /// <summary>Binds the values of an entry to <see cref="Parameters"/>.</summary>
    public static void Bind(Statement statement, LedgerEntry entry)
    {
        statement.Bind(1, entry.Id);
        statement.Bind(2, Times.Of(entry.StartedAt));
        statement.Bind(3, Times.Of(entry.Duration));
        statement.Bind(4, entry.FirstContent is { } first ? Times.Of(first) : null);
        statement.Bind(5, entry.Format);
        statement.Bind(6, entry.Status);
        statement.Bind(7, entry.Outcome);
        statement.Bind(8, entry.KeyId);
        statement.Bind(9, entry.KeyName);
        statement.Bind(10, Names.Join(entry.Groups));
        statement.Bind(11, entry.Route);
        statement.Bind(12, entry.Provider);
        statement.Bind(13, entry.Model);
        statement.Bind(14, entry.AnsweredModel);
        statement.Bind(15, entry.Streamed ? 1 : 0);
        statement.Bind(16, entry.Attempts);
        statement.Bind(17, TokenBounds.Of(entry.InputTokens));
        statement.Bind(18, TokenBounds.Of(entry.OutputTokens));
        statement.Bind(19, TokenBounds.Of(entry.CacheReadTokens));
        statement.Bind(20, TokenBounds.Of(entry.CacheWriteTokens));
        statement.Bind(21, TokenBounds.Of(entry.ReasoningTokens));
        statement.Bind(22, TokenBounds.Of(entry.AudioTokens));
        statement.Bind(23, entry.RawUsage);
        statement.Bind(24, entry.RawUsageFormat);
        statement.Bind(25, entry.CostUsd is { } cost ? Pico.Of(cost) : null);
        statement.Bind(26, entry.Price);
        statement.Bind(27, entry.Estimated ? 1 : 0);
        statement.Bind(28, Labels(entry.Labels));
    }

    /// <summary>The entry of a row of <see cref="Columns"/>.</summary>
    public static LedgerEntry Read(RowCursor row) => new()
    {
        Id = row.Text(0),
        StartedAt = Times.Time(row.Int64(1)),
        Duration = Times.Duration(row.Int64(2)),
        FirstContent = row.Int64OrNull(3) is { } first ? Times.Duration(first) : null,
        Format = row.Text(4),
        Status = (int)row.Int64(5),
        Outcome = row.Text(6),
        KeyId = row.TextOrNull(7),
        KeyName = row.TextOrNull(8),
        Groups = Names.Split(row.Text(9)),
        Route = row.TextOrNull(10),
        Provider = row.TextOrNull(11),
        Model = row.TextOrNull(12),
        AnsweredModel = row.TextOrNull(13),
        Streamed = row.Int64(14) != 0,
        Attempts = row.Text(15),
        InputTokens = row.Int64OrNull(16),
        OutputTokens = row.Int64OrNull(17),
        CacheReadTokens = row.Int64OrNull(18),
        CacheWriteTokens = row.Int64OrNull(19),
        ReasoningTokens = row.Int64OrNull(20),
        AudioTokens = row.Int64OrNull(21),
        RawUsage = row.TextOrNull(22),
        RawUsageFormat = row.TextOrNull(23),
        CostUsd = row.Int64OrNull(24) is { } cost ? Pico.ToUsd(cost) : null,
        Price = row.TextOrNull(25),
        Estimated = row.Int64(26) != 0,
        Labels = Labels(row.Text(27)),
    };

    private static string Labels(IReadOnlyDictionary<string, string> labels) => labels.Count == 0 ? "{}" : JsonOutput.ToText(labels, static (w, all) =>
    {
        w.WriteStartObject();
        foreach (var (name, value) in all) w.WriteString(name, value);
        w.WriteEndObject();
    });

    private static Dictionary<string, string> Labels(string json)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json == "{}") return labels;
        using var document = JsonDocument.Parse(json);
        foreach (var member in document.RootElement.EnumerateObject()) labels[member.Name] = member.Value.GetString() ?? "";
        return labels;
    }
}
