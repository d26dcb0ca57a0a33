using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Settings of a provider that reach it.</summary>
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
}
