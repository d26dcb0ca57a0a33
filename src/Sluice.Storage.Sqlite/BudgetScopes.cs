namespace Sluice.Storage.Sqlite;

/// <summary>The budgets that an entry counts against, and the entries that count against a budget.</summary>
internal static class BudgetScopes
{
    public static IEnumerable<string> Of(LedgerEntry entry)
    {
        yield return BudgetPeriod.Gateway;
        if (entry.Provider is { } provider) yield return BudgetPeriod.OfProvider(provider);
        if (entry.Route is { } route) yield return BudgetPeriod.OfRoute(route);
        if (entry.KeyId is { } key) yield return BudgetPeriod.OfKey(key);
        foreach (string group in entry.Groups) yield return BudgetPeriod.OfGroup(group);
    }

    public static LedgerFilter Filter(string scope)
    {
        int colon = scope.IndexOf(':');
        string name = scope[(colon + 1)..];
        return (colon < 0 ? "" : scope[..colon]) switch
        {
            "provider" => new LedgerFilter { Provider = name },
            "route" => new LedgerFilter { Route = name },
            "group" => new LedgerFilter { Group = name },
            "key" => new LedgerFilter { Key = name },
            _ => new LedgerFilter(),
        };
    }
}
