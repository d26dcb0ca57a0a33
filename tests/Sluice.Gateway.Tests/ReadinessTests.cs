using System.Net;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary><c>/health/ready</c>: what it asks, and that nobody waits for what hangs.</summary>
public sealed class ReadinessTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Checks_ThatAreAllWell_MakeTheGatewayReady()
    {
        var (status, ready) = await AskAsync(new Check("storage", _ => ValueTask.FromResult<string?>(null)));

        status.ShouldBe(HttpStatusCode.OK);
        ready.GetRawText().ShouldBe("""{"status":"ready","checks":[{"name":"configuration","status":"ok"},{"name":"storage","status":"ok"}]}""");
    }

    [Fact]
    public async Task Check_ThatFails_IsA503ThatNamesIt()
    {
        var (status, ready) = await AskAsync(new Check("storage", _ => ValueTask.FromResult<string?>("the disk is full")), new Check("other", _ => ValueTask.FromResult<string?>(null)));

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready.GetRawText().ShouldBe("""{"status":"not_ready","checks":[{"name":"configuration","status":"ok"},{"name":"storage","status":"failed","reason":"the disk is full"},{"name":"other","status":"ok"}]}""");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Check_ThatHangs_CountsAsFailed(bool heedsTheToken)
    {
        var asked = new TaskCompletionSource();
        await using var gateway = await StartAsync(new Check("storage", async token =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, heedsTheToken ? token : CancellationToken.None);
            return null;
        }));
        using var client = new HttpClient { BaseAddress = gateway.Address };

        var probe = client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(2));

        using var answer = await probe;
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await JsonAsync(answer)).GetProperty("checks")[1].GetProperty("reason").GetString().ShouldBe("no answer within 2 s");
        await gateway.StopAsync();
    }

    [Fact]
    public async Task Probes_ThatComeTogether_AreOneCheck()
    {
        int asked = 0;
        var release = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(new Check("storage", _ =>
        {
            Interlocked.Increment(ref asked);
            return new ValueTask<string?>(release.Task);
        }));
        using var client = new HttpClient { BaseAddress = gateway.Address };

        var probes = Enumerable.Range(0, 20).Select(_ => client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).ToArray();
        release.SetResult(null);
        foreach (var probe in probes) (await probe).Dispose();

        asked.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).Dispose();
        asked.ShouldBe(2);
        await gateway.StopAsync();
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(params IReadinessCheck[] checks)
    {
        await using var gateway = await StartAsync(checks);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        using var answer = await client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        var body = await JsonAsync(answer);
        await gateway.StopAsync();
        return (answer.StatusCode, body);
    }

    private Task<GatewayHost> StartAsync(params IReadinessCheck[] checks)
    {
        var config = ConfigurationLoader.LoadText("server: { listen: \"127.0.0.1:0\" }", "test", new ProcessEnvironment()).Config!;
        return GatewayHost.StartAsync(config, new GatewayHostOptions { ReadinessChecks = checks, Time = _time }, TestContext.Current.CancellationToken);
    }

    private sealed class Check(string name, Func<CancellationToken, ValueTask<string?>> ask) : IReadinessCheck
    {
        public string Name => name;

        public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => ask(cancellationToken);
    }
}
