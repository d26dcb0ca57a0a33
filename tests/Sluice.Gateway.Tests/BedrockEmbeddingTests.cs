using System.Text.Json;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Embedding models of three makers through Bedrock's InvokeModel, and its token counts.</summary>
public sealed class BedrockEmbeddingTests
{
    private const string Provider = """providers: { bedrock: { base_url: "URL", region: eu-west-1, api_key: bedrock-key-1 } }""";

    [Theory]
    [InlineData("amazon.titan-embed-text-v1", """,  "dimensions": 256""", """{"inputText":"a"}""", "dimensions", """{"embedding":[1,2],"inputTextTokenCount":4}""")]
    [InlineData("amazon.titan-embed-text-v2:0", """,  "dimensions": 256""", """{"inputText":"a","dimensions":256}""", null, """{"embedding":[1,2],"inputTextTokenCount":4}""")]
    [InlineData("amazon.titan-embed-image-v1", """,  "dimensions": 256""", """{"inputText":"a","embeddingConfig":{"outputEmbeddingLength":256}}""", null, """{"embedding":[1,2],"inputTextTokenCount":4,"message":null}""")]
    [InlineData("amazon.nova-2-multimodal-embeddings-v1:0", ""","dimensions":256,"input_type":"query","truncation":true""", """{"taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":{"embeddingPurpose":"GENERIC_RETRIEVAL","embeddingDimension":256,"text":{"truncationMode":"END","value":"a"}}}""", null, """{"embeddings":[{"embedding":[1,2],"embeddingType":"TEXT"}]}""")]
    [InlineData("cohere.embed-english-v3", ""","input_type":"query","truncation":false""", """{"texts":["a"],"input_type":"search_query","truncate":"NONE"}""", null, """{"embeddings":[[1,2]],"id":"e","response_type":"embeddings_floats"}""")]
    [InlineData("eu.cohere.embed-v4:0", ""","dimensions":256""", """{"texts":["a"],"input_type":"search_document","output_dimension":256}""", null, """{"embeddings":{"float":[[1,2]]},"id":"e","response_type":"embeddings_by_type"}""")]
    public async Task Embedding_OfEachMaker_IsAskedInItsOwnBody(string model, string settings, string sent, string? dropped, string answered)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => Counted(answered));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/embeddings", $$"""{"model":"bedrock/{{model}}","input":"a"{{settings}} }""");
        var json = await JsonAsync(answer);

        json.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(n => n.GetSingle()).ShouldBe([1f, 2f]);
        json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(4);
        Header(answer, "x-sluice-dropped").ShouldBe(dropped);
        var request = fake.Requests.ShouldHaveSingleItem();
        request.Target.ShouldBe($"/model/{model.Replace(":", "%3A", StringComparison.Ordinal)}/invoke");
        JsonAssert.Difference(sent, request.Text).ShouldBeNull();
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"bedrock/MODEL","input":["a","b","c"]}""", "data.2.embedding", "usage.prompt_tokens")]
    [InlineData("/v1beta/models/bedrock/MODEL:batchEmbedContents", """{"requests":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]}},{"content":{"parts":[{"text":"c"}]}}]}""", "embeddings.2.values", "usageMetadata.promptTokenCount")]
    [InlineData("/api/embed", """{"model":"bedrock/MODEL","input":["a","b","c"]}""", "embeddings.2", "prompt_eval_count")]
    public async Task SeveralInputs_OfAModelThatTakesOne_AreOneCall(string path, string body, string vector, string usage)
    {
        await using var fake = await FakeUpstream.StartAsync(r => Counted($$"""{"embedding":[{{(int)JsonDocument.Parse(r.Text).RootElement.GetProperty("inputText").GetString()![0]}}],"inputTextTokenCount":5}"""));
        await fake.GatewayAsync(Provider);
        const string model = "amazon.titan-embed-text-v2:0";

        using var answer = await fake.PostJsonAsync(path.Replace("MODEL", model, StringComparison.Ordinal), body.Replace("MODEL", model, StringComparison.Ordinal));
        var json = await JsonAsync(answer);

        At(json, vector)[0].GetInt32().ShouldBe('c');
        At(json, usage).GetInt32().ShouldBe(15);
        fake.Requests.Count.ShouldBe(3);
        Header(answer, "x-sluice-attempts").ShouldBe("1");
    }

    [Fact]
    public async Task Recordings_AreReadAndWrittenAsTheyWere()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are absent");
        foreach (var recorded in Corpus.Of("bedrock-invoke-embeddings").Where(e => !e.Path.Contains("arn%3A", StringComparison.Ordinal)))
        {
            var request = JsonDocument.Parse(recorded.RequestBody!).RootElement;
            string tokens = recorded.Json.GetProperty("response").GetProperty("headers").GetProperty("x-amzn-bedrock-input-token-count").GetString()!;
            await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(recorded.ResponseBody!) with { Headers = new Dictionary<string, string> { ["x-amzn-bedrock-input-token-count"] = tokens } });
            await fake.GatewayAsync(Provider);

            using var answer = await fake.PostJsonAsync("/v1/embeddings", JsonSerializer.Serialize(new
            {
                model = $"bedrock/{Uri.UnescapeDataString(recorded.Path.Split('/')[2])}",
                input = Inputs(request),
                input_type = request.ToString().Contains("search_query", StringComparison.Ordinal) || request.ToString().Contains("RETRIEVAL", StringComparison.Ordinal) ? "query" : "document",
                truncation = request.TryGetProperty("truncate", out var truncate) && truncate.GetString() == "END",
            }));
            var json = await JsonAsync(answer);

            json.GetProperty("data").GetArrayLength().ShouldBe(Inputs(request).Length, recorded.Id);
            json.GetProperty("data")[0].GetProperty("embedding").GetArrayLength().ShouldBeGreaterThan(100, recorded.Id);
            json.GetProperty("usage").GetProperty("prompt_tokens").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(tokens, recorded.Id);
            if (!request.TryGetProperty("max_tokens", out _)) JsonAssert.Difference(recorded.RequestBody!, fake.Requests.ShouldHaveSingleItem().Text).ShouldBeNull(recorded.Id);
        }
    }

    [Theory]
    [InlineData("/v1/messages/count_tokens", """{"model":"bedrock/MODEL","system":"S","messages":[{"role":"user","content":"Hi"}]}""", "input_tokens")]
    [InlineData("/v1beta/models/bedrock/MODEL:countTokens", """{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", "totalTokens")]
    [InlineData("/v1/responses/input_tokens", """{"model":"bedrock/MODEL","instructions":"S","input":"Hi"}""", "input_tokens")]
    public async Task Count_OfClaude_IsBedrocksOfTheModelBehindTheProfile(string path, string body, string member)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"inputTokens":19}"""));
        await fake.GatewayAsync(Provider);
        const string model = "eu.anthropic.claude-sonnet-4-20250514-v1:0";

        using var answer = await fake.PostJsonAsync(path.Replace("MODEL", model, StringComparison.Ordinal), body.Replace("MODEL", model, StringComparison.Ordinal));

        (await JsonAsync(answer)).GetProperty(member).GetInt64().ShouldBe(19);
        Header(answer, "x-sluice-estimated").ShouldBeNull();
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe("/model/anthropic.claude-sonnet-4-20250514-v1%3A0/count-tokens");
        JsonAssert.Difference("""{"input":{"converse":{"system":[{"text":"S"}],"messages":[{"role":"user","content":[{"text":"Hi"}]}]}}}""", sent.Text).ShouldBeNull();
    }

    [Fact]
    public async Task Count_OfAModelThatHasNone_IsAnEstimateThatSaysSo()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("{}", 400));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/responses/input_tokens", """{"model":"bedrock/amazon.nova-micro-v1:0","input":"Hi there"}""");
        var json = await JsonAsync(answer);

        json.GetProperty("object").GetString().ShouldBe("response.input_tokens");
        json.GetProperty("input_tokens").GetInt64().ShouldBeGreaterThan(0);
        Header(answer, "x-sluice-estimated").ShouldNotBeNull();
        fake.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/messages/count_tokens", """{"model":"openai/gpt-5.4-mini","max_tokens":5,"system":"S","messages":[{"role":"user","content":"Hi"}],"tools":[{"name":"f","input_schema":{"type":"object"}}]}""", "input_tokens", "translated")]
    [InlineData("/v1beta/models/openai/gpt-5.4-mini:countTokens", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", "totalTokens", "translated")]
    [InlineData("/v1/responses/input_tokens", """{"model":"openai/gpt-5.4-mini","input":"Hi"}""", "input_tokens", "spliced")]
    public async Task Count_OfOpenAI_IsItsOwn(string path, string body, string member, string lane)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"object":"response.input_tokens","input_tokens":16}"""));
        await fake.GatewayAsync("""providers: { openai: { base_url: "URL/v1", api_key: test, formats: [openai-responses, openai-input-tokens] } }""");

        using var answer = await fake.PostJsonAsync(path, body);

        (await JsonAsync(answer)).GetProperty(member).GetInt64().ShouldBe(16);
        Header(answer, "x-sluice-lane").ShouldBe(lane);
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe("/v1/responses/input_tokens");
        var members = JsonDocument.Parse(sent.Text).RootElement.EnumerateObject().Select(m => m.Name);
        members.Except(["model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning"]).ShouldBeEmpty();
    }

    private static FakeAnswer Counted(string json) => FakeAnswer.Json(json) with { Headers = new Dictionary<string, string> { ["x-amzn-bedrock-input-token-count"] = "4" } };

    private static string[] Inputs(JsonElement request) =>
        request.TryGetProperty("texts", out var texts) ? [.. texts.EnumerateArray().Select(t => t.GetString()!)]
        : request.TryGetProperty("inputText", out var text) ? [text.GetString()!]
        : [request.GetProperty("singleEmbeddingParams").GetProperty("text").GetProperty("value").GetString()!];

    private static JsonElement At(JsonElement json, string path) =>
        path.Split('.').Aggregate(json, (at, step) => int.TryParse(step, out int index) ? at[index] : at.GetProperty(step));
}
