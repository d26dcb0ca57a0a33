using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sluice.Configuration;

namespace Sluice.Upstream;

/// <summary>
/// Owns the connections to upstreams: one handler for each set of connection settings, for the life of the process. No cache ever closes a
/// client that is in use, and no <c>ConfigureHttpClientDefaults</c> of a host reaches it.
/// </summary>
public sealed class UpstreamClientPool : IDisposable
{
    private readonly ConcurrentDictionary<Settings, Lazy<HttpMessageInvoker>> _clients = new();

    /// <summary>The client for a provider's connection settings; made at first use.</summary>
    public HttpMessageInvoker Get(TlsConfig tls, ProxyConfig? proxy, TimeSpan connectTimeout) =>
        _clients.GetOrAdd(new Settings(tls, proxy, connectTimeout), static s => new Lazy<HttpMessageInvoker>(() => Create(s))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            if (client.IsValueCreated) client.Value.Dispose();
        }
    }

    private static HttpMessageInvoker Create(Settings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = settings.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            MaxResponseHeadersLength = 64,
            UseProxy = settings.Proxy is not { Address: null },
            SslOptions = TlsOptions(settings.Tls),
        };
        if (settings.Proxy is null)
        {
            handler.Proxy = new EnvironmentProxy();
        }
        else if (settings.Proxy is { Address: { } address } proxy)
        {
            handler.Proxy = new WebProxy(address) { Credentials = proxy.User is null ? null : new NetworkCredential(proxy.User, proxy.Password?.Reveal() ?? "") };
        }
        return new HttpMessageInvoker(handler);
    }

    private static SslClientAuthenticationOptions TlsOptions(TlsConfig tls)
    {
        var options = new SslClientAuthenticationOptions();
        if (tls.ClientCertificate is { } own) options.ClientCertificates = [CertificateFile.Load(own)];
#pragma warning disable CA5359, MA0039 // switched off by the user for this provider alone, with a warning at every start
        if (!tls.Verify) options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359, MA0039
        else if (tls.CaFile is { } file) options.CertificateChainPolicy = PolicyWith(file);
        return options;
    }

    // The system's authorities stay trusted beside those of the file only where the chain ends in one of the file's: a private authority
    // replaces the public ones for this provider.
    private static X509ChainPolicy PolicyWith(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }

    private sealed record Settings(TlsConfig Tls, ProxyConfig? Proxy, TimeSpan ConnectTimeout);
}
