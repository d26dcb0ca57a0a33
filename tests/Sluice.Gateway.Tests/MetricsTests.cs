using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary><c>/metrics</c>: what is measured, and that Prometheus takes it.</summary>
public sealed class MetricsTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private const string Providers = """
        defaults: { retry: { max_attempts: 2, base_delay: 1ms, max_delay: 2ms } }
        providers:
          down: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key: test, models: [large], breaker: { enabled: true, failures: 2, open_for: 1m } }
          sim: { type: openai, base_url: "URL/openai/v1", api_key: test, models: [large, gpt-4.1-mini] }
          anthropic: { type: anthropic, base_url: "URL/anthropic", api_key: test, models: [large] }
        models:
          pair: { strategy: fallback, targets: [down/large, sim/large] }
        """;

    [Fact]
    public async Task Calls_OfEveryKind_AreMeasured()
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, Providers);
        await CallAsync(host, "pair");
        await CallAsync(host, "sim/gpt-4.1-mini");
        await CallAsync(host, "anthropic/large", stream: true);
        await CallAsync(host, "nobody/knows-this");

        var metrics = await ReadAsync(host);

        metrics["sluice_calls_total{format=\"openai-chat\",lane=\"none\",outcome=\"not_found\",status=\"404\"}"].ShouldBe(1);
        metrics["sluice_attempts_total{provider=\"down\",gen_ai_request_model=\"large\",outcome=\"network\",sent=\"true\"}"].ShouldBe(2);
        metrics["sluice_retries_total{provider=\"down\",gen_ai_request_model=\"large\",reason=\"network\",kind=\"retry\"}"].ShouldBe(1);
        metrics["sluice_retries_total{provider=\"sim\",gen_ai_request_model=\"large\",reason=\"network\",kind=\"fallback\"}"].ShouldBe(1);
        metrics["sluice_breaker_state{provider=\"down\",gen_ai_request_model=\"large\"}"].ShouldBe(2);
        metrics["sluice_breaker_state{provider=\"sim\",gen_ai_request_model=\"large\"}"].ShouldBe(0);
        metrics["sluice_cost_usd_total{provider=\"sim\",gen_ai_request_model=\"gpt-4.1-mini\"}"].ShouldBe(0.0000108, 1e-9);
        metrics["sluice_open_calls"].ShouldBe(0);
        metrics["sluice_open_streams"].ShouldBe(0);
        const string Streamed = "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"anthropic\",provider=\"anthropic\",gen_ai_request_model=\"large\"}";
        metrics["gen_ai_client_operation_time_to_first_chunk_seconds_count" + Streamed].ShouldBe(1);
        metrics["gen_ai_client_operation_time_per_output_chunk_seconds_count" + Streamed].ShouldBePositive();
        metrics.Keys.ShouldContain(k => k.StartsWith("gen_ai_server_time_per_output_token_seconds_count{", StringComparison.Ordinal));
        metrics.Keys.ShouldContain(k => k.StartsWith("gen_ai_client_token_usage_sum{", StringComparison.Ordinal) && k.Contains("gen_ai_token_type=\"input\"", StringComparison.Ordinal));
        metrics.Keys.ShouldContain(k => k.StartsWith("sluice_gateway_overhead_seconds_bucket{", StringComparison.Ordinal) && k.Contains("le=\"0.0001\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CallThatQueuedAtALimit_IsMeasured()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"id":"a","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"""));
        // One call now, the next a tenth of a second later.
        await upstream.GatewayAsync("""providers: { lab: { type: openai, base_url: "URL/v1", api_key: test, models: [m], wait: true, limits: { rpm: 600, burst: 0.0017 } } }""");
        using (await upstream.ChatAsync("lab/m")) { }
        using (await upstream.ChatAsync("lab/m")) { }

        string text = await upstream.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        text.ShouldContain("sluice_limit_wait_seconds_count{route=\"none\",provider=\"lab\"} 1\n");
        text.ShouldContain("sluice_uncounted_calls_total{provider=\"lab\",gen_ai_request_model=\"m\"} 2\n");
    }

    [Fact]
    public async Task Names_ThatOnlyClientsSend_MakeNoSeries()
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, "providers: { sim: { type: openai, base_url: \"URL/openai/v1\", api_key: test } }");
        await CallAsync(host, "sim/first");
        int before = (await ReadAsync(host)).Count;

        for (int i = 0; i < 20; i++) await CallAsync(host, string.Create(CultureInfo.InvariantCulture, $"sim/invented-{i}"));

        var after = await ReadAsync(host);
        after.Count.ShouldBe(before);
        after.Keys.ShouldNotContain(k => k.Contains("invented", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promtool_AcceptsTheText()
    {
        Assert.SkipUnless(Tool("promtool") is { }, "promtool is not installed (apt-get install prometheus; eng/test-setup.sh does it)");
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, Providers);
        await CallAsync(host, "pair", stream: true);
        string text = await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        var (code, said) = await RunAsync("promtool", "check metrics", text);

        said.ShouldBeEmpty();
        code.ShouldBe(0);
    }

    [Fact]
    public async Task Promtool_AcceptsRulesAndScrapeConfiguration()
    {
        Assert.SkipUnless(Tool("promtool") is { }, "promtool is not installed (apt-get install prometheus; eng/test-setup.sh does it)");
        string deploy = Path.Combine(RepositoryPaths.Root, "deploy");

        (await RunAsync("promtool", $"check rules \"{deploy}/alerts.yml\"", "")).Code.ShouldBe(0);
        var (code, said) = await RunAsync("promtool", $"check config \"{deploy}/prometheus.yml\"", "");

        code.ShouldBe(0, said);
    }

    [Fact]
    public async Task Prometheus_ScrapesIt()
    {
        Assert.SkipUnless(Tool("prometheus") is { }, "prometheus is not installed (apt-get install prometheus; eng/test-setup.sh does it)");
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, Providers);
        await CallAsync(host, "sim/large");
        var folder = Directory.CreateTempSubdirectory("sluice-prometheus");
        string target = host.Host.Address.Authority;
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "p.yml"), $"{{ global: {{ scrape_interval: 100ms, scrape_timeout: 100ms }}, scrape_configs: [ {{ job_name: sluice, static_configs: [ {{ targets: ['{target}'] }} ] }} ] }}", TestContext.Current.CancellationToken);
        int port = FreePort();
        using var prometheus = Process.Start(new ProcessStartInfo("prometheus", $"--config.file=p.yml --storage.tsdb.path=data --web.listen-address=127.0.0.1:{port} --log.level=error") { WorkingDirectory = folder.FullName, RedirectStandardError = true, UseShellExecute = false })!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };

            var found = await UntilAsync(client, "/api/v1/query?query=" + Uri.EscapeDataString("sum(sluice_calls_total{outcome=\"ok\"})"));

            found.GetProperty("value")[1].GetString().ShouldBe("1");
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Dashboard_AndAlerts_AskOnlyForMetricsThatAreThere()
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, Providers);
        string text = await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var types = Regex.Matches(text, "^# TYPE (\\S+) (\\S+)$", RegexOptions.Multiline).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var there = types.SelectMany(t => t.Value == "histogram" ? [t.Key + "_bucket", t.Key + "_sum", t.Key + "_count"] : new[] { t.Key }).ToHashSet();
        string deploy = Path.Combine(RepositoryPaths.Root, "deploy");
        string dashboard = await File.ReadAllTextAsync(Path.Combine(deploy, "grafana", "sluice.json"), TestContext.Current.CancellationToken);
        string alerts = await File.ReadAllTextAsync(Path.Combine(deploy, "alerts.yml"), TestContext.Current.CancellationToken);

        var asked = Expressions(JsonDocument.Parse(dashboard).RootElement).Concat(Regex.Matches(alerts, "expr: (.*)").Select(m => m.Groups[1].Value))
            .SelectMany(e => Regex.Matches(e, @"\b(?:sluice|gen_ai)_\w+(?=[{\[ )])(?!\s*=)").Select(m => m.Value)).Where(n => !IsLabel(n)).ToHashSet();

        asked.Count.ShouldBeGreaterThan(15);
        asked.Except(there).ShouldBeEmpty();
    }

    // Names of labels begin as names of metrics do.
    private static bool IsLabel(string name) => name is "gen_ai_request_model" or "gen_ai_provider_name" or "gen_ai_operation_name" or "gen_ai_token_type";

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "expr" ? [p.Value.GetString()!] : Expressions(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    private static async Task CallAsync(SimulatedHost host, string model, bool stream = false)
    {
        var (path, body) = Ask("openai-chat", model, stream ? "Hello there [[sim:chunk=6;pause=20]]" : "Hello there", stream);
        using var answer = await host.PostAsync(path, body);
        await TextAsync(answer);
    }

    // The record of a call is made right after its last byte: the scrape must not overtake it.
    private static async Task<Dictionary<string, double>> ReadAsync(SimulatedHost host)
    {
        while (true)
        {
            string text = await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
            var all = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToDictionary(l => l[..l.LastIndexOf(' ')], l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
            if (all["sluice_open_calls"] == 0) return all;
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<JsonElement> UntilAsync(HttpClient client, string query)
    {
        while (true)
        {
            try
            {
                var result = JsonDocument.Parse(await client.GetStringAsync(query, TestContext.Current.CancellationToken)).RootElement.GetProperty("data").GetProperty("result");
                if (result.GetArrayLength() > 0) return result[0];
            }
            catch (HttpRequestException)
            {
                // Not up yet.
            }
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static string? Tool(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, name)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<(int Code, string Said)> RunAsync(string tool, string arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        string said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, said);
    }
}
