using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What operators see: one line a call, and metrics.</summary>
public sealed class TelemetryTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Fact]
    public async Task Metrics_AfterCalls_CountThem()
    {
        var (path, body) = Ask("openai-chat", "pair", "Hello there");
        using (await gateway.PostAsync(path, body)) { }

        string text = await gateway.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        text.ShouldContain("# TYPE sluice_calls_total counter");
        text.ShouldContain("sluice_calls_total{format=\"openai-chat\",lane=\"spliced\",outcome=\"ok\",status=\"200\"}");
        text.ShouldContain("gen_ai_client_operation_duration_seconds_bucket{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\",provider=\"sim-openai\",gen_ai_request_model=\"large\",le=\"+Inf\"}");
    }

    [Fact]
    public async Task Metrics_OfAModelThatOnlyRequestsName_HaveNoLabelOfIt()
    {
        var (path, body) = Ask("openai-chat", "sim-openai/made-up-by-a-client", "Hello there");
        using (await gateway.PostAsync(path, body)) { }

        (await gateway.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).ShouldNotContain("made-up-by-a-client");
    }

    [Fact]
    public async Task Cost_OfAKnownPrice_IsInTheAnswersHead()
    {
        var (path, body) = Ask("anthropic-messages", "sim-openai/gpt-4.1-mini", "Hello there");

        using var answer = await gateway.PostAsync(path, body);

        // The simulator counts 3 tokens in and 6 out: 3 x 0.4 + 6 x 1.6 USD a million.
        Header(answer, "x-sluice-cost-usd").ShouldBe("0.0000108");
    }

    [Theory]
    [InlineData(LogFormat.Json)]
    [InlineData(LogFormat.Text)]
    public async Task Log_OfAForgedModelName_IsOneLine(LogFormat format)
    {
        using var output = new MemoryStream();
        var config = Config(gateway, format);
        await using (var host = await GatewayHost.StartAsync(config, new GatewayHostOptions { LogOutput = output }, TestContext.Current.CancellationToken))
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            using var answer = await client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"sim/evil\n12:00 info 200 forged","messages":[{"role":"user","content":"x"}]}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await TextAsync(answer));
            await host.StopAsync();
        }

        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(1);
        if (format == LogFormat.Json) JsonDocument.Parse(lines[0]).RootElement.GetProperty("status").GetInt32().ShouldBe(400);
    }

    private static SluiceConfig Config(SimulatedGateway gateway, LogFormat format)
    {
        string url = gateway.Simulator.BaseAddress.GetLeftPart(UriPartial.Authority);
        var result = ConfigurationLoader.LoadText(
            $$"""
            server: { listen: "127.0.0.1:0" }
            logging: { format: {{(format == LogFormat.Json ? "json" : "text")}} }
            providers:
              sim: { type: openai, base_url: "{{url}}/openai/v1", api_key: test }
            """,
            "test",
            new ProcessEnvironment());
        return result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults));
    }
}
