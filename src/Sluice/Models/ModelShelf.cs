using Sluice.Access;
using Sluice.Routing;

namespace Sluice.Models;

/// <summary>What a caller can ask for, with what is known of it: routes first, then what each provider offers.</summary>
internal static class ModelShelf
{
    /// <summary>All cards that a caller's key shows; providers that were not asked lately are asked for their lists.</summary>
    public static async ValueTask<IReadOnlyList<ModelCard>> AllAsync(GatewayModel gateway, ModelDirectory directory, CallerRules? rules, CancellationToken cancellationToken)
    {
        var lists = await directory.ListAsync(gateway, refresh: false, cancellationToken).ConfigureAwait(false);
        var limits = lists.ToDictionary(l => l.Provider, l => l.Limits, StringComparer.OrdinalIgnoreCase);
        var cards = gateway.Routes.Where(r => rules?.Shows(r) != false).Select(r => Of(gateway, r, limits)).ToList();
        foreach (var list in lists)
        {
            if (gateway.Providers.FirstOrDefault(p => p.Name == list.Provider) is not { } provider) continue;
            cards.AddRange(list.Models.Where(m => rules?.Shows(list.Provider, m) != false).Select(m => ModelCard.Of(gateway, provider, m, list.Limits.GetValueOrDefault(m))));
        }
        return cards;
    }

    /// <summary>The card of what a name was resolved to, under the name that was asked for.</summary>
    public static ModelCard One(GatewayModel gateway, ModelDirectory directory, RouteModel route, string asked) =>
        Of(gateway, route, route.Targets.Select(t => t.Provider).Distinct().ToDictionary(p => p.Name, directory.LimitsOf, StringComparer.OrdinalIgnoreCase)) with { Id = asked };

    private static ModelCard Of(GatewayModel gateway, RouteModel route, Dictionary<string, IReadOnlyDictionary<string, ListedLimits>> limits)
    {
        ModelCard[] targets = [.. route.Targets.Select(t => ModelCard.Of(gateway, t.Provider, t.Model, limits.GetValueOrDefault(t.Provider.Name)?.GetValueOrDefault(t.Model) ?? default))];
        return route.IsNamed || targets.Length != 1 ? ModelCard.Of(route.Name, targets) : targets[0];
    }
}
