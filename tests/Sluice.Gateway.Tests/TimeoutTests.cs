using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>
/// Each of the four timeouts ends what it bounds and says which it was, in every dialect, whole and streamed. The gateway's clock stands still until the call is
/// where the timeout shall meet it, so that a slow machine makes no other one run out; only connecting is timed by the system.
/// </summary>
public sealed class TimeoutTests(TimeoutTests.Gateway gateway) : IClassFixture<TimeoutTests.Gateway>
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(5);

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

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Connect_ThatTakesTooLong_Ends(string dialect, bool stream)
    {
        using var answer = await gateway.PostAsync(dialect, "connect/large", stream);

        await RefusedAsync(answer, "timeout.connect");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task FirstToken_ThatDoesNotCome_Ends(string dialect, bool stream)
    {
        using var answer = await gateway.StalledAsync(dialect, "first/large", stream, Fault.StallBeforeHeaders(Never));

        await RefusedAsync(answer, "timeout.first_token");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Silence_InTheMiddle_Ends(string dialect, bool stream)
    {
        using var answer = await gateway.StalledAsync(dialect, "idle/large", stream, Fault.StallAt(stream ? 3000 : 20, Never));

        if (stream) await BrokenAsync(answer, "timeout.idle");
        else await RefusedAsync(answer, "timeout.idle");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Attempt_ThatTakesTooLongInAll_Ends(string dialect, bool stream)
    {
        using var answer = await gateway.StalledAsync(dialect, "total/large", stream, Fault.StallAt(stream ? 3000 : 20, Never));

        if (stream) await BrokenAsync(answer, "timeout.total");
        else await RefusedAsync(answer, "timeout.total");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_ThatTakesTooLongInAll_EndsWithoutAskingTheNextTarget(string dialect, bool stream)
    {
        long before = gateway.Asked;

        using var answer = await gateway.StalledAsync(dialect, "call", stream, Fault.StallBeforeHeaders(Never));

        await RefusedAsync(answer, "timeout.total");
        gateway.Asked.ShouldBe(before + 1);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, string setting)
    {
        string text = await TextAsync(answer);
        answer.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout, text);
        text.ShouldContain(setting);
    }

    private async Task BrokenAsync(HttpResponseMessage answer, string setting)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        string text = await gateway.MoveUntilAsync(TextAsync(answer));
        text.ShouldContain(setting);
        text.ShouldNotContain("[DONE]");
        text.ShouldNotContain("message_stop");
    }

    /// <summary>A gateway whose providers have one short timeout each, before a simulator and an address that takes no connection.</summary>
    public sealed class Gateway : IAsyncLifetime
    {
        private const string Settings = """
            server: { listen: "127.0.0.1:0" }
            defaults:
              timeout: { connect: 60s, first_token: 100h, idle: 100h, total: 200h }
              retry: { max_attempts: 1 }
              breaker: { enabled: false }
            providers:
              connect: { type: openai, base_url: "http://BLACKHOLE/v1", api_key: test, timeout: { connect: 50ms } }
              first: { type: openai, base_url: "URL/openai/v1", api_key: test, timeout: { first_token: 10s } }
              idle: { type: openai, base_url: "URL/openai/v1", api_key: test, timeout: { idle: 10s } }
              total: { type: openai, base_url: "URL/openai/v1", api_key: test, timeout: { total: 10s } }
              patient: { type: openai, base_url: "URL/openai/v1", api_key: test }
            models:
              call: { targets: [patient/large, patient/other], timeout: { total: 10s } }
            """;

        private readonly ManualTime _time = new();
        private readonly Socket _blackhole = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _filling = [];
        private SimulatorServer _simulator = null!;
        private GatewayHost _gateway = null!;
        private HttpClient _client = null!;

        /// <summary>How many requests the simulator has seen.</summary>
        public long Asked => _simulator.Requests.Received;

        public async ValueTask InitializeAsync()
        {
            _simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
            string yaml = Settings.Replace("URL", _simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal).Replace("BLACKHOLE", await BlackholeAsync(), StringComparison.Ordinal);
            _gateway = await GatewayHost.StartAsync(ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment()).Config!, new GatewayHostOptions { Time = _time });
            _client = new HttpClient { BaseAddress = _gateway.Address, Timeout = TimeSpan.FromMinutes(1) };
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

        /// <summary>Sends a call; its head is there when a stream has its first content.</summary>
        public Task<HttpResponseMessage> PostAsync(string dialect, string model, bool stream)
        {
            var (path, body) = Ask(dialect, model, string.Concat(Enumerable.Repeat("many words make a long answer ", 20)), stream);
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        }

        /// <summary>Sends a call that stalls. Its clock goes on once the provider was asked; for a stream that stalls later, once it has content.</summary>
        public async Task<HttpResponseMessage> StalledAsync(string dialect, string model, bool stream, Fault fault)
        {
            long before = Asked;
            _simulator.Script("openai", fault);
            var call = PostAsync(dialect, model, stream);
            for (int i = 0; i < 6000 && Asked == before; i++) await Task.Delay(5, TestContext.Current.CancellationToken);
            return stream && fault.AtByte > 0 ? await call : await MoveUntilAsync(call);
        }

        /// <summary>Moves the clock until a task is done.</summary>
        public async Task<T> MoveUntilAsync<T>(Task<T> task)
        {
            for (int i = 0; i < 6000 && !task.IsCompleted; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(task, Task.Delay(2, TestContext.Current.CancellationToken));
            }
            task.IsCompleted.ShouldBeTrue("a timeout ends it");
            return await task;
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
}
