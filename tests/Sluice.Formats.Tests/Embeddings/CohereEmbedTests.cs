using System.Buffers;
using System.Text;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.CohereEmbed;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Embeddings;

public sealed class CohereEmbedTests
{
    private static readonly CohereEmbedFormat Format = new();

    [Fact]
    public void DecodeResponse_OfEveryRecording_GivesAVectorForEachText()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside this checkout");
        var exchanges = Corpus.Of("cohere-embed");
        exchanges.Count.ShouldBe(3);
        foreach (var exchange in exchanges)
        {
            var texts = exchange.Json.GetProperty("request").GetProperty("body").GetProperty("texts").EnumerateArray().Select(t => new EmbeddingInput { Text = t.GetString() }).ToArray();
            var outcome = Format.DecodeResponse(Encoding.UTF8.GetBytes(exchange.ResponseBody!), new EmbeddingRequest { Model = "m", Inputs = texts });

            outcome.Value!.Vectors.Count.ShouldBe(texts.Length, exchange.Id);
            var recorded = exchange.Json.GetProperty("response").GetProperty("body").GetProperty("embeddings").GetProperty("float")[0];
            outcome.Value.Vectors[0].ToArray().ShouldBe(recorded.EnumerateArray().Select(n => n.GetSingle()));
            outcome.Value.Usage!.BilledInputTokens.ShouldNotBeNull();
        }
    }

    [Fact]
    public void EncodeRequest_WithEverything_SaysPurposeDimensionAndTruncation()
    {
        var losses = new LossReport();
        var request = new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Text = "a" }], Purpose = "RETRIEVAL_QUERY", Dimensions = 256, Truncate = true, User = "u", Title = "t" };

        JsonAssert.Difference(
            """{"model":"embed-v4.0","texts":["a"],"input_type":"search_query","embedding_types":["float"],"output_dimension":256,"truncate":"END"}""",
            Write(request, losses)).ShouldBeNull();
        losses.Losses.Select(l => l.Path).ShouldBe(["title", "user"]);
    }

    [Fact]
    public void EncodeRequest_WithAPurposeOfAnotherVendor_AsksForDocumentsAndSaysSo()
    {
        var losses = new LossReport();

        Write(new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Text = "a" }], Purpose = "SEMANTIC_SIMILARITY" }, losses).ShouldContain("\"search_document\"");
        losses.Losses.ShouldHaveSingleItem().Kind.ShouldBe(LossKind.Changed);
    }

    [Fact]
    public void EncodeRequest_WithTokenIds_IsRefused()
    {
        var request = new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Tokens = [1, 2] }] };

        Format.EncodeRequest(request, "m", new LossReport(), new ArrayBufferWriter<byte>())!.Kind.ShouldBe(ErrorKind.InvalidRequest);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"embeddings":[[1]]}""")]
    [InlineData("""{"embeddings":{"int8":[[1]]}}""")]
    [InlineData("""{"embeddings":{"float":[["a"]]}}""")]
    [InlineData("""{"embeddings":{"float":[[1e99]]}}""")]
    public void DecodeResponse_WithoutVectorsOfNumbers_IsAMalformedAnswer(string body)
    {
        Format.DecodeResponse(Encoding.UTF8.GetBytes(body), new EmbeddingRequest { Model = "m", Inputs = [] }).Error!.Kind.ShouldBe(ErrorKind.MalformedAnswer);
    }

    private static string Write(EmbeddingRequest request, LossReport losses)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeRequest(request, "embed-v4.0", losses, output).ShouldBeNull();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
