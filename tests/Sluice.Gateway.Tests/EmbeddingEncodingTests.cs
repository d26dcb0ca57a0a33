using System.Net;
using System.Text;

namespace Sluice.Gateway.Tests;

/// <summary>Vectors come in the encoding that was asked for, whatever the server gave, and nothing else of an answer changes.</summary>
public sealed class EmbeddingEncodingTests
{
    private const string Numbers = "[0.5,2]";
    private const string Base64 = "\"AAAAPwAAAEA=\"";

    [Theory]
    [InlineData("\"base64\"", Base64, Base64, "verbatim")]
    [InlineData("\"base64\"", Numbers, Base64, "spliced")]
    [InlineData("\"float\"", Base64, Numbers, "spliced")]
    [InlineData("\"float\"", Numbers, Numbers, "verbatim")]
    [InlineData(null, Base64, Numbers, "spliced")]
    [InlineData("null", Numbers, Numbers, "verbatim")]
    public async Task The_encoding_asked_for_is_delivered(string? asked, string given, string delivered, string lane)
    {
        string Answer(string vector) => $$"""{"object":"list", "id":"e-1","data":[{"object":"embedding","index":1,"embedding": {{vector}}},{"embedding":{{vector}},"object":"embedding","index":0}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1},"odd":1e2}""";
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer(given)));
        await fake.GatewayAsync("""
            providers: { compat: { type: openai-compatible, base_url: "URL/v1", api_key: k } }
            models: { r: { targets: [compat/m] } }
            """);
        string body = $$"""{"model":"m","input":["a","b"]{{(asked is null ? "" : $",\"encoding_format\":{asked}")}},"dimensions":2}""";
        using var answer = await fake.Client.PostAsync("/v1/embeddings", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SimulatedGateway.TextAsync(answer)).ShouldBe(Answer(delivered));
        SimulatedGateway.Header(answer, "x-sluice-lane").ShouldBe(lane);
        fake.Requests.ShouldHaveSingleItem().Text.ShouldBe(body);
    }

    [Theory]
    [InlineData("\"no base64\"")]
    [InlineData("\"AAAA\"")]
    public async Task What_cannot_be_read_goes_as_it_is(string given)
    {
        string text = $$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{given}}}],"model":"m"}""";
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(text));
        await fake.GatewayAsync("""providers: { compat: { type: openai-compatible, base_url: "URL/v1", api_key: k } }""");
        using var answer = await fake.Client.PostAsync("/v1/embeddings", new StringContent("""{"model":"m","input":"a"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        (await SimulatedGateway.TextAsync(answer)).ShouldBe(text);
    }

    [Theory]
    [InlineData("gem", """{"embedding":{"values":[0.5,2]}}""")]
    [InlineData("coh", """{"id":"e","embeddings":{"float":[[0.5,2]]},"meta":{"billed_units":{"input_tokens":1}}}""")]
    [InlineData("voy", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,2]}],"model":"m","usage":{"total_tokens":1}}""")]
    public async Task Translated_answers_have_it_too(string provider, string given)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(given));
        await fake.GatewayAsync("""
            providers:
              gem: { type: gemini, base_url: "URL/gem", api_key: k }
              coh: { type: cohere, base_url: "URL/coh", api_key: k }
              voy: { type: voyage, base_url: "URL/voy", api_key: k }
            """);
        foreach (var (asked, delivered) in new[] { ("base64", Base64), ("float", Numbers) })
        {
            string body = $$"""{"model":"{{provider}}/m","input":"a","encoding_format":"{{asked}}","dimensions":2}""";
            using var answer = await fake.Client.PostAsync("/v1/embeddings", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await SimulatedGateway.TextAsync(answer));
            (await SimulatedGateway.JsonAsync(answer)).GetProperty("data")[0].GetProperty("embedding").GetRawText().ShouldBe(delivered);
        }
    }
}
