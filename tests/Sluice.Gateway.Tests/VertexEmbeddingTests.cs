using System.Text.Json;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Clients of every embedding format before Vertex's <c>:predict</c>.</summary>
public sealed class VertexEmbeddingTests
{
    private const string Provider = """providers: { vertex: { base_url: "URL", project: p1, location: europe-west4, api_key: ya29.token } }""";
    private const string Models = "/v1/projects/p1/locations/europe-west4/publishers/google/models";

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"vertex/text-embedding-005","input":["a","b"],"dimensions":256,"input_type":"RETRIEVAL_QUERY","truncation":false}""", "data.1.embedding", "usage.prompt_tokens", ""","task_type":"RETRIEVAL_QUERY" """, ""","parameters":{"outputDimensionality":256,"autoTruncate":false}""")]
    [InlineData("/v1beta/models/vertex/text-embedding-005:batchEmbedContents", """{"requests":[{"model":"models/x","content":{"parts":[{"text":"a"}]},"taskType":"RETRIEVAL_DOCUMENT","title":"T"},{"model":"models/x","content":{"parts":[{"text":"b"}]},"taskType":"RETRIEVAL_DOCUMENT","title":"T"}]}""", "embeddings.1.values", "usageMetadata.promptTokenCount", ""","task_type":"RETRIEVAL_DOCUMENT","title":"T" """, "")]
    [InlineData("/api/embed", """{"model":"vertex/text-embedding-005","input":["a","b"],"truncate":true}""", "embeddings.1", "prompt_eval_count", "", ""","parameters":{"autoTruncate":true}""")]
    public async Task SeveralInputs_OfEachClient_AreInstancesOfOneRequest(string path, string body, string vector, string usage, string instance, string parameters)
    {
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(Predictions(r)));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync(path, body);
        var json = await JsonAsync(answer);

        At(json, vector).EnumerateArray().Select(n => n.GetSingle()).ShouldBe([1f, 98f]);
        At(json, usage).GetInt32().ShouldBe(6);
        Header(answer, "x-sluice-dropped").ShouldBeNull();
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe($"{Models}/text-embedding-005:predict");
        JsonAssert.Difference($$"""{"instances":[{"content":"a"{{instance}}},{"content":"b"{{instance}}}]{{parameters}}}""", sent.Text).ShouldBeNull();
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"vertex/MODEL","input":"a"}""", "data.0.embedding")]
    [InlineData("/v1beta/models/vertex/MODEL:embedContent", """{"content":{"parts":[{"text":"a"}]}}""", "embedding.values")]
    [InlineData("/api/embed", """{"model":"vertex/MODEL","input":"a"}""", "embeddings.0")]
    public async Task OneInput_ReachesThePredictModels(string path, string body, string vector)
    {
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(Predictions(r)));
        await fake.GatewayAsync(Provider);

        foreach (string model in (string[])["text-embedding-004", "text-multilingual-embedding-002", "gemini-embedding-001", "google/text-embedding-005", "textembedding-gecko@003"])
        {
            fake.Requests.Clear();
            using var answer = await fake.PostJsonAsync(path.Replace("MODEL", model, StringComparison.Ordinal), body.Replace("MODEL", model, StringComparison.Ordinal));

            At(await JsonAsync(answer), vector).EnumerateArray().Select(n => n.GetSingle()).ShouldBe([0f, 97f]);
            var sent = fake.Requests.ShouldHaveSingleItem();
            sent.Target.Replace("%40", "@", StringComparison.Ordinal).ShouldBe($"{Models}/{model.Replace("google/", "", StringComparison.Ordinal)}:predict");
            sent.Text.ShouldBe("""{"instances":[{"content":"a"}]}""");
        }
    }

    [Fact]
    public async Task NewerModel_IsAskedByEmbedContent()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"embedding":{"values":[1]}}"""));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/embeddings", """{"model":"vertex/gemini-embedding-2","input":"a"}""");

        ((int)answer.StatusCode).ShouldBe(200);
        fake.Requests.ShouldHaveSingleItem().Target.ShouldBe($"{Models}/gemini-embedding-2:embedContent");
    }

    [Fact]
    public async Task Inputs_OfAModelThatTakesOne_AreSentOneByOneAndJoinedInOrder()
    {
        int open = 0, most = 0;
        await using var fake = await FakeUpstream.StartAsync(async r =>
        {
            int now = Interlocked.Increment(ref open);
            for (int seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
            await Task.Yield();
            Interlocked.Decrement(ref open);
            return FakeAnswer.Json(Predictions(r));
        });
        await fake.GatewayAsync(Provider);
        string[] inputs = [.. Enumerable.Range(0, 20).Select(i => $"{(char)('a' + i)}")];

        using var answer = await fake.PostJsonAsync("/v1/embeddings", $$"""{"model":"vertex/gemini-embedding-001","input":{{JsonSerializer.Serialize(inputs)}}}""");
        var json = await JsonAsync(answer);

        json.GetProperty("data").EnumerateArray().Select(d => (char)d.GetProperty("embedding")[1].GetInt32()).ShouldBe(inputs.Select(i => i[0]));
        At(json, "usage.prompt_tokens").GetInt32().ShouldBe(60);
        fake.Requests.Count.ShouldBe(20);
        most.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task FailureOfOnePart_EndsTheAttempt_AndWhatItsOthersUsedIsPaidFor()
    {
        await using var fake = await FakeUpstream.StartAsync(r => r.Target.EndsWith("gemini-embedding-001:predict", StringComparison.Ordinal) && r.Text.Contains("bad", StringComparison.Ordinal)
            ? FakeAnswer.Json("""{"error":{"code":503,"message":"the server is busy","status":"UNAVAILABLE"}}""", 503)
            : FakeAnswer.Json(Predictions(r)));
        await fake.GatewayAsync("""
            providers: { vertex: { base_url: "URL", project: p1, location: europe-west4, api_key: ya29.token, price: { input: 1000, output: 0 }, retry: { max_attempts: 1 } } }
            models: { vectors: { targets: [vertex/gemini-embedding-001, vertex/text-embedding-005] } }
            """);

        using var failed = await fake.PostJsonAsync("/v1/embeddings", """{"model":"vertex/gemini-embedding-001","input":["a","b","c","d","bad"]}""");
        using var answer = await fake.PostJsonAsync("/v1/embeddings", """{"model":"vectors","input":["a","b","c","d","bad"]}""");

        ((int)failed.StatusCode).ShouldBe(503);
        (await TextAsync(failed)).ShouldContain("the server is busy");
        At(await JsonAsync(answer), "usage.prompt_tokens").GetInt32().ShouldBe(15);
        // The fifth is sent only when one of the first four, of three tokens each, has been answered.
        decimal.Parse(Header(answer, "x-sluice-cost-usd")!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(0.018m);
    }

    [Fact]
    public async Task Recording_IsReadAsItWasSent()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are absent");
        var recorded = Corpus.Of("vertex-predict-embeddings").Single();
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(recorded.ResponseBody!));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/embeddings", """{"model":"vertex/gemini-embedding-001","input":"Hello, world!","input_type":"query"}""");
        var json = await JsonAsync(answer);

        At(json, "data.0.embedding").GetArrayLength().ShouldBe(3072);
        At(json, "usage.prompt_tokens").GetInt32().ShouldBe(4);
        JsonAssert.Difference(recorded.RequestBody!, fake.Requests.ShouldHaveSingleItem().Text).ShouldBeNull();
    }

    // The second number of a vector is the first letter of its text.
    private static string Predictions(FakeRequest request)
    {
        var instances = JsonDocument.Parse(request.Text).RootElement.GetProperty("instances").EnumerateArray().Select((instance, i) =>
            $$$"""{"embeddings":{"statistics":{"truncated":false,"token_count":3.0},"values":[{{{i}}},{{{(int)instance.GetProperty("content").GetString()![0]}}}]}}""");
        return $$$"""{"predictions":[{{{string.Join(',', instances)}}}],"metadata":{"billableCharacterCount":1}}""";
    }

    private static JsonElement At(JsonElement json, string path) =>
        path.Split('.').Aggregate(json, (at, step) => int.TryParse(step, out int index) ? at[index] : at.GetProperty(step));
}
