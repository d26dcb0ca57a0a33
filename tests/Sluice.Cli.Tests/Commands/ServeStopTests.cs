using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

/// <summary>SIGTERM lets open streams finish; a second one ends the process at once.</summary>
public sealed partial class ServeStopTests : IDisposable
{
    private readonly CliProcess cli = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };

    public void Dispose()
    {
        cli.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task Term_WithAnOpenStream_TurnsReadyOffTakesNoNewCallsAndLetsItFinish()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are those of Unix");
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(50) }, TestContext.Current.CancellationToken);
        await using var serve = Serve(simulator);
        string url = Url().Match(await serve.WaitForAsync("r  -> sim/sim-large")).Value;
        using var open = await OpenAsync(url);

        serve.Signal("TERM");
        await serve.WaitForAsync("sluice: stopping");
        using var ready = await http.GetAsync(url + "/health/ready", TestContext.Current.CancellationToken);
        using var late = await OpenAsync(url);
        string stream = await open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        late.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        late.Headers.RetryAfter.ShouldNotBeNull();
        stream.ShouldEndWith("data: [DONE]\n\n");
        (await serve.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task SecondTerm_EndsAtOnce_WhateverIsOpen()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are those of Unix");
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { ChunkDelay = TimeSpan.FromSeconds(1) }, TestContext.Current.CancellationToken);
        await using var serve = Serve(simulator);
        string url = Url().Match(await serve.WaitForAsync("r  -> sim/sim-large")).Value;
        using var open = await OpenAsync(url);
        serve.Signal("TERM");
        await serve.WaitForAsync("sluice: stopping");

        serve.Signal("TERM");

        // The grace is an hour, and the stream would go on for a minute: the process is gone before either.
        (await serve.EndAsync()).ShouldNotBe(0);
        await Should.ThrowAsync<Exception>(() => open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private RunningCommand Serve(SimulatorServer simulator)
    {
        cli.Write("sluice.yaml", $$"""
            server: { listen: 127.0.0.1:0, shutdown_grace: 1h }
            providers: { sim: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: any } }
            models: { r: sim/sim-large }
            """);
        return new RunningCommand(cli.Start("serve"));
    }

    private async Task<HttpResponseMessage> OpenAsync(string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/chat/completions");
        request.Content = new StringContent($$"""{"model":"r","stream":true,"messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Range(0, 60))}}"}]}""", Encoding.UTF8, "application/json");
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Url();
}
