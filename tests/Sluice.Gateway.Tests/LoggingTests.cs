using System.Net;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Steps, headers and bodies in the log; levels by category; what a reload changes.</summary>
public sealed class LoggingTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private const string Providers = """
        providers:
          down: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key: key-of-down-123, retry: { max_attempts: 1 } }
          sim: { type: anthropic, base_url: "URL/anthropic", api_key: key-of-sim-12345 }
        models: { pair: { strategy: fallback, targets: [down/large, sim/large] } }
        """;

    [Fact]
    public async Task Debug_ShowsEachStepOfACall()
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, $"logging: {{ format: json, level: debug }}\n{Providers}");
        using (await host.PostAsync("/v1/chat/completions", """{"model":"pair","seed":7,"messages":[{"role":"user","content":"Hi"}]}""")) { }

        var lines = Parse(await host.LinesAsync());

        var steps = lines.Where(l => Text(l, "event") == "step").ToArray();
        steps.Select(s => Text(s, "category")!["Sluice.Steps.".Length..]).ShouldBe(["Decode", "Admit", "Route", "Attempt", "Attempt", "Attempt", "Translate", "Attempt", "Attempt"], ignoreOrder: true);
        Text(steps.Single(s => Text(s, "category") == "Sluice.Steps.Route"), "message").ShouldBe("route 'pair', strategy fallback: down/large, sim/large");
        Text(steps.Single(s => Text(s, "category") == "Sluice.Steps.Translate"), "message").ShouldNotBeNull().ShouldContain("seed");
        steps.ShouldContain(s => Text(s, "message")!.StartsWith("down/large failed after", StringComparison.Ordinal));
        string id = Text(lines.Single(l => Text(l, "event") == "call"), "request_id")!;
        steps.ShouldAllBe(s => Text(s, "request_id") == id);
    }

    [Fact]
    public async Task Levels_OfCategories_ShowSomeStepsAndHideCalls()
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, $"logging: {{ format: json, levels: {{ Sluice.Call: error, Sluice.Steps.Route: debug }} }}\n{Providers}");
        await CallAsync(host, "pair");

        Parse(await host.LinesAsync()).ShouldHaveSingleItem().GetProperty("category").GetString().ShouldBe("Sluice.Steps.Route");
    }

    [Fact]
    public async Task Reload_ChangesLevelAndFormat_ForTheNextCall()
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, $"logging: {{ format: json, level: none }}\n{Providers}");
        await CallAsync(host, "pair");
        host.Reload(gateway.Simulator, $"logging: {{ format: json, level: info, bodies: headers }}\n{Providers}");
        await CallAsync(host, "sim/large");

        Parse(await host.LinesAsync()).Select(l => Text(l, "event")).ShouldBe(["client_request", "upstream_request", "upstream_response", "call"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bodies_Full_ShowWhatWentBothWays_Bounded(bool stream)
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, $"logging: {{ format: json, bodies: full, max_body: 300B, redact: ['\\b\\d{{16}}\\b'] }}\n{Providers}");
        string text = "Card 4111111111111111, then " + new string('x', 20_000);
        var (path, body) = Ask("openai-chat", "sim/large", text, stream);
        using (var answer = await host.PostAsync(path, body)) await TextAsync(answer);

        var lines = Parse(await host.LinesAsync());

        var request = lines.Single(l => Text(l, "event") == "client_request");
        string logged = Text(request, "body")!;
        logged.ShouldContain("Card ***, then xxx");
        logged.Length.ShouldBeLessThanOrEqualTo(303);
        request.GetProperty("body_bytes").GetInt64().ShouldBe(body.Length);
        Text(lines.Single(l => Text(l, "event") == "upstream_request"), "body").ShouldNotBeNull().ShouldContain("\"messages\"");
        Text(lines.Single(l => Text(l, "event") == "upstream_response"), "body").ShouldNotBeNullOrEmpty();
        string.Join('\n', lines.Select(l => l.GetRawText())).ShouldNotContain("4111111111111111");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task Client_CannotForgeALine_WithAnyModeOfLogging(string format)
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, $"logging: {{ format: {format}, level: debug, bodies: full }}\n{Providers}");
        const string Evil = "a\\r\\n12:00:00.000 info    200 forged\\u2028b\\u001b[2Jc\\u0085d\\u202ee";
        using (await host.PostAsync("/v1/chat/completions", $$"""{"model":"{{Evil}}","messages":[{"role":"user","content":"{{Evil}}"}]}""", ("x-note", "plain"))) { }
        using (await host.PostAsync("/v1/chat/completions", $$"""{"model":"sim/{{Evil}}","messages":[{"role":"{{Evil}}","content":"{{Evil}}"}],"{{Evil}}":1}""")) { }
        using (await host.PostAsync("/v1/chat/completions", "{\"model\":\"sim/large\",\n\n\"messages\":[{\"role\":\"user\",\"content\":\"raw\u2028break\"}]}\n{\"time\":\"forged\"}\n")) { }

        string[] lines = await host.LinesAsync();

        lines.Length.ShouldBeGreaterThan(5);
        foreach (string line in lines)
        {
            line.ShouldNotContain('\u001b');
            line.ShouldNotContain('\r');
            if (format == "json") JsonDocument.Parse(line).RootElement.GetProperty("event").GetString().ShouldBeOneOf("call", "step", "client_request", "upstream_request", "upstream_response");
            else line[..12].ShouldMatch(@"^\d\d:\d\d:\d\d\.\d\d\d$");
        }
        if (format == "text") lines.ShouldAllBe(l => !l.StartsWith("12:00:00.000", StringComparison.Ordinal) && l.All(c => !char.IsControl(c) && c != '\u2028' && c != '\u202e'));
    }

    private static async Task CallAsync(SimulatedHost host, string model)
    {
        var (path, body) = Ask("openai-chat", model, "Hello there");
        using var answer = await host.PostAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
    }

    private static JsonElement[] Parse(string[] lines) => [.. lines.Select(l => JsonDocument.Parse(l).RootElement)];

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
}
