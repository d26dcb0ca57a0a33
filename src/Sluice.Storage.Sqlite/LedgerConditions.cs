namespace Sluice.Storage.Sqlite;

/// <summary>The condition of a filter. What is not asked for is <c>NULL</c>, so that one prepared statement serves all.</summary>
internal static class LedgerConditions
{
    /// <summary>The condition.</summary>
    public const string Sql = """
        ($since IS NULL OR started >= $since) AND ($until IS NULL OR started < $until) AND ($provider IS NULL OR provider = $provider) AND ($model IS NULL OR model = $model)
        AND ($key IS NULL OR key_id = $key OR key_name = $key) AND ($group IS NULL OR instr(key_groups, $group) > 0) AND ($route IS NULL OR route = $route)
        AND ($labelName IS NULL OR EXISTS (SELECT 1 FROM json_each(labels) WHERE json_each.key = $labelName AND json_each.value = $labelValue))
        """;

    /// <summary>Its parameters.</summary>
    public static (string Name, object? Value)[] Values(LedgerFilter filter, params ReadOnlySpan<(string Name, object? Value)> more) =>
    [
        ("$since", filter.Since is { } since ? Times.Of(since) : null), ("$until", filter.Until is { } until ? Times.Of(until) : null), ("$provider", filter.Provider),
        ("$model", filter.Model), ("$key", filter.Key), ("$group", filter.Group is { } group ? $"|{Names.Escape(group)}|" : null), ("$route", filter.Route),
        ("$labelName", filter.Label?.Key), ("$labelValue", filter.Label?.Value), .. more,
    ];
}
