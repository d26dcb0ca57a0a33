using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Plants a secret wherever one can be, and looks for it in everything that is told.</summary>
public sealed class SecretTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private const string Mark = "PLANTED";

    // Each is told by what stands after the mark: a find says which it was.
    private static readonly string[] Secrets =
    [
        "PLANTED-provider-key-1", "PLANTED-provider-key-2", "PLANTED+other/key=", "PLANTED-admin-key", "PLANTED-pepper-0123456789abcdef0123456789", "PLANTED-collector-key", "PLANTED-rule-key",
        "PLANTED-client-bearer", "PLANTED-client-key", "PLANTED-client-cookie", "PLANTED-client-query", "PLANTED-client-goog", "PLANTED-body",
    ];

    private const string Yaml = """
        admin: { key: "PLANTED-admin-key" }
        keys: { pepper: "PLANTED-pepper-0123456789abcdef0123456789", required: false }
        telemetry: { otlp: "COLLECTOR", otlp_headers: { x-key: "PLANTED-collector-key" } }
        budgets: { webhook: "https://hooks.example/PLANTED-webhook" }
        defaults: { retry: { max_attempts: 1 } }
        providers:
          quoting: { type: openai, base_url: "QUOTING/v1", api_keys: ["PLANTED-provider-key-1", "PLANTED-provider-key-2"] }
          query: { type: gemini, base_url: "QUOTING", api_key: "PLANTED+other/key=", auth: { scheme: query } }
          rule: { type: openai, base_url: "QUOTING/v1", api_key: none-needed, headers: { set: { Authorization: "Bearer PLANTED-rule-key" } } }
          passing: { type: openai, base_url: "QUOTING/v1", auth: { scheme: passthrough } }
          good: { type: openai, base_url: "URL/openai/v1", api_key: test }
        models:
          all: { strategy: fallback, targets: [quoting/m, query/m, rule/m] }
        """;

    public static IEnumerable<TheoryDataRow<string, string, string>> Modes =>
        from format in new[] { "json", "text" }
        from level in new[] { "trace", "debug", "info", "warning", "error", "none" }
        from bodies in new[] { "none", "headers", "full" }
        select new TheoryDataRow<string, string, string>(format, level, bodies);

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Secret_IsInNothingThatIsTold(string format, string level, string bodies)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: false);
        await using var quoting = await FakeUpstream.StartAsync(Quote);
        var told = new StringBuilder();
        string yaml = Yaml.Replace("COLLECTOR", collector.Address, StringComparison.Ordinal).Replace("QUOTING", quoting.Address, StringComparison.Ordinal);
        string[] log;
        await using (var host = await SimulatedHost.StartAsync(gateway.Simulator, $"logging: {{ format: {format}, level: {level}, bodies: {bodies}, redact: ['PLANTED-body'] }}\n{yaml}"))
        {
            foreach (bool stream in new[] { false, true })
            {
                foreach (string model in new[] { "quoting/m", "query/m", "rule/m", "passing/m", "all", "good/large", "good/PLANTED-body-model", "nowhere/m" }) told.Append(await AskAsync(host, model, stream));
            }
            told.Append(await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
            told.Append(await host.Client.GetStringAsync("/health", TestContext.Current.CancellationToken));
            log = await host.LinesAsync();
        }

        // What the client itself wrote may come back to it: its own model name is not told to anybody else.
        Found(told.ToString().Replace("PLANTED-body-model", "", StringComparison.Ordinal)).ShouldBeEmpty();
        Found(string.Join('\n', log)).ShouldBeEmpty();
        Found(collector.Raw).ShouldBeEmpty();
        quoting.Requests.Count.ShouldBeGreaterThan(8);
        if (level is not "none" && (level is "trace" or "debug" or "info" || bodies == "none")) log.ShouldNotBeEmpty();
    }

    // An upstream that refuses, and tells all that it was sent: in its words, its code, its headers and its stream.
    private static FakeAnswer Quote(FakeRequest request)
    {
        string all = string.Join(" ", request.Headers.Select(h => $"{h.Key}: {h.Value}")) + " " + request.Target + " " + Uri.UnescapeDataString(request.Target);
        string quoted = System.Text.Json.JsonSerializer.Serialize(all);
        if (request.Text.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            string chunk = """{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}""";
            return new FakeAnswer(200, "text/event-stream", Encoding.UTF8.GetBytes($"data: {chunk}\n\ndata: {{\"error\":{{\"message\":{quoted},\"code\":{quoted}}}}}\n\n"));
        }
        return FakeAnswer.Json($"{{\"error\":{{\"message\":{quoted},\"type\":{quoted},\"code\":{quoted},\"param\":{quoted},\"details\":[{{\"request\":{quoted}}}]}}}}", 401);
    }

    private static async Task<string> AskAsync(SimulatedHost host, string model, bool stream)
    {
        var (path, body) = Ask("openai-chat", model, "Keep PLANTED-body to yourself", stream);
        using var answer = await host.PostAsync(
            path + "?key=PLANTED-client-query",
            body,
            ("Authorization", "Bearer PLANTED-client-bearer"),
            ("x-api-key", "PLANTED-client-key"),
            ("x-goog-api-key", "PLANTED-client-goog"),
            ("Cookie", "session=PLANTED-client-cookie"),
            ("baggage", "user=PLANTED-client-key"));
        string text = string.Join('\n', answer.Headers.Select(h => $"{h.Key}: {string.Join(',', h.Value)}")) + await TextAsync(answer);
        // A good answer repeats what it was asked: it is the client's own.
        return model.StartsWith("good/", StringComparison.Ordinal) ? text[..text.IndexOf('{', StringComparison.Ordinal)] : text;
    }

    private static IEnumerable<string> Found(string text) => Spellings.Where(s => text.Contains(s, StringComparison.OrdinalIgnoreCase)).Concat(text.Contains(Mark, StringComparison.OrdinalIgnoreCase) ? [Around(text)] : []);

    private static IEnumerable<string> Spellings => Secrets.SelectMany(s => new[] { s, Uri.EscapeDataString(s), Convert.ToBase64String(Encoding.UTF8.GetBytes(s)) });

    private static string Around(string text)
    {
        int at = text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 120)..Math.Min(text.Length, at + 60)];
    }
}
