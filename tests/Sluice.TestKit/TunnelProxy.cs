using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.TestKit;

/// <summary>A forward proxy: tunnels every CONNECT to one place whatever host it names, and answers plain requests itself. Keeps the head of each request.</summary>
public sealed class TunnelProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly string? _credentials;
    private readonly string _body;

    /// <summary>Starts it.</summary>
    /// <param name="target">The port on this machine that tunnels lead to; zero refuses them.</param>
    /// <param name="credentials"><c>user:password</c> that it asks for; <see langword="null"/> for none.</param>
    /// <param name="body">The JSON that plain requests get.</param>
    public TunnelProxy(int target = 0, string? credentials = null, string body = "{}")
    {
        (_target, _credentials, _body) = (target, credentials, body);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The head of every request, in the order of arrival.</summary>
    public IReadOnlyList<string> Heads
    {
        get
        {
            lock (_heads) return [.. _heads];
        }
    }

    private readonly List<string> _heads = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { Length: > 0 } head)
            {
                lock (_heads) _heads.Add(head);
                if (_credentials is { } wanted && !head.Contains("Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(wanted)), StringComparison.OrdinalIgnoreCase))
                {
                    await SendAsync(stream, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n");
                }
                else if (!head.StartsWith("CONNECT ", StringComparison.Ordinal))
                {
                    await SendAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {_body.Length}\r\n\r\n{_body}");
                }
                else if (_target == 0)
                {
                    await SendAsync(stream, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
                    return;
                }
                else
                {
                    await SendAsync(stream, "HTTP/1.1 200 Connection established\r\n\r\n");
                    await TunnelAsync(stream);
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone.
        }
    }

    private async Task TunnelAsync(NetworkStream stream)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
        var other = upstream.GetStream();
        await Task.WhenAny(stream.CopyToAsync(other, _stop.Token), other.CopyToAsync(stream, _stop.Token));
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return "";
            head.Append((char)one[0]);
        }
        return head.ToString();
    }

    private Task SendAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token).AsTask();
}
