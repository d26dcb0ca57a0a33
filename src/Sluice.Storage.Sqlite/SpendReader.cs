using System.Globalization;

namespace Sluice.Storage.Sqlite;

/// <summary>Adds up the ledger.</summary>
internal static class SpendReader
{
    // No time zone is off UTC by less than a quarter of an hour.
    private const long Quarter = 15L * 60 * 1_000_000;

    // In two parts, whole millionths of a USD and the rest, neither of which can be too large for a number.
    private const string Cost = "coalesce(sum(cost / 1000000), 0), coalesce(sum(cost % 1000000), 0)";

    // A count above its bound is none of an answer, whoever wrote it: no sum of the rest is too large for a number.
    private const string Sums =
        $"count(*), coalesce(sum(min({TokenBounds.MostText}, input_tokens)), 0), coalesce(sum(min({TokenBounds.MostText}, output_tokens)), 0), {Cost}, sum(cost IS NULL)";

    public static SpendReport Read(Statements database, SpendQuery query)
    {
        var total = Total(database, query.Filter);
        if (query.By is not { } by) return new SpendReport(total, []);
        var groups = by is SpendBy.Day or SpendBy.Hour ? Times(database, query, by) : Named(database, query, by);
        return new SpendReport(total, groups);
    }

    /// <summary>The cost of the entries that a filter chooses: whole millionths of a USD, and the rest.</summary>
    public static (long Micros, long Remainder) CostOf(Statements database, LedgerFilter filter)
    {
        using var rows = database.Rows($"SELECT {Cost} FROM ledger WHERE {LedgerConditions.Sql}", LedgerConditions.Values(filter));
        rows.Read();
        return (rows.Int64(0), rows.Int64(1));
    }

    private static SpendSum Total(Statements database, LedgerFilter filter)
    {
        using var rows = database.Rows($"SELECT {Sums} FROM ledger WHERE {LedgerConditions.Sql}", LedgerConditions.Values(filter));
        rows.Read();
        return Sum(rows, 0);
    }

    private static List<SpendGroup> Named(Statements database, SpendQuery query, SpendBy by)
    {
        string key = by switch
        {
            SpendBy.Provider => "provider",
            SpendBy.Model => "provider || '/' || model",
            SpendBy.Key => "key_name",
            SpendBy.Group => "CASE WHEN key_groups = '' THEN NULL ELSE substr(key_groups, 2, instr(substr(key_groups, 2), '|') - 1) END",
            SpendBy.Route => "route",
            _ => "(SELECT json_each.value FROM json_each(labels) WHERE json_each.key = $groupLabel)",
        };
        (string, object?)[] values = by == SpendBy.Label ? LedgerConditions.Values(query.Filter, ("$most", query.MostGroups), ("$groupLabel", query.LabelName ?? "")) : LedgerConditions.Values(query.Filter, ("$most", query.MostGroups));
        using var rows = database.Rows($"SELECT {key} AS name, {Sums} FROM ledger WHERE {LedgerConditions.Sql} GROUP BY name ORDER BY sum(cost / 1000.0) DESC, count(*) DESC, name LIMIT $most", values);
        var groups = new List<SpendGroup>();
        while (rows.Read())
        {
            string name = rows.IsNull(0) ? "" : rows.Text(0);
            groups.Add(new SpendGroup(by == SpendBy.Group && name.Length > 0 ? Names.Split($"|{name}|")[0] : name, Sum(rows, 1)));
        }
        return groups;
    }

    private static List<SpendGroup> Times(Statements database, SpendQuery query, SpendBy by)
    {
        string format = by == SpendBy.Day ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH";
        var groups = new SortedDictionary<string, SpendSum>(StringComparer.Ordinal);
        using var rows = database.Rows($"SELECT started / {Quarter} AS quarter, {Sums} FROM ledger WHERE {LedgerConditions.Sql} GROUP BY quarter", LedgerConditions.Values(query.Filter));
        while (rows.Read())
        {
            var local = TimeZoneInfo.ConvertTime(Sqlite.Times.Time(rows.Int64(0) * Quarter), query.TimeZone);
            string name = local.ToString(format, CultureInfo.InvariantCulture);
            var sum = Sum(rows, 1);
            groups[name] = groups.TryGetValue(name, out var known) ? Add(known, sum) : sum;
        }
        return [.. groups.TakeLast(query.MostGroups).Select(g => new SpendGroup(g.Key, g.Value))];
    }

    private static SpendSum Add(SpendSum a, SpendSum b) =>
        new(a.Calls + b.Calls, a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CostUsd + b.CostUsd, a.UnknownCosts + b.UnknownCosts);

    private static SpendSum Sum(RowCursor row, int first) => new(
        row.Int64(first), row.Int64(first + 1), row.Int64(first + 2), Pico.ToUsd(row.Int64(first + 3), row.Int64(first + 4)), row.IsNull(first + 5) ? 0 : row.Int64(first + 5));
}
