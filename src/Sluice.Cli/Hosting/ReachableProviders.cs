using System.Net.Sockets;
using Sluice.Configuration;

namespace Sluice.Cli.Hosting;

/// <summary>Leaves out providers that were only guessed at (Ollama on this machine) and do not answer.</summary>
internal static class ReachableProviders
{
    private static TimeSpan Patience { get; } = TimeSpan.FromMilliseconds(300);

    public static SluiceConfig Only(SluiceConfig config)
    {
        if (!config.Providers.Values.Any(p => p.OnlyIfReachable)) return config;
        return config with { Providers = config.Providers.Where(p => !p.Value.OnlyIfReachable || Answers(p.Value)).ToDictionary(p => p.Key, p => p.Value) };
    }

    private static bool Answers(ProviderConfig provider)
    {
        var address = provider.BaseUrl ?? new Uri("http://127.0.0.1:11434");
        using var client = new TcpClient();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            client.ConnectAsync(address.Host, address.Port, patience.Token).AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
