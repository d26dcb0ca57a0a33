using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

public sealed partial class ServeReloadTests : IDisposable
{
    private readonly CliProcess cli = new();
    private readonly HttpClient http = new();

    public void Dispose()
    {
        cli.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task Serve_FileChanges_NewRouteIsServedBadFileIsReportedAndOpenCallsGoOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGHUP means a reload on Unix only");
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(20) }, TestContext.Current.CancellationToken);
        Write(simulator, "one");
        await using var serve = new RunningCommand(cli.Start("serve"));
        string url = ListensOn().Match(await serve.WaitForAsync("one  -> sim/sim-large")).Value;
        (await StatusAsync(url, "one")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(url, "two")).ShouldBe(HttpStatusCode.NotFound);

        using var open = await AskAsync(url, "one", stream: true, string.Join(' ', Enumerable.Range(0, 60)));

        // By SIGHUP, and a call that began before goes on to its end although its route is gone.
        Write(simulator, "two");
        serve.Signal("HUP");
        await UntilAsync(() => StatusAsync(url, "two"), HttpStatusCode.OK);
        (await StatusAsync(url, "one")).ShouldBe(HttpStatusCode.NotFound);
        (await open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldEndWith("data: [DONE]\n\n");

        // A bad file.
        cli.Write("sluice.yaml", "server: { listn: 1 }\n");
        serve.Signal("HUP");
        string printed = await serve.WaitForAsync("configuration not reloaded");
        printed.ShouldContain("sluice.yaml:1:11: unknown key 'listn' in server; did you mean 'listen'?\n");
        (await StatusAsync(url, "two")).ShouldBe(HttpStatusCode.OK);
        await serve.WaitForAsync("config.reload_refused {\"by\":\"signal\"}");

        // By the change alone.
        Write(simulator, "three");
        await UntilAsync(() => StatusAsync(url, "three"), HttpStatusCode.OK);
        await serve.WaitForAsync("config.reload {\"by\":\"file\"}");

        serve.Signal("TERM");
        (await serve.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Reload_ThatWouldOpenTheGatewayToAll_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGHUP means a reload on Unix only");
        const string Settings = "server: { listen: 0.0.0.0:0 }\nproviders: { sim: { type: openai, base_url: http://127.0.0.1:9/v1, api_key: any } }\n";
        cli.Write("sluice.yaml", Settings);
        await using var serve = new RunningCommand(cli.Start("serve"));
        await serve.WaitForAsync("shown only this once");

        cli.Write("sluice.yaml", Settings + "keys: { required: false }\n");
        serve.Signal("HUP");

        (await serve.WaitForAsync("configuration not reloaded")).ShouldContain("anyone could spend on your providers' keys");
        serve.Signal("TERM");
        (await serve.EndAsync()).ShouldBe(0);
    }

    private void Write(SimulatorServer simulator, string route) => cli.Write("sluice.yaml", $$"""
        server: { listen: 127.0.0.1:0 }
        providers:
          sim: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: any }
          other: { type: ollama, base_url: "{{simulator.BaseAddress}}ollama", models: [a] }
        models: { {{route}}: sim/sim-large }
        """);

    private async Task<HttpStatusCode> StatusAsync(string url, string model)
    {
        using var answer = await AskAsync(url, model, stream: false, "Hello");
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> AskAsync(string url, string model, bool stream, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/chat/completions");
        string flag = stream ? "true" : "false";
        request.Content = new StringContent($$"""{"model":"{{model}}","stream":{{flag}},"messages":[{"role":"user","content":"{{text}}"}]}""", Encoding.UTF8, "application/json");
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(Func<Task<HttpStatusCode>> ask, HttpStatusCode wanted)
    {
        while (await ask() != wanted) await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex ListensOn();
}
