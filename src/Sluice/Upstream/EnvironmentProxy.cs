using System.Net;

namespace Sluice.Upstream;

/// <summary>The proxy of HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY. This machine itself is never asked of it: a model server beside the gateway would not be found.</summary>
internal sealed class EnvironmentProxy : IWebProxy
{
    private readonly IWebProxy _environment = HttpClient.DefaultProxy;

    public ICredentials? Credentials { get => _environment.Credentials; set => _environment.Credentials = value; }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : _environment.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || _environment.IsBypassed(host);
}
