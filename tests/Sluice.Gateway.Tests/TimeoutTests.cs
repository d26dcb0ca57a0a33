using System.Net;
using System.Net.Sockets;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Each of the four timeouts ends what it bounds and says which it was, in every dialect, whole and streamed.</summary>
public sealed class TimeoutTests : IAsyncLifetime
{
    // Every provider has one short timeout; the others are longer than the test.
    private const string Settings = """
        server: { listen: "127.0.0.1:0" }
        defaults:
          timeout: { connect: 30s, first_token: 30s, idle: 30s, total: 60s }
          retry: { max_attempts: 1 }
          breaker: { enabled: false }
        providers:
          connect: { type: openai, base_url: "http://BLACKHOLE/v1", api_key: test, timeout: { connect: 100ms } }
          first: { type: openai, base_url: "URL/openai/v1", api_key: test, timeout: { first_token: 100ms } }
          idle: { type: openai, base_url: "URL/openai/v1", api_key: test, timeout: { idle: 100ms } }
          total: { type: openai, base_url: "URL/openai/v1", api_key: test, timeout: { total: 250ms } }
          patient: { type: openai, base_url: "URL/openai/v1", api_key: test }
        models:
          call: { targets: [patient/large, patient/other], timeout: { total: 250ms } }
        """;

    private readonly Socket _blackhole = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _filling = [];
    private SimulatorServer _simulator = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _client = null!;

    public static TheoryData<string, bool> Calls
    {
        get
        {
            var calls = new TheoryData<string, bool>();
            foreach (string dialect in Dialects)
            {
                calls.Add(dialect, false);
                calls.Add(dialect, true);
            }
            return calls;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        string yaml = Settings.Replace("URL", _simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal).Replace("BLACKHOLE", await BlackholeAsync(), StringComparison.Ordinal);
        _gateway = await GatewayHost.StartAsync(ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment()).Config!);
        _client = new HttpClient { BaseAddress = _gateway.Address, Timeout = TimeSpan.FromSeconds(25) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var socket in _filling) socket.Dispose();
        _blackhole.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Connect_ThatTakesTooLong_Ends(string dialect, bool stream) => RefusedAsync(dialect, "connect/large", stream, "timeout.connect");

    [Theory]
    [MemberData(nameof(Calls))]
    public Task FirstToken_ThatDoesNotCome_Ends(string dialect, bool stream)
    {
        _simulator.Script("openai", Fault.StallBeforeHeaders(TimeSpan.FromSeconds(20)));
        return RefusedAsync(dialect, "first/large", stream, "timeout.first_token");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Silence_InTheMiddle_Ends(string dialect, bool stream)
    {
        _simulator.Script("openai", Fault.StallAt(stream ? 3000 : 20, TimeSpan.FromSeconds(20)));
        if (!stream)
        {
            await RefusedAsync(dialect, "idle/large", stream, "timeout.idle");
            return;
        }
        await BrokenAsync(dialect, "idle/large", "timeout.idle");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Attempt_ThatTakesTooLongInAll_Ends(string dialect, bool stream)
    {
        // A piece every 60 ms: neither the first nor the next is late, the whole is.
        _simulator.Script("openai", stream ? Fault.Slow(TimeSpan.FromMilliseconds(60)) : Fault.StallAt(20, TimeSpan.FromSeconds(20)));
        if (stream) await BrokenAsync(dialect, "total/large", "timeout.total");
        else await RefusedAsync(dialect, "total/large", stream, "timeout.total");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Call_ThatTakesTooLongInAll_EndsWithoutAskingTheNextTarget(string dialect, bool stream)
    {
        _simulator.Script("openai", Fault.StallBeforeHeaders(TimeSpan.FromSeconds(20)), Fault.StallBeforeHeaders(TimeSpan.FromSeconds(20)));
        return RefusedAsync(dialect, "call", stream, "timeout.total");
    }

    private async Task RefusedAsync(string dialect, string model, bool stream, string setting)
    {
        using var answer = await PostAsync(dialect, model, stream);
        string text = await TextAsync(answer);

        answer.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout, text);
        text.ShouldContain(setting);
    }

    private async Task BrokenAsync(string dialect, string model, string setting)
    {
        using var answer = await PostAsync(dialect, model, stream: true);
        string text = await TextAsync(answer);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        text.ShouldContain(setting);
        text.ShouldNotContain("[DONE]");
        text.ShouldNotContain("message_stop");
    }

    private Task<HttpResponseMessage> PostAsync(string dialect, string model, bool stream)
    {
        var (path, body) = Ask(dialect, model, string.Concat(Enumerable.Repeat("many words make a long answer ", 20)), stream);
        return _client.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
    }

    // A listener that accepts nobody and whose backlog is full: a connection to it stays half open.
    private async Task<string> BlackholeAsync()
    {
        _blackhole.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _blackhole.Listen(0);
        var address = (IPEndPoint)_blackhole.LocalEndPoint!;
        for (int i = 0; i < 4; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _filling.Add(socket);
            var connect = socket.ConnectAsync(address);
            if (await Task.WhenAny(connect, Task.Delay(100, TestContext.Current.CancellationToken)) != connect) break;
        }
        return address.ToString();
    }
}
