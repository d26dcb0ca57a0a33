using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Models;
using Sluice.Upstream;

namespace Sluice.Routing;

/// <summary>The configuration in force, and what outlives it: connections, counters, model lists. A new configuration is swapped in whole.</summary>
public sealed class GatewayState : IDisposable
{
    private const int MaxTargets = 10_000;
    private readonly UpstreamClientPool _pool = new();
    private readonly ConcurrentDictionary<string, ProviderState> _providers = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, TargetState> _targets = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private volatile GatewayModel _current;

    /// <summary>Starts with a configuration.</summary>
    public GatewayState(SluiceConfig config, TimeProvider time)
    {
        _time = time;
        Models = new ModelDirectory(time, () => Current.Config.Cache.ModelsTtl);
        _current = Resolve(config);
    }

    /// <summary>The configuration in force. A call takes it once and keeps it.</summary>
    public GatewayModel Current => _current;

    /// <summary>The models of all providers.</summary>
    public ModelDirectory Models { get; }

    /// <summary>What is remembered of the models that were called, by <c>provider/model</c>.</summary>
    public IReadOnlyCollection<KeyValuePair<string, TargetState>> Targets => _targets;

    /// <summary>Takes a new configuration for calls that begin from now on.</summary>
    public void Swap(SluiceConfig config) => _current = Resolve(config);

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private GatewayModel Resolve(SluiceConfig config) => new(config, _pool, name => _providers.GetOrAdd(name, static (n, time) => new ProviderState(n, time), _time), Target, Models);

    // Requests may name any model: beyond the bound a target has a state of its own that nobody shares, so that memory stays bounded.
    private TargetState Target(string id) => _targets.Count < MaxTargets || _targets.ContainsKey(id) ? _targets.GetOrAdd(id, static (_, time) => new TargetState(time), _time) : new TargetState(_time);
}
