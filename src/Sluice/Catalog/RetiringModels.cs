using Sluice.Configuration;

namespace Sluice.Catalog;

/// <summary>Models that a configuration names and that the catalogue knows to end.</summary>
internal static class RetiringModels
{
    /// <summary>How long ahead a shutdown is told.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(180);

    /// <summary>A sentence for each, with the place where it is named.</summary>
    public static IEnumerable<string> Of(SluiceConfig config, ModelCatalog catalog, DateTimeOffset now)
    {
        foreach (var (place, provider, model) in Named(config))
        {
            if (config.Providers.TryGetValue(provider, out var configured) && catalog.Find(configured.Type, model) is { } known && Said(known, DateOnly.FromDateTime(now.UtcDateTime)) is { } said)
            {
                yield return $"{place}: {provider}/{model} {said}";
            }
        }
    }

    private static IEnumerable<(string Place, string Provider, string Model)> Named(SluiceConfig config)
    {
        foreach (var (name, provider) in config.Providers)
        {
            foreach (string model in provider.Models ?? []) yield return ($"providers.{name}.models", name, model);
        }
        foreach (var (name, route) in config.Routes)
        {
            foreach (var target in route.Targets)
            {
                if (target is { Enabled: true, Provider: { } provider, ModelName: { } model }) yield return ($"models.{name}", provider, model);
            }
        }
    }

    private static string? Said(CatalogModel model, DateOnly today) => model switch
    {
        { Status: "retired", Retires: { } since } => $"is no longer served (shut down on {since:yyyy-MM-dd})",
        { Status: "retired" } => "is no longer served",
        { Retires: { } until } when until <= today => $"was to be shut down on {until:yyyy-MM-dd}",
        { Retires: { } until } when until.DayNumber - today.DayNumber <= Ahead.Days => $"is shut down on {until:yyyy-MM-dd}",
        _ => null,
    };
}
