using Sluice.Chat;
using Sluice.Formats.Shared;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Token counts of conversations that another model's signed reasoning has gone through.</summary>
public sealed class CountTokensTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Fact]
    public async Task Anthropic_EnvelopeOfAnotherFamily_IsNotCounted()
    {
        string foreign = SignatureEnvelope.Write(new Signature("made-by-gemini", "gemini"), "anthropic");
        string own = SignatureEnvelope.Write(new Signature("made-by-claude", "anthropic"), "anthropic");
        string body = $$"""
            {"model":"sim-anthropic/large","messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"theirs","signature":"{{foreign}}"},
            {"type":"thinking","thinking":"mine","signature":"{{own}}"},{"type":"text","text":"a"}]},{"role":"user","content":"go on"}]}
            """;

        using var answer = await gateway.PostAsync("/v1/messages/count_tokens", body, ("anthropic-version", "2023-06-01"));

        (await JsonAsync(answer)).GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(0);
        string sent = gateway.Simulator.Requests.For("anthropic")[^1].Text;
        sent.ShouldNotContain(foreign);
        sent.ShouldContain("\"signature\":\"made-by-claude\"");
    }

    [Fact]
    public async Task Gemini_EnvelopeOfAnotherFamily_IsNotCounted()
    {
        string foreign = SignatureEnvelope.Write(new Signature("made-by-claude", "anthropic"), "gemini");
        string body = $$"""{"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"hm","thought":true,"thoughtSignature":"{{foreign}}"},{"text":"a"}]},{"role":"user","parts":[{"text":"go on"}]}]}""";

        using var answer = await gateway.PostAsync("/v1beta/models/sim-gemini/large:countTokens", body);

        (await JsonAsync(answer)).GetProperty("totalTokens").GetInt32().ShouldBeGreaterThan(0);
        gateway.Simulator.Requests.For("gemini")[^1].Text.ShouldNotContain(foreign);
    }
}
