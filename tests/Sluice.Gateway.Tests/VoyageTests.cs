using System.Text;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Clients of other embedding formats before Voyage.</summary>
public sealed class VoyageTests
{
    private const string Provider = """providers: { voyage: { base_url: "URL", api_key: pa-key-1 } }""";
    private const string TwoFloats = """{"object":"list","data":[{"object":"embedding","embedding":"AACAPwAAAMA=","index":0}],"model":"voyage-4","usage":{"total_tokens":7}}""";

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"voyage/voyage-4","input":"a","dimensions":256,"input_type":"query","truncation":false}""", "data.0.embedding", "usage.prompt_tokens", """{"model":"voyage-4","input":["a"],"input_type":"query","truncation":false,"output_dimension":256,"encoding_format":"base64"}""")]
    [InlineData("/v1beta/models/voyage%2Fvoyage-4:embedContent", """{"content":{"parts":[{"text":"a"}]},"taskType":"RETRIEVAL_DOCUMENT","outputDimensionality":256}""", "embedding.values", "usageMetadata.promptTokenCount", """{"model":"voyage-4","input":["a"],"input_type":"document","output_dimension":256,"encoding_format":"base64"}""")]
    [InlineData("/api/embed", """{"model":"voyage/voyage-4","input":"a","truncate":true}""", "embeddings.0", "prompt_eval_count", """{"model":"voyage-4","input":["a"],"truncation":true,"encoding_format":"base64"}""")]
    public async Task Embeddings_OfEachClient_ReachIt(string path, string body, string vector, string usage, string sent)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(TwoFloats));
        await fake.GatewayAsync(Provider);

        using var answer = await PostAsync(fake, path, body);
        var json = await JsonAsync(answer);

        At(json, vector).EnumerateArray().Select(n => n.GetSingle()).ShouldBe([1f, -2f]);
        At(json, usage).GetInt32().ShouldBe(7);
        var request = fake.Requests.ShouldHaveSingleItem();
        request.Text.ShouldBe(sent);
        request.Target.ShouldBe("/v1/embeddings");
        request.Headers["authorization"].ShouldBe("Bearer pa-key-1");
        Header(answer, "x-sluice-dropped").ShouldBeNull();
    }

    [Fact]
    public async Task WholeNumbers_ToAClientThatReadsBase64_AreFloatsOfTheSameValue()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(TwoFloats.Replace("\"AACAPwAAAMA=\"", "[127,-128]", StringComparison.Ordinal)));
        await fake.GatewayAsync(Provider);

        using var answer = await PostAsync(fake, "/v1/embeddings", """{"model":"voyage/voyage-4","input":["a"],"encoding_format":"base64","output_dtype":"int8"}""");
        byte[] bytes = At(await JsonAsync(answer), "data.0.embedding").GetBytesFromBase64();

        new[] { BitConverter.ToSingle(bytes, 0), BitConverter.ToSingle(bytes, 4) }.ShouldBe([127f, -128f]);
        fake.Requests[0].Text.ShouldBe("""{"model":"voyage-4","input":["a"],"output_dtype":"int8"}""");
    }

    [Fact]
    public async Task Refusal_KeepsItsWordsAndStatus()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"detail":"Model nope is not supported."}""", 400));
        await fake.GatewayAsync(Provider);

        using var answer = await PostAsync(fake, "/v1/embeddings", """{"model":"voyage/nope","input":"a"}""");

        ((int)answer.StatusCode).ShouldBe(400);
        At(await JsonAsync(answer), "error.message").GetString().ShouldNotBeNull().ShouldContain("Model nope is not supported.");
    }

    [Fact]
    public async Task Chat_IsRefusedAsSomethingThatItHasNot()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("{}"));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.ChatAsync("voyage/voyage-4");

        ((int)answer.StatusCode).ShouldBe(404);
        (await TextAsync(answer)).ShouldContain("has no chat");
        fake.Requests.ShouldBeEmpty();
    }

    private static Task<HttpResponseMessage> PostAsync(FakeUpstream fake, string path, string body) =>
        fake.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private static JsonElement At(JsonElement json, string path) =>
        path.Split('.').Aggregate(json, static (at, name) => int.TryParse(name, out int index) ? at[index] : at.GetProperty(name));
}
