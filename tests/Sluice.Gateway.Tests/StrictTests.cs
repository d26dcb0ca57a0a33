using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Strict mode refuses what would be lost, and nothing that is carried by other words.</summary>
public sealed class StrictTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Theory]
    [InlineData("sim-gemini", "\"store\":true")]
    [InlineData("sim-gemini", "\"store\":false")]
    [InlineData("sim-anthropic", "\"store\":true")]
    [InlineData("sim-ollama", "\"reasoning\":{\"effort\":\"high\",\"summary\":\"auto\"}")]
    [InlineData("sim-cohere", "\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}")]
    [InlineData("sim-deepseek", "\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}")]
    public async Task WhatIsCarriedByOtherWords_IsServed(string provider, string setting)
    {
        using var answer = await gateway.PostAsync("/v1/responses", $$"""{"model":"{{provider}}/large","input":"Hello",{{setting}}}""", ("x-sluice-strict", "true"));

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Header(answer, "x-sluice-dropped").ShouldBeNull();
    }

    [Theory]
    [InlineData("sim-gemini", "\"user\":\"ann\"", "user")]
    [InlineData("sim-ollama", "\"reasoning\":{\"effort\":\"high\",\"summary\":\"detailed\"}", "reasoning.summary")]
    public async Task WhatWouldBeLost_IsRefusedByName(string provider, string setting, string field)
    {
        using var answer = await gateway.PostAsync("/v1/responses", $$"""{"model":"{{provider}}/large","input":"Hello",{{setting}}}""", ("x-sluice-strict", "true"));

        ((int)answer.StatusCode).ShouldBe(400);
        (await TextAsync(answer)).ShouldContain(field);
    }
}
