using System.Collections.Concurrent;
using Sluice.Routing;

namespace Sluice.Models;

/// <summary>
/// The models of all providers: those of the configuration, else what the provider lists, kept for <c>cache.models_ttl</c>. A provider that
/// fails harms no other, and is asked once at a time, whoever wants to know.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="timeToLive">How long a list is kept, by the configuration in force; a failure is kept for 10 seconds.</param>
public sealed class ModelDirectory(TimeProvider time, Func<TimeSpan> timeToLive) : IModelNames
{
    private readonly ConcurrentDictionary<string, (long At, ProviderModels Models)> _lists = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Flight> _open = new(StringComparer.OrdinalIgnoreCase);

    private long _revision;

    private static TimeSpan FailureTimeToLive { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls that only look for a name leave a provider that failed alone for so long.</summary>
    private static TimeSpan FailureRest { get; } = TimeSpan.FromMinutes(1);

    /// <summary>A call waits so long for the lists, counted from when they were asked for: a provider that hangs costs the first calls a little and later ones nothing.</summary>
    private static TimeSpan Patience { get; } = TimeSpan.FromSeconds(4);

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
        if (!refresh && Kept(provider, FailureTimeToLive) is { } kept) return kept;
        return await Ask(provider).Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a provider's list, where it is known, says of its models' limits.</summary>
    internal IReadOnlyDictionary<string, ListedLimits> LimitsOf(ProviderModel provider) => _lists.TryGetValue(provider.Name, out var list) ? list.Models.Limits : System.Collections.ObjectModel.ReadOnlyDictionary<string, ListedLimits>.Empty;

    bool IModelNames.Knows(ProviderModel provider, string model) => Listed(provider) is { Count: > 0 } known && (known.Contains(model) || known.Contains($"{model}:latest"));

    IReadOnlyCollection<string> IModelNames.Of(ProviderModel provider) => Listed(provider);

    long IModelNames.Revision => Volatile.Read(ref _revision);

    async ValueTask IModelNames.LearnAsync(IReadOnlyList<ProviderModel> providers, CancellationToken cancellationToken)
    {
        Flight[] asked = [.. providers.Where(p => p.Config.Models is null && p.Vendor.Models is not null && Kept(p, FailureRest) is null).Select(Ask)];
        foreach (var flight in asked)
        {
            var left = Patience - time.GetElapsedTime(flight.Began);
            if (flight.Answer.IsCompleted || left <= TimeSpan.Zero) continue;
            // What is not there in time is not known; it will be for a later call.
            await Task.WhenAny(flight.Answer.WaitAsync(left, time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private IReadOnlyCollection<string> Listed(ProviderModel provider) => provider.Config.Models ?? (_lists.TryGetValue(provider.Name, out var list) ? list.Models.Models : []);

    private ProviderModels? Kept(ProviderModel provider, TimeSpan failure)
    {
        if (!_lists.TryGetValue(provider.Name, out var list)) return null;
        return time.GetElapsedTime(list.At) < (list.Models.Error is null ? timeToLive() : failure) ? list.Models : null;
    }

    // Whoever asks second waits for the first one's answer. It belongs to nobody's call, so no client that goes away cancels it.
    private Flight Ask(ProviderModel provider)
    {
        var mine = new Flight(time.GetTimestamp());
        var flight = _open.GetOrAdd(provider.Name, mine);
        if (ReferenceEquals(flight, mine)) _ = FlyAsync(provider, mine);
        return flight;
    }

    private async Task FlyAsync(ProviderModel provider, Flight flight)
    {
        try
        {
            var models = await ModelListClient.FetchAsync(provider, time, CancellationToken.None).ConfigureAwait(false);
            models = models with { Duration = time.GetElapsedTime(flight.Began) };
            _lists[provider.Name] = (time.GetTimestamp(), models);
            Interlocked.Increment(ref _revision);
            flight.Land(models);
        }
        catch (Exception e)
        {
            flight.Crash(e);
        }
        finally
        {
            _open.TryRemove(new(provider.Name, flight));
        }
    }

    private sealed class Flight(long began)
    {
        private readonly TaskCompletionSource<ProviderModels> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Began => began;

        public Task<ProviderModels> Answer => _answer.Task;

        public void Land(ProviderModels models) => _answer.TrySetResult(models);

        public void Crash(Exception fault) => _answer.TrySetException(fault);
    }
}
