#pragma warning disable OPENAI001 // the package calls its Responses client experimental
using System.ClientModel;
using OpenAI;
using OpenAI.Embeddings;
using OpenAI.Models;
using OpenAI.Responses;

namespace Sluice.Sdk.Tests;

/// <summary>The official OpenAI package against Responses, embeddings and models: it reads times as whole seconds and vectors as base64, and throws at anything else.</summary>
public sealed class OpenAIResponsesSdkTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Theory]
    [MemberData(nameof(SimulatedGateway.Upstreams), MemberType = typeof(SimulatedGateway))]
    public async Task CreateResponse_Text_Answers(string upstream)
    {
        var client = new ResponsesClient(new ApiKeyCredential("any"), new ResponsesClientOptions { Endpoint = new Uri(gateway.Address, "/v1") });

        ResponseResult answer = await client.CreateResponseAsync($"{upstream}/sim-large", "Hello there", cancellationToken: TestContext.Current.CancellationToken);
        answer.GetOutputText().ShouldContain("Hello there");
        answer.CreatedAt.ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);

        string text = "";
        await foreach (var update in await client.CreateResponseStreamingAsync($"{upstream}/sim-large", "Hello there", cancellationToken: TestContext.Current.CancellationToken))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta) text += delta.Delta;
            if (update is StreamingResponseCompletedUpdate completed) completed.Response.CreatedAt.ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        }
        text.ShouldContain("Hello there");
    }

    [Theory]
    [InlineData("sim-openai")]
    [InlineData("sim-gemini")]
    [InlineData("sim-ollama")]
    public async Task GenerateEmbeddings_OfAnyUpstream_AreWhole(string upstream)
    {
        var client = new EmbeddingClient($"{upstream}/sim-embed", new ApiKeyCredential("any"), Options);
        var vectors = (await client.GenerateEmbeddingsAsync(["one", "two"], cancellationToken: TestContext.Current.CancellationToken)).Value;
        vectors.Count.ShouldBe(2);
        vectors[0].ToFloats().Length.ShouldBe(vectors[1].ToFloats().Length);
        vectors[0].ToFloats().ToArray().ShouldAllBe(value => Math.Abs(value) <= 1);
    }

    [Fact]
    public async Task Models_ListedAndOne_AreRead()
    {
        var client = new OpenAIModelClient(new ApiKeyCredential("any"), Options);
        var models = (await client.GetModelsAsync(TestContext.Current.CancellationToken)).Value;
        models.ShouldContain(m => m.Id == "sim-anthropic/sim-large");
        (await client.GetModelAsync("sim-ollama/sim-large", TestContext.Current.CancellationToken)).Value.Id.ShouldBe("sim-ollama/sim-large");
    }

    private OpenAIClientOptions Options => new() { Endpoint = new Uri(gateway.Address, "/v1") };
}
