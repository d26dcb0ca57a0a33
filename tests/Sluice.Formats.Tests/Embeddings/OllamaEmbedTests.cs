using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.OllamaEmbed;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Embeddings;

public sealed class OllamaEmbedTests
{
    private static readonly OllamaEmbedFormat Format = new();

    [Theory]
    [InlineData("""{"model":"m","input":"one"}""")]
    [InlineData("""{"model":"m","input":["one"],"truncate":false,"dimensions":64,"keep_alive":"5m","options":{"num_ctx":1}}""")]
    [InlineData("""{"model":"m","input":[],"truncate":null}""")]
    public void EncodeRequest_OfItsOwnFormat_IsEqualJson(string json)
    {
        var losses = new LossReport();
        JsonAssert.Difference(json, Write(Request(json), losses)).ShouldBeNull();
        losses.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"model":"m","embeddings":[[0.010071029,-0.0017594862],[1,2]],"total_duration":14143917,"load_duration":1019500,"prompt_eval_count":8,"extra":null}""")]
    public void EncodeResponse_OfItsOwnFormat_IsEqualJson(string json)
    {
        var request = new EmbeddingRequest { Model = "m", Inputs = [] };
        var answer = Format.DecodeResponse(Encoding.UTF8.GetBytes(json), request).Value!;

        answer.Usage!.InputTokens.ShouldBe(8);
        JsonAssert.Difference(json.Replace("0.010071029", $"{0.010071029f:R}"), Write(answer, request)).ShouldBeNull();
    }

    [Fact]
    public void EncodeResponse_OfAnotherFormat_HasEveryMemberThatClientsTakeAsGiven()
    {
        var answer = new EmbeddingResponse { Vectors = [new float[] { 0.5f, -1 }], Usage = new Usage { InputTokens = 3 } };

        JsonAssert.Difference(
            """{"model":"asked","embeddings":[[0.5,-1]],"total_duration":0,"load_duration":0,"prompt_eval_count":3}""",
            Write(answer, new EmbeddingRequest { Model = "asked", Inputs = [] })).ShouldBeNull();
    }

    [Fact]
    public void EncodeRequest_WithWhatOllamaLacks_ReportsItOrRefuses()
    {
        var losses = new LossReport();
        Write(new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Text = "a" }], Purpose = "search_query", Title = "t", User = "u" }, losses);

        losses.Losses.Select(l => l.Path).ShouldBe(["input_type", "title", "user"]);
        Format.EncodeRequest(new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Tokens = [1] }] }, "m", losses, new ArrayBufferWriter<byte>())!.Param.ShouldBe("input[0]");
    }

    [Theory]
    [InlineData("{}", "input")]
    [InlineData("""{"model":"m","input":5}""", "input")]
    [InlineData("""{"model":"m","input":["a",5]}""", "input")]
    [InlineData("""{"input":"a"}""", "model")]
    public void DecodeRequest_OfAMalformedBody_NamesTheField(string body, string field)
    {
        var error = Format.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(body) }).Error!;

        (error.Kind, error.Param).ShouldBe((ErrorKind.InvalidRequest, field));
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "malformed_answer")]
    [InlineData("""{"embeddings":[5]}""", "malformed_answer")]
    [InlineData("""{"error":"input length exceeds the context length"}""", "context_too_long")]
    public void DecodeResponse_OfWhatIsNoAnswer_IsAnError(string body, string kind)
    {
        Format.DecodeResponse(Encoding.UTF8.GetBytes(body), new EmbeddingRequest { Model = "m", Inputs = [] }).Error!.Kind.Value.ShouldBe(kind);
    }

    [Fact]
    public void CreateTap_OverABody_SeesUsageOrError()
    {
        var tap = Format.CreateTap(stream: false);

        tap.Observe(StreamFrame.OfData("""{"model":"m","embeddings":[[1]],"prompt_eval_count":8}"""u8.ToArray())).ShouldBe(AnswerSignal.Content | AnswerSignal.End);
        (tap.Model, tap.Usage!.InputTokens).ShouldBe(("m", 8));
        tap.Observe(StreamFrame.OfData("""{"error":"gone"}"""u8.ToArray())).ShouldBe(AnswerSignal.Error);
        tap.Observe(StreamFrame.OfData("""{"embeddings":[[1]]}"""u8.ToArray())).ShouldBe(AnswerSignal.Content | AnswerSignal.End);
        tap.Observe(StreamFrame.OfData("\"error\" nonsense"u8.ToArray())).ShouldBe(AnswerSignal.Malformed);
    }

    private static EmbeddingRequest Request(string json)
    {
        var outcome = Format.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(json) });
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }

    private static string Write(EmbeddingRequest request, LossReport losses)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeRequest(request, "m", losses, output).ShouldBeNull();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Write(EmbeddingResponse answer, EmbeddingRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeResponse(answer, request, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
