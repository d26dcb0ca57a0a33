using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Settings of a provider that reach it, and those that this version names as not applied.</summary>
public sealed class ProviderSettingTests
{
    private const string Models = """{"object":"list","data":[{"id":"m","object":"model"}]}""";

    [Fact]
    public async Task Organization_IsSentWithCallsAndWithTheModelList()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Models));
        await fake.GatewayAsync("""providers: { lab: { type: openai, base_url: "URL/v1", api_key: k, organization: org-lab } }""");

        using var call = await fake.ChatAsync("lab/m");
        using var list = await fake.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);

        fake.Requests.Select(r => r.Method).Distinct().Count().ShouldBe(2);
        fake.Requests.ShouldAllBe(r => r.Headers["openai-organization"] == "org-lab");
    }

    [Theory]
    [InlineData("5m", 1)]
    [InlineData("0s", 3)]
    public async Task ModelList_IsKeptForModelsTtl(string timeToLive, int asked)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Models));
        await fake.GatewayAsync($$"""
            providers: { lab: { type: openai, base_url: "URL/v1", api_key: k } }
            cache: { models_ttl: {{timeToLive}} }
            """);

        for (int i = 0; i < 3; i++)
        {
            using var list = await fake.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
            (await TextAsync(list)).ShouldContain("lab/m");
        }

        fake.Requests.Count.ShouldBe(asked);
    }

    [Theory]
    [InlineData("cache: { responses: {} }", "cache.responses")]
    [InlineData("server: { fetch_urls: true }", "server.fetch_urls")]
    [InlineData("defaults: { on_disconnect: finish }", "defaults.on_disconnect")]
    [InlineData("models: { r: { targets: [lab/m], on_disconnect: finish } }", "models.r.on_disconnect")]
    [InlineData("server: { fetch_urls: false }", null)]
    public void NotApplied_NamesWhatIsWrittenInVain(string yaml, string? name)
    {
        var loaded = ConfigurationLoader.LoadText($"providers: {{ lab: {{ type: openai, api_key: k }} }}\n{yaml}\n", "test", new ProcessEnvironment());

        StartChecks.NotApplied(loaded.Config ?? throw new InvalidOperationException(string.Join('\n', loaded.Faults))).ShouldBe(name is null ? [] : [name]);
    }
}
