using System.Collections.Concurrent;
using Sluice.Routing;

namespace Sluice.Models;

/// <summary>
/// The models of all providers: those of the configuration, else what the provider lists, kept for <c>cache.models_ttl</c>. A provider that
/// fails harms no other.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="timeToLive">How long a list is kept, by the configuration in force; a failure is kept for 10 seconds.</param>
public sealed class ModelDirectory(TimeProvider time, Func<TimeSpan> timeToLive) : IModelNames
{
    private readonly ConcurrentDictionary<string, (long At, ProviderModels Models)> _lists = new(StringComparer.OrdinalIgnoreCase);

    private static TimeSpan FailureTimeToLive { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The models of all providers, asked at the same time.</summary>
    public async Task<IReadOnlyList<ProviderModels>> ListAsync(GatewayModel gateway, bool refresh, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        return await Task.WhenAll(gateway.Providers.Select(p => ListAsync(p, refresh, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>The models of one provider.</summary>
    public async Task<ProviderModels> ListAsync(ProviderModel provider, bool refresh, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (provider.Config.Models is { } configured) return new ProviderModels(provider.Name, configured, null, TimeSpan.Zero);
        if (!refresh && Kept(provider.Name) is { } kept) return kept;
        long began = time.GetTimestamp();
        var models = await ModelListClient.FetchAsync(provider, time, cancellationToken).ConfigureAwait(false);
        models = models with { Duration = time.GetElapsedTime(began) };
        _lists[provider.Name] = (time.GetTimestamp(), models);
        return models;
    }

    bool IModelNames.Knows(ProviderModel provider, string model) => ((IModelNames)this).Of(provider).Contains(model);

    IReadOnlyCollection<string> IModelNames.Of(ProviderModel provider) =>
        provider.Config.Models ?? (_lists.TryGetValue(provider.Name, out var list) ? list.Models.Models : []);

    private ProviderModels? Kept(string provider)
    {
        if (!_lists.TryGetValue(provider, out var list)) return null;
        return time.GetElapsedTime(list.At) < (list.Models.Error is null ? timeToLive() : FailureTimeToLive) ? list.Models : null;
    }
}
