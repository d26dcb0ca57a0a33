using System.Text;
using System.Text.Json;
using Sluice.Access.Administration;
using Sluice.Configuration;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Yaml;
using Sluice.Gateway.Admin;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using Sluice.Telemetry;

namespace Sluice.Gateway.Tests;

/// <summary>A gateway that needs keys, before simulated providers. Keys are made as another process would: on the store.</summary>
internal sealed class KeyedGateway : IAsyncDisposable
{
    private const string Settings = """
        server: { listen: "127.0.0.1:0", max_request_body: 256KiB }
        storage: { on_failure: POLICY }
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false }, unknown_price: allow }
        providers:
          sim-openai: { type: openai, base_url: "URL/openai/v1", api_key: upstream-key-1, models: [large, small], formats: [openai-chat, openai-responses, openai-completions] }
          sim-anthropic: { type: anthropic, base_url: "URL/anthropic", api_key: upstream-key-2, models: [large] }
          sim-gemini: { type: gemini, base_url: "URL/gemini", api_key: upstream-key-3, models: [large], price: { input: 1, output: 1 } }
          sim-ollama: { type: ollama, base_url: "URL/ollama", models: [large] }
          own: { type: openai, base_url: "URL/openai/v1", auth: passthrough, models: [large] }
        models:
          chat: { targets: [sim-openai/large, sim-anthropic/large] }
          other: { targets: [sim-gemini/large] }
          "any-*": { targets: [sim-openai/*, sim-gemini/*] }
        keys:
          required: REQUIRED
          groups:
            company: { limits: { rpm: 30 } }
            search: { parent: company, models: [chat, "sim-openai/*"] }
            tight: { parent: company, limits: { rpm: 5 } }
            lean: { providers: [sim-ollama] }
        EXTRA
        """;

    private readonly GatewayHost _host;
    private readonly KeyAdministration _keys;
    private bool _isStopped;

    private KeyedGateway(SimulatorServer simulator, GatewayHost host, FaultyStore store, MemoryStream log, TimeProvider time)
    {
        (Simulator, _host, Store, Log, Time) = (simulator, host, store, log, time);
        _keys = new KeyAdministration(store.Keys, new AuditLog(null, store.Audit, () => host.State.Current.Secrets), () => host.State.Current.Config, time);
        Client = new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public SimulatorServer Simulator { get; }

    public FaultyStore Store { get; }

    public MemoryStream Log { get; }

    public TimeProvider Time { get; }

    public HttpClient Client { get; }

    public KeyAdministration Keys => _keys;

    /// <summary>The admin key, made at the start.</summary>
    public string AdminKey => _host.MadeAdminKey ?? "";

    public Uri AdminAddress => _host.AdminAddress;

    /// <summary>A request to the administration API, with the admin key where none is given.</summary>
    public async Task<HttpResponseMessage> AdminAsync(string method, string path, string? json = null, string? key = null, string? match = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(AdminAddress, "/admin/api/" + path));
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (key ?? AdminKey));
        if (match is not null) request.Headers.TryAddWithoutValidation("If-Match", match);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<KeyedGateway> StartAsync(string extra = "", string policy = "refuse", bool required = true, TimeProvider? time = null)
    {
        var simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        string yaml = Settings.Replace("URL", simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal).Replace("POLICY", policy, StringComparison.Ordinal).Replace("REQUIRED", required ? "true" : "false", StringComparison.Ordinal).Replace("EXTRA", extra, StringComparison.Ordinal);
        var result = ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment());
        var store = new FaultyStore();
        var log = new MemoryStream();
        time ??= TimeProvider.System;
        var options = new GatewayHostOptions { Store = store, Time = time, LogOutput = log, Configuration = new ConfigurationAccess(() => result, () => result) };
        var host = await GatewayHost.StartAsync(result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults)), options);
        return new KeyedGateway(simulator, host, store, log, time);
    }

    /// <summary>Makes a key with settings as JSON.</summary>
    public async Task<IssuedKey> CreateAsync(string settings = "{}")
    {
        var made = await _keys.CreateAsync(Node(settings), new Administrator("cli"), TestContext.Current.CancellationToken);
        return made.IsSuccess ? made.Value : throw new InvalidOperationException(made.Error.Message);
    }

    public static MapNode Node(string json) => (MapNode)JsonNodes.Of(JsonDocument.Parse(json).RootElement);

    /// <summary>A small chat call in a dialect, with a key where that dialect's SDK puts it.</summary>
    public async Task<HttpResponseMessage> CallAsync(string? key, string model = "sim-openai/large", string dialect = "openai-chat", params (string Name, string Value)[] headers)
    {
        var (path, body) = SimulatedGateway.Ask(dialect, model, "Hello there");
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.TryAddWithoutValidation(HeaderOf(dialect), dialect is "anthropic-messages" or "gemini-generate" ? key : "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? key, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Stops the gateway; all lines of its log.</summary>
    public async Task<IReadOnlyList<JsonElement>> LinesAsync()
    {
        await StopAsync();
        return [.. Encoding.UTF8.GetString(Log.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private async Task StopAsync()
    {
        if (_isStopped) return;
        _isStopped = true;
        await _host.StopAsync();
        await _host.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await Simulator.DisposeAsync();
        await Store.DisposeAsync();
    }

    private static string HeaderOf(string dialect) => dialect switch { "anthropic-messages" => "x-api-key", "gemini-generate" => "x-goog-api-key", _ => "Authorization" };
}
