using System.Runtime.CompilerServices;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Storage;

namespace Sluice.Budgets;

/// <summary>The budgets of one configuration.</summary>
internal sealed class BudgetBook
{
    private static readonly BudgetLine[] None = [];
    private readonly BudgetLine[] _gateway;
    private readonly Dictionary<string, BudgetLine[]> _routes;
    private readonly Dictionary<string, BudgetLine[]> _groups;
    private readonly Dictionary<string, BudgetLine[]> _providers;
    private readonly ConditionalWeakTable<KeyRecord, BudgetLine[]> _keys = [];

    public BudgetBook(SluiceConfig config)
    {
        _gateway = BudgetLine.Of(BudgetPeriod.Gateway, "the gateway", config.Budgets);
        _routes = Lines(config.Routes.Values.Select(r => (r.Name, BudgetLine.Of(BudgetPeriod.OfRoute(r.Name), $"route '{r.Name}'", r.Budget))));
        _groups = Lines(config.Keys.Groups.Values.Select(g => (g.Name, BudgetLine.Of(BudgetPeriod.OfGroup(g.Name), $"group '{g.Name}'", g.Budget))));
        _providers = Lines(config.Providers.Values.Select(p => (p.Name, BudgetLine.Of(BudgetPeriod.OfProvider(p.Name), $"provider '{p.Name}'", p.Budget))));
    }

    /// <summary>Whether any provider has a budget.</summary>
    public bool HasProviders => _providers.Count > 0;

    /// <summary>The lines that hold a call whatever target it takes; <see langword="null"/> for none.</summary>
    public List<BudgetLine>? Of(CallContext call)
    {
        List<BudgetLine>? lines = null;
        Add(ref lines, _gateway);
        if (_routes.Count > 0 && call.Route is { IsNamed: true } route) Add(ref lines, _routes.GetValueOrDefault(route.Name, None));
        if (call.Inbound.Caller is not { } caller) return lines;
        if (!caller.Key.Budget.IsEmpty) Add(ref lines, _keys.GetValue(caller.Key, static key => BudgetLine.Of(BudgetPeriod.OfKey(key.Id), $"key '{key.Name}'", key.Budget)));
        if (_groups.Count == 0) return lines;
        foreach (string group in caller.Groups) Add(ref lines, _groups.GetValueOrDefault(group, None));
        return lines;
    }

    /// <summary>The lines of a provider.</summary>
    public IReadOnlyList<BudgetLine> OfProvider(string name) => _providers.GetValueOrDefault(name, None);

    private static Dictionary<string, BudgetLine[]> Lines(IEnumerable<(string Name, BudgetLine[] Lines)> budgets) =>
        budgets.Where(b => b.Lines.Length > 0).ToDictionary(b => b.Name, b => b.Lines, StringComparer.Ordinal);

    private static void Add(ref List<BudgetLine>? lines, BudgetLine[] more)
    {
        if (more.Length > 0) (lines ??= []).AddRange(more);
    }
}
