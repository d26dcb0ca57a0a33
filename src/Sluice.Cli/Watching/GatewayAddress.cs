using Sluice.Cli.Hosting;
using Sluice.Configuration;

namespace Sluice.Cli.Watching;

/// <summary>Where a running gateway is asked, and with which key.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Key">The admin key or a virtual one; <see langword="null"/> for none.</param>
internal sealed record GatewayAddress(Uri Url, string? Key)
{
    /// <summary>An address that was asked for: the key of the configuration does not go there, only the one of the variable.</summary>
    public static GatewayAddress Of(Uri url, IEnvironment environment) => new(url, KeyOf(environment));

    /// <summary>The gateway of a configuration, as it is reached from this machine.</summary>
    public static GatewayAddress Of(SluiceConfig config, IEnvironment environment)
    {
        var listen = config.Server.Listen;
        string host = listen.Host is "*" or "0.0.0.0" ? "127.0.0.1" : listen.Host is "::" ? "::1" : listen.Host;
        var url = new Uri($"{(config.Server.Https is null ? "http" : "https")}://{listen with { Host = host }}");
        return new GatewayAddress(url, config.Admin.Key?.Reveal() ?? KeyOf(environment));
    }

    private static string? KeyOf(IEnvironment environment) => environment.Variables.GetValueOrDefault(GatewayUrl.KeyVariable) is { Length: > 0 } key ? key.Trim() : null;
}
