using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Formats.Gemini;
using Sluice.TestKit;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

/// <summary>Token counting and embeddings.</summary>
public sealed class GeminiOtherFormatsTests
{
    private static readonly GeminiCountTokensFormat Counting = new();
    private static readonly GeminiEmbedFormat Embedding = new();

    [Fact]
    public void CountTokens_EnvelopedRequest_IsReadAndWrittenInItsEnvelope()
    {
        const string Body = """{"generateContentRequest":{"model":"models/m","contents":[{"role":"user","parts":[{"text":"x"}]}],"systemInstruction":{"parts":[{"text":"s"}]}}}""";
        var request = Counting.DecodeRequest(new WireRequest { Path = "/v1beta/models/m:countTokens", Body = Bytes(Body) }).Value!;

        request.Messages.Count.ShouldBe(2);
        JsonAssert.Difference(Body, Text(o => Counting.EncodeRequest(request, Context("m", WireFormatId.GeminiCountTokens), o))).ShouldBeNull();
    }

    [Theory]
    [InlineData("gemini", """{"generateContentRequest":{"model":"models/m","contents":[{"role":"user","parts":[{"text":"x"}]}]}}""")]
    [InlineData("vertex", """{"contents":[{"role":"user","parts":[{"text":"x"}]}]}""")]
    public void CountTokens_OfAnotherFormat_IsInAnEnvelopeOnTheGeminiApi(string vendor, string expected)
    {
        var request = new ChatRequest { Model = "a", Messages = [new ChatMessage(Role.User, [new TextPart("x")])] };

        JsonAssert.Difference(expected, Text(o => Counting.EncodeRequest(request, Foreign("m", vendor), o))).ShouldBeNull();
    }

    [Fact]
    public void CountTokens_Count_IsWrittenAndRead()
    {
        string body = Text(o => Counting.EncodeCount(12, o));

        body.ShouldBe("""{"totalTokens":12}""");
        Counting.DecodeCount(Bytes(body)).ShouldBe(12);
        Counting.DecodeCount(Bytes("{}")).ShouldBeNull();
        Counting.DecodeCount(Bytes("nothing")).ShouldBeNull();
    }

    [Fact]
    public void Embed_OneInputOfAnotherFormat_IsASingleCall()
    {
        var request = new EmbeddingRequest { Model = "a", Inputs = [new EmbeddingInput { Text = "x" }], Dimensions = 8, Purpose = "search_query" };

        Embedding.IsBatch(request).ShouldBeFalse();
        JsonAssert.Difference("""{"content":{"parts":[{"text":"x"}]},"taskType":"RETRIEVAL_QUERY","outputDimensionality":8}""", Write(request, out var losses)).ShouldBeNull();
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Embed_SeveralInputsOfAnotherFormat_AreABatch()
    {
        var request = new EmbeddingRequest { Model = "a", Inputs = [new EmbeddingInput { Text = "x" }, new EmbeddingInput { Text = "y" }], User = "u", Purpose = "image" };

        Embedding.IsBatch(request).ShouldBeTrue();
        JsonAssert.Difference("""{"requests":[{"model":"models/m","content":{"parts":[{"text":"x"}]}},{"model":"models/m","content":{"parts":[{"text":"y"}]}}]}""", Write(request, out var losses)).ShouldBeNull();
        losses.ShouldBe(["user", "purpose"]);
    }

    [Fact]
    public void Embed_Tokens_AreRefused() =>
        Embedding.EncodeRequest(new EmbeddingRequest { Model = "a", Inputs = [new EmbeddingInput { Tokens = [1] }] }, "m", new LossReport(), new ArrayBufferWriter<byte>())!.Param.ShouldBe("input");

    [Fact]
    public void Embed_Vectors_AreWrittenAsTheyWereAskedFor()
    {
        var single = Read("embedContent", """{"content":{"parts":[{"text":"x"}]},"title":"t"}""");
        var batch = Read("batchEmbedContents", """{"requests":[{"model":"models/m","content":{"parts":[{"text":"x"}]},"taskType":"CLUSTERING"}]}""");
        var answer = new EmbeddingResponse { Vectors = [new float[] { 0.5f, -1e-7f }], Usage = new Usage { InputTokens = 3 } };

        (single.Title, single.IsSingle, batch.Purpose).ShouldBe(("t", true, "CLUSTERING"));
        JsonAssert.Difference("""{"embedding":{"values":[0.5,-1E-07]},"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3}}""", Text(o => Embedding.EncodeResponse(answer, single, o))).ShouldBeNull();
        JsonAssert.Difference("""{"embeddings":[{"values":[0.5,-1E-07]}],"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3}}""", Text(o => Embedding.EncodeResponse(answer, batch, o))).ShouldBeNull();
    }

    [Theory]
    [InlineData("embedContent", "{}", "content")]
    [InlineData("batchEmbedContents", """{"requests":[]}""", "requests")]
    [InlineData("embedContent", """{"content":{"parts":[{"inlineData":{}}]}}""", "content.parts[0]")]
    [InlineData("batchEmbedContents", """{"requests":[{"content":{"parts":[{"text":"a"}]},"taskType":"A"},{"content":{"parts":[{"text":"b"}]},"taskType":"B"}]}""", "requests[1]")]
    public void Embed_WhatCannotBeSaid_NamesTheField(string method, string body, string path) =>
        Embedding.DecodeRequest(new WireRequest { Path = $"/v1beta/models/m:{method}", Body = Bytes(body) }).Error!.Param.ShouldBe(path);

    private static EmbeddingRequest Read(string method, string body) => Embedding.DecodeRequest(new WireRequest { Path = $"/v1beta/models/m:{method}", Body = Bytes(body) }).Value!;

    private static string Write(EmbeddingRequest request, out IReadOnlyList<string> losses)
    {
        var report = new LossReport();
        string body = Text(o => Embedding.EncodeRequest(request, "m", report, o).ShouldBeNull());
        losses = [.. report.Losses.Select(l => l.Path)];
        return body;
    }

    private static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
