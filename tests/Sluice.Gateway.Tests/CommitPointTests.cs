using System.Net;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Until the first content another target may answer: every dialect before every upstream, whole and streamed, for every fault that comes before it.</summary>
public sealed class CommitPointTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _client = null!;

    public static TheoryData<string, string, bool, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool, string>();
            foreach (string dialect in Dialects)
            {
                foreach (string upstream in Upstreams)
                {
                    foreach (string fault in new[] { "status", "close", "not-json" }) cases.Add(dialect, upstream, false, fault);
                    foreach (string fault in new[] { "status", "close", "error", "empty" }) cases.Add(dialect, upstream, true, fault);
                }
            }
            return cases;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        string yaml = """
            server: { listen: "127.0.0.1:0" }
            defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
            providers:
              sim-openai: { type: openai, base_url: "URL/openai/v1", api_key: test, formats: [openai-chat, openai-responses] }
              sim-anthropic: { type: anthropic, base_url: "URL/anthropic", api_key: test }
              sim-gemini: { type: gemini, base_url: "URL/gemini", api_key: test }
              sim-ollama: { type: ollama, base_url: "URL/ollama" }
              rescue: { type: mistral, base_url: "URL/mistral/v1", api_key: test }
            models:
              after-sim-openai: { targets: [sim-openai/large, rescue/large] }
              after-sim-anthropic: { targets: [sim-anthropic/large, rescue/large] }
              after-sim-gemini: { targets: [sim-gemini/large, rescue/large] }
              after-sim-ollama: { targets: [sim-ollama/large, rescue/large] }
            """.Replace("URL", _simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        var result = ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment());
        _gateway = await GatewayHost.StartAsync(result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults)));
        _client = new HttpClient { BaseAddress = _gateway.Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task FaultBeforeContent_LetsTheNextTargetAnswer(string dialect, string upstream, bool stream, string fault)
    {
        _simulator.Script(upstream[4..], fault switch
        {
            "status" => Fault.WithStatus(503),
            "close" => Fault.CloseAt(0),
            "error" => Fault.ErrorAt(0),
            "empty" => new Fault { Kind = FaultKind.Empty },
            _ => new Fault { Kind = FaultKind.NotJson },
        });
        var (path, body) = Ask(dialect, "after-" + upstream, "Hello there", stream);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await _client.PostAsync(path, content, TestContext.Current.CancellationToken);
        string text = await TextAsync(answer);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        Header(answer, "x-sluice-provider").ShouldBe("rescue");
        // Streams come in small pieces: that one is whole shows in how it ends.
        text.ShouldContain(!stream ? "Hello there" : dialect switch
        {
            "openai-chat" => "[DONE]",
            "openai-responses" => "response.completed",
            "anthropic-messages" => "message_stop",
            "gemini-generate" => "\"finishReason\":\"STOP\"",
            _ => "\"done\":true",
        });
        text.ShouldNotContain("\"error\":{");
    }
}
