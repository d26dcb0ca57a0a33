using System.Net;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Strategies over several targets, and targets that rest.</summary>
public sealed class RoutingTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Fact]
    public async Task RoundRobin_TakesEachInTurn()
    {
        var providers = new List<string?>();
        for (int i = 0; i < 4; i++) providers.Add(await ProviderAsync("turns"));

        providers.ShouldBe(["sim-openai", "sim-gemini", "sim-openai", "sim-gemini"]);
    }

    [Fact]
    public async Task Weighted_FollowsTheWeights()
    {
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < 200; i++)
        {
            string provider = (await ProviderAsync("weights"))!;
            counts[provider] = counts.GetValueOrDefault(provider) + 1;
        }

        // 3 to 1 over 200 draws: 150 expected; ten standard deviations to either side can't fail by chance.
        counts["sim-openai"].ShouldBeInRange(90, 199);
        counts["sim-gemini"].ShouldBePositive();
    }

    [Fact]
    public async Task Target_ThatKeepsFailing_RestsAndIsSaidToRest()
    {
        gateway.Simulator.Script("cohere", [.. Enumerable.Repeat(Fault.WithStatus(503), 20)]);
        var (path, body) = Ask("openai-chat", "sim-cohere/large", "x");
        HttpStatusCode last = default;
        for (int i = 0; i < 6; i++)
        {
            using var failed = await gateway.PostAsync(path, body);
            last = failed.StatusCode;
        }
        gateway.Simulator.ResetFaults();
        int asked = gateway.Simulator.Requests.For("cohere").Count;

        using var answer = await gateway.PostAsync(path, body);

        last.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await TextAsync(answer)).ShouldContain("rests");
        Header(answer, "Retry-After").ShouldNotBeNull();
        gateway.Simulator.Requests.For("cohere").Count.ShouldBe(asked);
    }

    private async Task<string?> ProviderAsync(string route)
    {
        var (path, body) = Ask("openai-chat", route, "x");
        using var answer = await gateway.PostAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        return Header(answer, "x-sluice-provider");
    }
}
