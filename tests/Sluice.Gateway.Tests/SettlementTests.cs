using System.Net;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A call is settled before its client sees it finished: what a client has whole is on record.</summary>
public sealed class SettlementTests : IAsyncLifetime
{
    private readonly WaitingGuard _guard = new();
    private SimulatorServer _simulator = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _client = null!;

    public static TheoryData<string, string, bool> Calls
    {
        get
        {
            var calls = new TheoryData<string, string, bool>();
            foreach (string dialect in Dialects)
            {
                foreach (string upstream in Upstreams)
                {
                    calls.Add(dialect, upstream, false);
                    calls.Add(dialect, upstream, true);
                }
            }
            return calls;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        string yaml = """
            server: { listen: "127.0.0.1:0" }
            defaults: { retry: { max_attempts: 1 } }
            providers:
              sim-openai: { type: openai, base_url: "URL/openai/v1", api_key: test, formats: [openai-chat, openai-responses] }
              sim-anthropic: { type: anthropic, base_url: "URL/anthropic", api_key: test }
              sim-gemini: { type: gemini, base_url: "URL/gemini", api_key: test }
              sim-ollama: { type: ollama, base_url: "URL/ollama" }
            """.Replace("URL", _simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        var config = ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment()).Config!;
        _gateway = await GatewayHost.StartAsync(config, new GatewayHostOptions { Guards = [_guard] });
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
    [MemberData(nameof(Calls))]
    public async Task Answer_EndsOnlyAfterItIsSettled(string dialect, string upstream, bool stream)
    {
        var (path, body) = Ask(dialect, upstream + "/large", "Hello there", stream);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };

        var exchange = ReadAsync(request);
        _guard.Exchange.SetResult(exchange);
        var (status, text) = await exchange;

        status.ShouldBe(HttpStatusCode.OK, text);
        _guard.ClientWasFirst.ShouldBe(false);
        var record = _guard.Records.ShouldHaveSingleItem();
        record.Usage!.OutputTokens.ShouldNotBeNull();
        record.Attempts.ShouldHaveSingleItem().Error.ShouldBeNull();
        record.Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FailedCall_IsSettledOnce_WithItsError(bool stream)
    {
        _simulator.Script("openai", Fault.WithStatus(500));
        var (path, body) = Ask("openai-chat", "sim-openai/large", "Hello there", stream);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };

        var exchange = ReadAsync(request);
        _guard.Exchange.SetResult(exchange);
        var (status, _) = await exchange;

        ((int)status).ShouldBeGreaterThanOrEqualTo(500);
        var record = _guard.Records.ShouldHaveSingleItem();
        record.Error.ShouldNotBeNull();
        record.Attempts.ShouldHaveSingleItem().Error.ShouldNotBeNull();
    }

    private async Task<(HttpStatusCode Status, string Text)> ReadAsync(HttpRequestMessage request)
    {
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await TextAsync(answer));
    }

    // Gives the client a while to see the end of its answer: it must not be able to.
    private sealed class WaitingGuard : ICallGuard
    {
        public TaskCompletionSource<Task> Exchange { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<CallRecord> Records { get; } = [];

        public bool? ClientWasFirst { get; private set; }

        public ValueTask<GatewayError?> AdmitAsync(CallContext call, CancellationToken cancellationToken) => default;

        public async ValueTask SettleAsync(CallContext call, CallRecord record, CancellationToken cancellationToken)
        {
            Records.Add(record);
            var exchange = await Exchange.Task.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            ClientWasFirst = await Task.WhenAny(exchange, Task.Delay(100, cancellationToken)) == exchange;
        }
    }
}
