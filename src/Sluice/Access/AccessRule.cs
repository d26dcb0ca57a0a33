using Sluice.Configuration;
using Sluice.Routing;

namespace Sluice.Access;

/// <summary>What one key, or one group above it, may use. Every part that is written narrows; none widens another.</summary>
/// <param name="Subject">Whose rule: <c>key 'search'</c>, <c>group 'team'</c>.</param>
/// <param name="Models">Model ids, models or routes; <see langword="null"/> for all. A route that is named here may use all its targets.</param>
/// <param name="Routes">Routes, patterns with <c>*</c>: nothing else may be asked for; <see langword="null"/> for all.</param>
/// <param name="Providers">Providers, patterns with <c>*</c>; <see langword="null"/> for all.</param>
internal sealed record AccessRule(string Subject, ModelPatterns? Models, IReadOnlyList<string>? Routes, IReadOnlyList<string>? Providers)
{
    public bool IsEmpty => Models is null && Routes is null && Providers is null;

    /// <summary>Whether a name may be asked for at all.</summary>
    public bool AllowsName(RouteModel route) => Routes is null || (route.IsNamed && Fits(Routes, route.Name));

    /// <summary>Whether a call by this name may use every target that it has.</summary>
    public bool AllowsWhole(RouteModel route) => Providers is null && NamesWhole(route);

    /// <summary>Whether a call by this name may use a target.</summary>
    public bool Allows(RouteModel route, TargetModel target) => AllowsProvider(target.Provider.Name) && (NamesWhole(route) || Models!.Fit(target.Provider.Name, target.Model));

    /// <summary>Whether a model may be asked for by its own name.</summary>
    public bool AllowsModel(string provider, string model) => Routes is null && AllowsProvider(provider) && (Models is null || Models.Fit(provider, model));

    /// <summary>What would be right, in words.</summary>
    public string Offer
    {
        get
        {
            List<string> parts = [];
            if (Routes is not null) parts.Add($"the routes {List(Routes)}");
            if (Models is not null) parts.Add(List(Models.Texts));
            if (Providers is not null) parts.Add($"the providers {List(Providers)}");
            return string.Join("; of these ", parts);
        }
    }

    private bool NamesWhole(RouteModel route) => Models is null || (route.IsNamed && Models.FitRoute(route.Name));

    private bool AllowsProvider(string provider) => Providers is null || Fits(Providers, provider);

    private static bool Fits(IReadOnlyList<string> patterns, string name)
    {
        foreach (string pattern in patterns)
        {
            if (Wildcard.Matches(pattern, name)) return true;
        }
        return false;
    }

    private static string List(IReadOnlyList<string> patterns) => patterns.Count == 0 ? "nothing" : string.Join(", ", patterns.Take(12)) + (patterns.Count > 12 ? " ..." : "");
}
