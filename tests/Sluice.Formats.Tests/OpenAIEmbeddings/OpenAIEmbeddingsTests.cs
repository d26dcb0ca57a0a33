using System.Text;
using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIEmbeddings;

/// <summary>Embeddings in both encodings and roles.</summary>
public sealed class OpenAIEmbeddingsTests
{
    private static readonly IEmbeddingServerFormat Server = WireFormats.Find<IEmbeddingServerFormat>(WireFormatId.OpenAIEmbeddings)!;
    private static readonly IEmbeddingClientFormat Client = WireFormats.Find<IEmbeddingClientFormat>(WireFormatId.OpenAIEmbeddings)!;

    [Theory]
    [InlineData("""{"model":"m","input":"a"}""")]
    [InlineData("""{"model":"m","input":["a"],"encoding_format":"base64","dimensions":8,"user":null,"input_type":"query"}""")]
    [InlineData("""{"model":"m","input":[1,2,3]}""")]
    [InlineData("""{"model":"m","input":[[1,2],[3]]}""")]
    public void Request_ReadAndWritten_IsTheSameJson(string body)
    {
        var request = Server.DecodeRequest(ChatTesting.Request(body)).Value!;
        JsonAssert.Difference(body, ChatTesting.Text(o => Client.EncodeRequest(request, "m", new LossReport(), o))).ShouldBeNull();
    }

    [Fact]
    public void Exchange_Recorded_IsTheSameJson()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        foreach (var exchange in Corpus.Of("openai-embeddings").Where(e => e.Status < 300))
        {
            var request = Server.DecodeRequest(ChatTesting.Request(exchange.RequestBody!)).Value!;
            JsonAssert.Difference(exchange.RequestBody!, ChatTesting.Text(o => Client.EncodeRequest(request, request.Model, new LossReport(), o))).ShouldBeNull(exchange.Id);
            var response = Client.DecodeResponse(Encoding.UTF8.GetBytes(exchange.ResponseBody!), request).Value!;
            JsonAssert.Difference(exchange.ResponseBody!, ChatTesting.Text(o => Server.EncodeResponse(response, request, o))).ShouldBeNull(exchange.Id);
        }
    }

    [Fact]
    public void Answer_InEitherEncoding_HoldsTheSameVectors()
    {
        var request = new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Text = "a" }, new EmbeddingInput { Text = "b" }] };
        var response = new EmbeddingResponse { Vectors = [new float[] { 0.1f, -2.5f }, new float[] { 1e-20f }], Usage = new Chat.Usage { InputTokens = 3 } };
        foreach (string? encoding in (string?[])[null, "float", "base64"])
        {
            string body = ChatTesting.Text(o => Server.EncodeResponse(response, request with { Encoding = encoding }, o));
            var read = Client.DecodeResponse(ChatTesting.Utf8(body), request).Value!;
            read.Vectors.Select(v => v.ToArray()).ShouldBe(response.Vectors.Select(v => v.ToArray()));
            JsonDocument.Parse(body).RootElement.GetProperty("usage").GetRawText().ShouldBe("""{"prompt_tokens":3,"total_tokens":3}""");
        }
    }

    [Fact]
    public void Answer_OutOfOrder_IsPutInOrder() =>
        Client.DecodeResponse(ChatTesting.Utf8("""{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}"""), new EmbeddingRequest { Model = "m", Inputs = [] }).Value!.Vectors.Select(v => v.Span[0]).ShouldBe([1f, 2f]);

    [Theory]
    [InlineData("""{"data":[{"index":5,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"embedding":"AAA"}]}""")]
    [InlineData("""{"data":[{"embedding":["x"]}]}""")]
    [InlineData("""{"data":[5]}""")]
    [InlineData("""{}""")]
    public void Answer_Malformed_IsAnError(string body) => Client.DecodeResponse(ChatTesting.Utf8(body), new EmbeddingRequest { Model = "m", Inputs = [] }).IsSuccess.ShouldBeFalse();

    [Theory]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":{}}""", "input")]
    [InlineData("""{"model":"m","input":["a",{}]}""", "input[1]")]
    [InlineData("""{"model":"m","input":[1,"a"]}""", "input[1]")]
    [InlineData("""{"model":"m","input":"a","encoding_format":"int8"}""", "encoding_format")]
    public void Request_Malformed_NamesTheField(string body, string path) => Server.DecodeRequest(ChatTesting.Request(body)).Error!.Param.ShouldBe(path);

    [Fact]
    public void Request_OfAnotherFormat_ReportsWhatIsNotHere()
    {
        var losses = new LossReport();
        ChatTesting.Text(o => Client.EncodeRequest(new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Text = "a" }], Purpose = "search", Title = "t", Truncate = true }, "up", losses, o)).ShouldBe("""{"model":"up","input":["a"]}""");
        losses.Losses.Select(l => l.Path).ShouldBe(["purpose", "title", "truncate"]);
    }
}
