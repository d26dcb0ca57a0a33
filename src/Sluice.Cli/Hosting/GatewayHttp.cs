using System.Net.Http.Headers;

namespace Sluice.Cli.Hosting;

/// <summary>Makes the client with which a command asks a running gateway.</summary>
internal static class GatewayHttp
{
    private const int MaxAnswer = 16 << 20;

    /// <summary>Makes a client.</summary>
    /// <param name="url">The gateway's address.</param>
    /// <param name="key">Its admin key or a virtual one; <see langword="null"/> for none.</param>
    /// <param name="patience">How long an answer may take.</param>
    public static HttpClient Create(Uri url, string? key, TimeSpan patience)
    {
        // The key goes to this address alone: not where a redirection points, nor from this machine to itself through a proxy that is meant for the world outside.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback, ConnectTimeout = TimeSpan.FromSeconds(10) };
        var client = new HttpClient(handler) { BaseAddress = url, Timeout = patience, MaxResponseContentBufferSize = MaxAnswer };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}
