using Sluice.Configuration;

namespace Sluice.Gateway.Hosting;

/// <summary>What must hold before a gateway starts, beyond a valid configuration.</summary>
public static class StartChecks
{
    /// <summary>Why this configuration must not be started; <see langword="null"/> where it may.</summary>
    public static string? Refusal(SluiceConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Keys.Required || config.Server.Listen.IsLoopback ? null
            : $"server.listen {config.Server.Listen} can be reached from other machines, and keys.required is false: anyone could spend your providers' keys. Listen on 127.0.0.1, or set keys.required: true and make keys with 'sluice keys create'.";
    }

    /// <summary>What is written in the configuration and not applied by this version, so that nobody relies on it.</summary>
    public static IEnumerable<string> NotApplied(SluiceConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Cache.Responses is not null) yield return "cache.responses";
        if (config.Server.FetchUrls) yield return "server.fetch_urls";
        // The default is inherited: named once, not at every provider and route.
        if (config.Defaults.OnDisconnect == DisconnectPolicy.Finish)
        {
            yield return "defaults.on_disconnect";
            yield break;
        }
        foreach (var provider in config.Providers.Values.Where(p => p.OnDisconnect == DisconnectPolicy.Finish)) yield return $"providers.{provider.Name}.on_disconnect";
        foreach (var route in config.Routes.Values.Where(r => r.OnDisconnect == DisconnectPolicy.Finish)) yield return $"models.{route.Name}.on_disconnect";
    }
}
