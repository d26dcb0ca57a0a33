using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;

namespace Sluice.Sdk.Tests;

/// <summary>A gateway before simulated providers, for all tests of this project.</summary>
public sealed class SimulatedGateway : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private GatewayHost _gateway = null!;

    public static TheoryData<string> Upstreams => ["sim-openai", "sim-anthropic", "sim-gemini", "sim-ollama"];

    public Uri Address => _gateway.Address;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        string url = _simulator.BaseAddress.GetLeftPart(UriPartial.Authority);
        var result = ConfigurationLoader.LoadText(
            $$"""
            server: { listen: "127.0.0.1:0" }
            providers:
              sim-openai: { type: openai, base_url: "{{url}}/openai/v1", api_key: test, formats: [openai-chat, openai-responses] }
              sim-anthropic: { type: anthropic, base_url: "{{url}}/anthropic", api_key: test }
              sim-gemini: { type: gemini, base_url: "{{url}}/gemini", api_key: test }
              sim-ollama: { type: ollama, base_url: "{{url}}/ollama" }
            """,
            "test",
            new ProcessEnvironment());
        _gateway = await GatewayHost.StartAsync(result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults)));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _simulator.DisposeAsync();
    }
}
