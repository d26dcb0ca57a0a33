using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;

namespace Sluice.Gateway.Tests;

/// <summary>A gateway on a free port before simulated providers. Each test class gets its own, so that faults do not meet.</summary>
public sealed class SimulatedGateway : IAsyncLifetime
{
    /// <summary>Routes and settings for all tests; short waits where a test provokes them.</summary>
    private const string Settings = """
        server: { listen: "127.0.0.1:0", max_request_body: 256KiB }
        defaults:
          timeout: { connect: 2s, first_token: 1s, idle: 1s, total: 20s }
          retry: { max_attempts: 2, base_delay: 10ms, max_delay: 50ms }
          breaker: { enabled: false }
        providers:
          sim-openai: { type: openai, base_url: "URL/openai/v1", api_key: test, formats: [openai-chat, openai-responses, openai-completions] }
          sim-anthropic: { type: anthropic, base_url: "URL/anthropic", api_key: test }
          sim-gemini: { type: gemini, base_url: "URL/gemini", api_key: test }
          sim-ollama: { type: ollama, base_url: "URL/ollama" }
          sim-deepseek: { type: deepseek, base_url: "URL/openai/v1", api_key: test }
          sim-lab: { type: openai-compatible, base_url: "URL/openai/v1", api_key: test, quirks: { reasoning_back: reasoning_content } }
          sim-cohere: { type: cohere, base_url: "URL/cohere", api_key: test, breaker: { enabled: true, failures: 5, open_for: 30s } }
          wrong-key: { type: openai, base_url: "URL/openai/v1", api_key: bad-key }
          limited: { type: openai, base_url: "URL/openai/v1", api_key: test, limits: { rpm: 20 } }
          nowhere: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key: test }
        models:
          pair: { strategy: fallback, targets: [sim-openai/large, sim-anthropic/large] }
          turns: { strategy: round_robin, targets: [sim-openai/large, sim-gemini/large] }
          weights: { strategy: weighted, targets: [{ model: sim-openai/large, weight: 3 }, { model: sim-gemini/large, weight: 1 }] }
          mixed: { strategy: fallback, targets: [nowhere/large, wrong-key/large, sim-gemini/large] }
        """;

    private GatewayHost _gateway = null!;

    public SimulatorServer Simulator { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        string yaml = Settings.Replace("URL", Simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        var result = ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment());
        _gateway = await GatewayHost.StartAsync(result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults)));
        Client = new HttpClient { BaseAddress = _gateway.Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await Simulator.DisposeAsync();
    }

    /// <summary>Posts JSON text as it is.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>A chat request in a dialect.</summary>
    public static (string Path, string Body) Ask(string dialect, string model, string text, bool stream = false)
    {
        string quoted = JsonSerializer.Serialize(text);
        string flag = stream ? "true" : "false";
        return dialect switch
        {
            "openai-chat" => ("/v1/chat/completions", $$"""{"model":"{{model}}","stream":{{flag}},"messages":[{"role":"user","content":{{quoted}}}]}"""),
            "openai-responses" => ("/v1/responses", $$"""{"model":"{{model}}","stream":{{flag}},"input":{{quoted}}}"""),
            "anthropic-messages" => ("/v1/messages", $$"""{"model":"{{model}}","stream":{{flag}},"max_tokens":500,"messages":[{"role":"user","content":{{quoted}}}]}"""),
            "gemini-generate" => ($"/v1beta/models/{model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}", $$"""{"contents":[{"role":"user","parts":[{"text":{{quoted}}}]}]}"""),
            "ollama-chat" => ("/api/chat", $$"""{"model":"{{model}}","stream":{{flag}},"messages":[{"role":"user","content":{{quoted}}}]}"""),
            _ => throw new ArgumentException(dialect, nameof(dialect)),
        };
    }

    public static IEnumerable<string> Dialects => ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate", "ollama-chat"];

    public static IEnumerable<string> Upstreams => ["sim-openai", "sim-anthropic", "sim-gemini", "sim-ollama"];

    public static async Task<string> TextAsync(HttpResponseMessage answer) => await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await TextAsync(answer)).RootElement;

    public static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
