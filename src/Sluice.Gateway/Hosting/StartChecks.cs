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
}
