using System.ClientModel;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using Sluice.Storage.Sqlite;

namespace Sluice.Sdk.Tests;

/// <summary>The official packages with a virtual key as their API key, made over the administration API of a gateway with its usual store.</summary>
public sealed class VirtualKeySdkTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-sdk-").FullName;
    private readonly HttpClient _http = new();
    private SimulatorServer _simulator = null!;
    private SqliteStore _store = null!;
    private GatewayHost _gateway = null!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        string yaml = $$"""
            server: { listen: "127.0.0.1:0" }
            providers: { sim: { type: openai, base_url: "{{_simulator.BaseAddress}}openai/v1", api_key: test, models: [large, small] } }
            models: { smart: sim/large }
            keys: { required: true }
            """;
        var config = ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment()).Config!;
        _store = SqliteStore.Open(Path.Combine(_folder, "sluice.db"), TimeProvider.System).Value!;
        _gateway = await GatewayHost.StartAsync(config, new GatewayHostOptions { Store = _store });
        _key = await MakeAsync("""{"name":"ada","models":["smart"]}""");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _store.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task OpenAI_GoodKeyAnswers_WrongIs401_ForbiddenModelIs403()
    {
        ChatCompletion answer = await OpenAIClient(_key, "smart").CompleteChatAsync([new UserChatMessage("Hello there")], cancellationToken: TestContext.Current.CancellationToken);
        answer.Content[0].Text.ShouldContain("Hello there");

        (await Should.ThrowAsync<ClientResultException>(() => OpenAIClient("sk-wrong", "smart").CompleteChatAsync("Hello there"))).Status.ShouldBe(401);
        var forbidden = await Should.ThrowAsync<ClientResultException>(() => OpenAIClient(_key, "sim/small").CompleteChatAsync("Hello there"));
        forbidden.Status.ShouldBe(403);
        forbidden.Message.ShouldContain("may not use 'sim/small'");
    }

    [Fact]
    public async Task Anthropic_GoodKeyAnswers_WrongIs401_ForbiddenModelIs403()
    {
        var answer = await AnthropicClient(_key).Messages.Create(Request("smart"), TestContext.Current.CancellationToken);
        string.Concat(answer.Content.Select(b => b.TryPickText(out var text) ? text.Text : "")).ShouldContain("Hello there");

        await Should.ThrowAsync<Anthropic.Exceptions.AnthropicUnauthorizedException>(() => AnthropicClient("sk-wrong").Messages.Create(Request("smart")));
        await Should.ThrowAsync<Anthropic.Exceptions.AnthropicForbiddenException>(() => AnthropicClient(_key).Messages.Create(Request("sim/small")));
    }

    private async Task<string> MakeAsync(string settings)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.AdminAddress, "/admin/api/keys")) { Content = new StringContent(settings, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _gateway.MadeAdminKey);
        using var answer = await _http.SendAsync(request);
        using var made = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("key").GetString()!;
    }

    private ChatClient OpenAIClient(string key, string model) => new(model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(_gateway.Address, "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });

    private AnthropicClient AnthropicClient(string key) => new() { ApiKey = key, BaseUrl = _gateway.Address.GetLeftPart(UriPartial.Authority), MaxRetries = 0 };

    private static MessageCreateParams Request(string model) => new() { Model = model, MaxTokens = 300, Messages = [new UserMessageParam("Hello there")] };
}
