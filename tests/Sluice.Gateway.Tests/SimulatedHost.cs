using System.Text;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;

namespace Sluice.Gateway.Tests;

/// <summary>A gateway of a test's own configuration before a simulator. <c>URL</c> in the settings stands for the simulator.</summary>
internal sealed class SimulatedHost : IAsyncDisposable
{
    private SimulatedHost(GatewayHost host, MemoryStream log)
    {
        (Host, _log) = (host, log);
        Client = new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    private readonly MemoryStream _log;
    private bool _stopped;

    public GatewayHost Host { get; }

    public HttpClient Client { get; }

    public static async Task<SimulatedHost> StartAsync(SimulatorServer simulator, string yaml, Func<string, string?>? variable = null)
    {
        string url = simulator.BaseAddress.GetLeftPart(UriPartial.Authority);
        var log = new MemoryStream();
        var host = await GatewayHost.StartAsync(Load(yaml.Replace("URL", url, StringComparison.Ordinal)), new GatewayHostOptions { LogOutput = log, Variable = variable ?? (_ => null) }, TestContext.Current.CancellationToken);
        return new SimulatedHost(host, log);
    }

    /// <summary>A configuration of text; the test's own environment is not read.</summary>
    public static SluiceConfig Load(string yaml)
    {
        string listen = yaml.Contains("server:", StringComparison.Ordinal) ? "" : "server: { listen: \"127.0.0.1:0\" }\n";
        var result = ConfigurationLoader.LoadText(listen + yaml, "test", new ProcessEnvironment());
        return result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults));
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Puts another configuration in force.</summary>
    public void Reload(SimulatorServer simulator, string yaml) => Host.State.Swap(Load(yaml.Replace("URL", simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)));

    /// <summary>Stops the gateway and gives the lines of its log.</summary>
    public async Task<string[]> LinesAsync()
    {
        await StopAsync();
        return Encoding.UTF8.GetString(_log.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        await _log.DisposeAsync();
    }

    private async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await Host.StopAsync();
        await Host.DisposeAsync();
    }
}
