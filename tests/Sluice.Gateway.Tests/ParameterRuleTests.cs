using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Parameter rules on the way: what a model family would refuse does not reach it, and the answer says so.</summary>
public sealed class ParameterRuleTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Fact]
    public async Task Request_OfTheSameFormat_LosesWhatTheFamilyRefusesAndKeepsTheRest()
    {
        const string body = """{"model":"sim-openai/gpt-5", "max_tokens": 50,"temperature":0.2, "odd":[1.0],"messages":[{"role":"user","content":"Hi"}]}""";

        using var answer = await gateway.PostAsync("/v1/chat/completions", body);

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Sent().ShouldBe("""{"model":"gpt-5", "max_completion_tokens": 50, "odd":[1.0],"messages":[{"role":"user","content":"Hi"}]}""");
        Header(answer, "x-sluice-dropped").ShouldBe("max_tokens, temperature");
    }

    [Fact]
    public async Task Request_OfAnotherFormat_LosesWhatTheFamilyRefuses()
    {
        const string body = """{"model":"sim-openai/o4-mini","max_tokens":50,"temperature":0.2,"messages":[{"role":"user","content":"Hi"}]}""";

        using var answer = await gateway.PostAsync("/v1/messages", body);

        var sent = JsonDocument.Parse(Sent()).RootElement;
        sent.TryGetProperty("temperature", out _).ShouldBeFalse();
        sent.GetProperty("max_completion_tokens").GetInt32().ShouldBe(50);
        Header(answer, "x-sluice-dropped").ShouldNotBeNull().ShouldContain("temperature");
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    public async Task Request_InStrictMode_IsRefusedByName(string path)
    {
        const string body = """{"model":"sim-openai/o4-mini","max_tokens":50,"temperature":0.2,"messages":[{"role":"user","content":"Hi"}]}""";

        using var answer = await gateway.PostAsync(path, body, ("x-sluice-strict", "true"));

        ((int)answer.StatusCode).ShouldBe(400);
        (await TextAsync(answer)).ShouldContain("temperature");
    }

    [Fact]
    public async Task Request_OfAModelThatTakesEverything_IsNotReported()
    {
        const string body = """{"model":"sim-openai/gpt-4.1","max_tokens":50,"temperature":0.2,"messages":[{"role":"user","content":"Hi"}]}""";

        using var answer = await gateway.PostAsync("/v1/chat/completions", body);

        Sent().ShouldBe(body.Replace("sim-openai/", "", StringComparison.Ordinal));
        Header(answer, "x-sluice-dropped").ShouldBeNull();
    }

    private string Sent() => gateway.Simulator.Requests.For("openai")[^1].Text;
}
