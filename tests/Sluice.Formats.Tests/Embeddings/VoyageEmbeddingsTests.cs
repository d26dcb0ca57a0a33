using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.VoyageEmbeddings;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Embeddings;

public sealed class VoyageEmbeddingsTests
{
    private static readonly VoyageEmbeddingsFormat Format = new();

    [Fact]
    public void DecodeResponse_OfEveryRecording_GivesTheFloatsOfTheBase64AndItsUsage()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside this checkout");
        var answers = Corpus.Of("voyage-embeddings").Where(e => e.Json.GetProperty("response").GetProperty("status").GetInt32() == 200).ToArray();
        answers.Length.ShouldBe(4);
        foreach (var exchange in answers)
        {
            var vectors = Format.DecodeResponse(Encoding.UTF8.GetBytes(exchange.ResponseBody!), Request()).Value!;

            var body = exchange.Json.GetProperty("response").GetProperty("body");
            vectors.Vectors.Count.ShouldBe(body.GetProperty("data").GetArrayLength(), exchange.Id);
            byte[] bytes = body.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
            vectors.Vectors[0].Length.ShouldBe(bytes.Length / 4);
            vectors.Vectors[0].Span[0].ShouldBe(BinaryPrimitives.ReadSingleLittleEndian(bytes));
            vectors.Vectors[0].Span[^1].ShouldBe(BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(bytes.Length - 4)));
            vectors.Usage!.InputTokens.ShouldBe(body.GetProperty("usage").GetProperty("total_tokens").GetInt64());
        }
    }

    [Fact]
    public void DecodeError_Recorded_SaysTheProvidersWords() =>
        Format.DecodeError(400, """{"detail":"Model nonexistent is not supported. Supported models are ['voyage-2']."}"""u8.ToArray())
            .ShouldSatisfyAllConditions(e => e.Kind.ShouldBe(ErrorKind.InvalidRequest), e => e.Message.ShouldStartWith("Model nonexistent is not supported."));

    [Fact]
    public void EncodeRequest_WithEverything_UsesVoyagesNames()
    {
        var losses = new LossReport();
        var request = Request() with { Purpose = "RETRIEVAL_QUERY", Dimensions = 256, Truncate = false, NumberType = "int8", User = "u", Title = "t" };

        JsonAssert.Difference(
            """{"model":"voyage-4","input":["a"],"input_type":"query","truncation":false,"output_dimension":256,"output_dtype":"int8"}""",
            Write(request, losses)).ShouldBeNull();
        losses.Losses.Select(l => l.Path).ShouldBe(["title", "user"]);
    }

    [Fact]
    public void EncodeRequest_OfFloats_AsksForBase64()
    {
        var losses = new LossReport();

        JsonAssert.Difference("""{"model":"voyage-4","input":["a"],"encoding_format":"base64"}""", Write(Request(), losses)).ShouldBeNull();
        losses.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("query", "query")]
    [InlineData("document", "document")]
    [InlineData("search_document", "document")]
    [InlineData("RETRIEVAL_DOCUMENT", "document")]
    [InlineData("CLUSTERING", null)]
    public void EncodeRequest_Purpose_IsAQueryOrADocumentOrReported(string purpose, string? written)
    {
        var losses = new LossReport();
        using var body = JsonDocument.Parse(Write(Request() with { Purpose = purpose }, losses));

        (body.RootElement.TryGetProperty("input_type", out var type) ? type.GetString() : null).ShouldBe(written);
        losses.IsEmpty.ShouldBe(written is not null);
    }

    [Fact]
    public void EncodeRequest_WithTokenIds_IsRefused() =>
        Format.EncodeRequest(Request() with { Inputs = [new EmbeddingInput { Tokens = [1, 2] }] }, "m", new LossReport(), new ArrayBufferWriter<byte>())!.Param.ShouldBe("input[0]");

    [Theory]
    [InlineData("float", "AACAPwAAAMA=", new[] { 1f, -2f })]
    [InlineData("int8", "fwCA", new[] { 127f, 0f, -128f })]
    [InlineData("uint8", "fwCA", new[] { 127f, 0f, 128f })]
    public void DecodeResponse_Base64_IsReadAsTheNumbersAskedFor(string type, string base64, float[] expected)
    {
        string body = $$"""{"object":"list","data":[{"object":"embedding","embedding":"{{base64}}","index":0}],"model":"voyage-4","usage":{"total_tokens":1} }""";

        Format.DecodeResponse(Encoding.UTF8.GetBytes(body), Request() with { NumberType = type }).Value!.Vectors[0].ToArray().ShouldBe(expected);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":[{"index":0}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":"AAAA"}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    public void DecodeResponse_WithoutAVectorForEach_IsAMalformedAnswer(string body) =>
        Format.DecodeResponse(Encoding.UTF8.GetBytes(body), Request()).Error!.Kind.ShouldBe(ErrorKind.MalformedAnswer);

    private static EmbeddingRequest Request() => new() { Model = "m", Inputs = [new EmbeddingInput { Text = "a" }] };

    private static string Write(EmbeddingRequest request, LossReport losses)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeRequest(request, "voyage-4", losses, output).ShouldBeNull();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
