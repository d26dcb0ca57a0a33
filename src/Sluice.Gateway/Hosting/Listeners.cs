using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Configuration;
using Sluice.Gateway.Admin;
using Sluice.Upstream;

namespace Sluice.Gateway.Hosting;

/// <summary>Where a gateway listens: at the server's address, and at one for administration where it has its own.</summary>
internal static class Listeners
{
    public static void Add(KestrelServerOptions kestrel, SluiceConfig config)
    {
        var https = config.Server.Https;
        Listen(kestrel, config.Server.Listen, listen => Secure(listen, https));
        if (config.Admin is not { Enabled: true, Listen: { } address }) return;
        Listen(kestrel, address, listen =>
        {
            listen.Use(next => connection =>
            {
                connection.Features.Set(AdminListener.Mark);
                return next(connection);
            });
            // A certificate for the public name is none for this machine's loopback.
            if (!address.IsLoopback) Secure(listen, https);
        });
    }

    /// <summary>The addresses in the order of <see cref="Add"/>; the same twice where there is one.</summary>
    public static (Uri Calls, Uri Admin) Of(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return (Shown(addresses.First()), Shown(addresses.Last()));
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, Action<ListenOptions> configure)
    {
        if (address.Host == "*") kestrel.ListenAnyIP(address.Port, configure);
        else if (IPAddress.TryParse(address.Host, out var ip)) kestrel.Listen(ip, address.Port, configure);
        else if (address.Port == 0) kestrel.Listen(IPAddress.Loopback, 0, configure);
        else kestrel.ListenLocalhost(address.Port, configure);
    }

    private static void Secure(ListenOptions listen, CertificateConfig? https)
    {
        if (https is null) return;
        var own = CertificateFile.Load(https);
        listen.UseHttps(own, options => options.ServerCertificateChain = CertificateFile.Chain(https, own));
    }

    private static Uri Shown(string address) => new(address.Replace("://[::]:", "://localhost:", StringComparison.Ordinal));
}
