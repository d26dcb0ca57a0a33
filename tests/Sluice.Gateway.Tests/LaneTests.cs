using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Which lane a call takes, and what each lane leaves untouched.</summary>
public sealed class LaneTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Fact]
    public async Task Request_OfTheSameFormat_KeepsEveryByteButTheModel()
    {
        const string body = """{ "unknown_field" : {"a":[1,2.50,1e3]},"model":"sim-openai/large", "messages":[{"role":"user","content":"Hi","x":null}] ,"seed":1234567890123456789 }""";

        using var answer = await gateway.PostAsync("/v1/chat/completions", body);

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Header(answer, "x-sluice-lane").ShouldBe("spliced");
        Sent("openai").ShouldBe(body.Replace("sim-openai/large", "large", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_ThatNeedsNoChange_IsPassedOnVerbatim()
    {
        // Gemini names the model in the path: nothing in the body changes.
        var (path, body) = Ask("gemini-generate", "sim-gemini/large", "Hi");

        using var answer = await gateway.PostAsync(path, body);

        Header(answer, "x-sluice-lane").ShouldBe("verbatim");
        Sent("gemini").ShouldBe(body);
    }

    [Theory]
    [InlineData("openai-chat", "sim-anthropic")]
    [InlineData("anthropic-messages", "sim-openai")]
    [InlineData("ollama-chat", "sim-gemini")]
    public async Task Request_OfAnotherFormat_IsTranslated(string dialect, string upstream)
    {
        var (path, body) = Ask(dialect, $"{upstream}/large", "Hello there");

        using var answer = await gateway.PostAsync(path, body);

        Header(answer, "x-sluice-lane").ShouldBe("translated");
        Header(answer, "x-sluice-provider").ShouldBe(upstream);
        Header(answer, "x-sluice-model").ShouldBe("large");
        Header(answer, "x-request-id").ShouldNotBeNullOrEmpty();
        (await TextAsync(answer)).ShouldContain("Hello there");
    }

    [Fact]
    public async Task Stream_WithoutUsageWish_AsksUpstreamAndHidesTheReport()
    {
        var (path, body) = Ask("openai-chat", "sim-openai/large", "Hello there", stream: true);

        using var answer = await gateway.PostAsync(path, body);
        string text = await TextAsync(answer);

        Sent("openai").ShouldContain("\"include_usage\":true");
        text.ShouldNotContain("\"prompt_tokens\"");
        text.TrimEnd().ShouldEndWith("data: [DONE]");
    }

    [Fact]
    public async Task Stream_WithUsageWish_IsRelayedAsItCame()
    {
        const string body = """{"model":"sim-openai/large","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello there"}]}""";

        using var answer = await gateway.PostAsync("/v1/chat/completions", body);

        (await TextAsync(answer)).ShouldContain("\"prompt_tokens\"");
    }

    private string Sent(string provider) => gateway.Simulator.Requests.For(provider)[^1].Text;
}
