using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Responses that an upstream stored itself, with two such upstreams.</summary>
public sealed class StoredResponseTests
{
    private const string Settings = """
        providers:
          one: { type: openai-responses, base_url: "URL/one/v1", api_keys: [key-a, key-b] }
          two: { type: openai-responses, base_url: "URL/two/v1", api_key: key-c }
        models:
          turns: { strategy: round_robin, targets: [one/m, two/m] }
          first: { strategy: fallback, targets: [one/m] }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Continuation_GoesToWhoeverStoredTheTurnBefore(bool stream)
    {
        await using var fake = await StartAsync();
        string first = await IdAsync(fake, "turns", stream), second = await IdAsync(fake, "turns", stream);
        first.ShouldNotBe(second);

        foreach (string id in new[] { first, first, second, first, second })
        {
            using var next = await PostAsync(fake, $$"""{"model":"turns","input":"more","previous_response_id":"{{id}}"}""");

            Header(next, "x-sluice-provider").ShouldBe(id[5..8]);
            fake.Requests[^1].Target.ShouldBe($"/{id[5..8]}/v1/responses");
        }
    }

    [Fact]
    public async Task Continuation_WhereNoTargetIsThere_IsRefusedByName()
    {
        await using var fake = await StartAsync();
        await IdAsync(fake, "turns", stream: false);
        string second = await IdAsync(fake, "turns", stream: false);
        int before = fake.Requests.Count;

        using var answer = await PostAsync(fake, $$"""{"model":"first","input":"more","previous_response_id":"{{second}}"}""");

        ((int)answer.StatusCode).ShouldBe(400);
        (await TextAsync(answer)).ShouldContain("previous_response_not_found");
        fake.Requests.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/input_items?limit=5")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/cancel")]
    public async Task Retrieval_IsPassedOnToItsHomeWithItsKey(string method, string rest)
    {
        await using var fake = await StartAsync();
        string id = await IdAsync(fake, "turns", stream: false);
        string key = fake.Requests[0].Headers["authorization"];

        using var answer = await fake.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/responses/{id}{rest}"), TestContext.Current.CancellationToken);

        (await TextAsync(answer)).ShouldBe($$"""{"asked":"{{method}}"}""");
        var sent = fake.Requests[^1];
        sent.Target.ShouldBe($"/{id[5..8]}/v1/responses/{id}{rest}");
        sent.Headers["authorization"].ShouldBe(key);
    }

    [Fact]
    public async Task Streaming_AStoredOne_IsRefusedByName()
    {
        await using var fake = await StartAsync();
        string id = await IdAsync(fake, "turns", stream: false);
        int before = fake.Requests.Count;

        using var answer = await fake.Client.GetAsync($"/v1/responses/{id}?stream=true", TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(400);
        (await TextAsync(answer)).ShouldContain("\"param\":\"stream\"");
        fake.Requests.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("resp_unknown")]
    [InlineData("resp_one_0")] // store: false
    public async Task Retrieval_OfAnUnknownOne_Is404AndAsksNobody(string id)
    {
        await using var fake = await StartAsync();
        using var unstored = await PostAsync(fake, """{"model":"first","input":"Hi","store":false}""");
        int before = fake.Requests.Count;

        using var answer = await fake.Client.GetAsync($"/v1/responses/{id}", TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(404);
        fake.Requests.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Deleted_IsForgotten()
    {
        await using var fake = await StartAsync();
        string id = await IdAsync(fake, "first", stream: false);
        using var deleted = await fake.Client.DeleteAsync($"/v1/responses/{id}", TestContext.Current.CancellationToken);

        using var answer = await fake.Client.GetAsync($"/v1/responses/{id}", TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(404);
    }

    private static async Task<FakeUpstream> StartAsync()
    {
        int made = 0;
        var fake = await FakeUpstream.StartAsync(request =>
        {
            if (request.Method != "POST" || request.Target.EndsWith("/cancel", StringComparison.Ordinal)) return FakeAnswer.Json($$"""{"asked":"{{request.Method}}"}""");
            string response = $$"""{"object":"response","id":"resp_{{request.Target[1..4]}}_{{made++}}","status":"completed","model":"m","output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]}]}""";
            if (!request.Text.Contains("\"stream\":true", StringComparison.Ordinal)) return FakeAnswer.Json(response);
            string[] events = [$$"""{"type":"response.created","response":{{response}} }""", $$"""{"type":"response.completed","response":{{response}} }"""];
            return new FakeAnswer(200, "text/event-stream", Encoding.UTF8.GetBytes(string.Concat(events.Select(e => $"event: {e[9..e.IndexOf(',')].Trim('"')}\ndata: {e}\n\n"))));
        });
        await fake.GatewayAsync(Settings);
        return fake;
    }

    private static async Task<string> IdAsync(FakeUpstream fake, string model, bool stream)
    {
        using var answer = await PostAsync(fake, $$"""{"model":"{{model}}","input":"Hi","stream":{{(stream ? "true" : "false")}}}""");
        string text = await TextAsync(answer);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        int at = text.IndexOf("resp_", StringComparison.Ordinal);
        return text[at..text.IndexOf('"', at)];
    }

    private static Task<HttpResponseMessage> PostAsync(FakeUpstream fake, string body) =>
        fake.Client.PostAsync("/v1/responses", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
