using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Models;
using Sluice.Upstream;

namespace Sluice.Routing;

/// <summary>The configuration in force, and what outlives it: connections, counters, model lists. A new configuration is swapped in whole.</summary>
public sealed class GatewayState : IDisposable
{
    private readonly UpstreamClientPool _pool = new();
    private readonly ConcurrentDictionary<string, ProviderState> _providers = new(StringComparer.OrdinalIgnoreCase);
    private volatile GatewayModel _current;

    /// <summary>Starts with a configuration.</summary>
    public GatewayState(SluiceConfig config, TimeProvider time)
    {
        Models = new ModelDirectory(time);
        _current = Resolve(config);
    }

    /// <summary>The configuration in force. A call takes it once and keeps it.</summary>
    public GatewayModel Current => _current;

    /// <summary>The models of all providers.</summary>
    public ModelDirectory Models { get; }

    /// <summary>Takes a new configuration for calls that begin from now on.</summary>
    public void Swap(SluiceConfig config) => _current = Resolve(config);

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private GatewayModel Resolve(SluiceConfig config) => new(config, _pool, name => _providers.GetOrAdd(name, static n => new ProviderState(n)), Models);
}
