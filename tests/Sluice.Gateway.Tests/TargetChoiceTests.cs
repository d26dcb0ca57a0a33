using System.Net;
using System.Text;

namespace Sluice.Gateway.Tests;

/// <summary>What a client sees of the choice of targets, and what reaches the upstream.</summary>
public sealed class TargetChoiceTests
{
    private const string Settings = """
        providers:
          openai: { type: openai, base_url: "URL/v1", api_key: test }
          other: { type: openai-compatible, base_url: "URL/other/v1", api_key: test }
          openrouter: { type: openrouter, base_url: "URL/or/v1", api_key: test }
        models:
          eyes: { targets: [openai/gpt-4, openai/gpt-4o-mini] }
          blind: { targets: [openai/gpt-4, openai/gpt-3.5-turbo] }
          pair: { targets: [openai/gpt-4o-mini, other/b] }
          last: { targets: [openai/gpt-4o-mini, openrouter/x] }
        """;

    private const string Image = """[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]""";

    [Fact]
    public async Task PassedOverTarget_IsNamedInAHeader()
    {
        await using var upstream = await StartAsync();

        using var answer = await AskAsync(upstream, $$"""{"model":"eyes","messages":[{"role":"user","content":{{Image}}}]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        SimulatedGateway.Header(answer, "x-sluice-passed-over").ShouldBe("openai/gpt-4: takes no images");
        SimulatedGateway.Header(answer, "x-sluice-model").ShouldBe("gpt-4o-mini");
        SimulatedGateway.Header(answer, "x-sluice-attempts").ShouldBe("1");
    }

    [Fact]
    public async Task RequestThatNoTargetCanServe_IsRefusedWithoutACall()
    {
        await using var upstream = await StartAsync();

        using var answer = await AskAsync(upstream, $$"""{"model":"blind","messages":[{"role":"user","content":{{Image}}}]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await SimulatedGateway.TextAsync(answer)).ShouldContain("openai/gpt-4: takes no images; openai/gpt-3.5-turbo: takes no images");
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task OwnList_ChoosesAndIsTakenOutOfTheBody()
    {
        await using var upstream = await StartAsync();

        using var answer = await AskAsync(upstream, """{"model":"pair","models":["other/b"],"messages":[{"role":"user","content":"Hi"}]}""");

        SimulatedGateway.Header(answer, "x-sluice-provider").ShouldBe("other");
        upstream.Requests.ShouldHaveSingleItem().Text.ShouldBe("""{"model":"b","messages":[{"role":"user","content":"Hi"}]}""");
    }

    [Fact]
    public async Task OwnList_OfOpenRouter_IsLeftToOpenRouter()
    {
        await using var upstream = await StartAsync();

        using var direct = await AskAsync(upstream, """{"model":"openrouter/x","models":["vendor/y"],"messages":[{"role":"user","content":"Hi"}]}""");
        using var route = await AskAsync(upstream, """{"model":"last","models":["openrouter/x"],"messages":[{"role":"user","content":"Hi"}]}""");

        upstream.Requests[0].Text.ShouldContain("\"models\":[\"vendor/y\"]");
        upstream.Requests[1].Text.ShouldNotContain("models");
    }

    [Fact]
    public async Task OwnList_WithoutOneNameOfOurs_IsTheUpstreamsMember()
    {
        await using var upstream = await StartAsync();

        using var foreign = await AskAsync(upstream, """{"model":"other/b","models":["x-ai/grok-4"],"messages":[{"role":"user","content":"Hi"}]}""");
        using var misspelt = await AskAsync(upstream, """{"model":"other/b","models":["openai/gpt-4","x-ai/grok-4"],"messages":[{"role":"user","content":"Hi"}]}""");

        upstream.Requests.Where(r => r.Method == "POST").ShouldHaveSingleItem().Text.ShouldBe("""{"model":"b","models":["x-ai/grok-4"],"messages":[{"role":"user","content":"Hi"}]}""");
        misspelt.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task OwnList_WithAnUnknownName_IsRefusedWithTheNearest()
    {
        await using var upstream = await StartAsync();

        using var answer = await AskAsync(upstream, """{"model":"pair","messages":[{"role":"user","content":"Hi"}]}""", ("x-sluice-targets", "openai/gpt-4o-mimi"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await SimulatedGateway.TextAsync(answer)).ShouldContain("Did you mean 'openai/gpt-4o-mini'?");
    }

    private static async Task<FakeUpstream> StartAsync()
    {
        var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"""));
        await upstream.GatewayAsync(Settings);
        return upstream;
    }

    private static Task<HttpResponseMessage> AskAsync(FakeUpstream upstream, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
