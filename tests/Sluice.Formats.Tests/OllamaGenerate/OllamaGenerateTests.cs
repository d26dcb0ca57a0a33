using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.OllamaGenerate;
using Sluice.Formats.Tests.OllamaChat;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OllamaGenerate;

public sealed class OllamaGenerateTests
{
    private static readonly OllamaGenerateFormat Format = new();

    [Fact]
    public void DecodeRequest_OfAPrompt_IsAConversationOfOneTurn()
    {
        var request = Request("""{"model":"m","prompt":"Why?","system":"Be brief.","images":["iVBORw0KGgo="],"format":"json","think":true,"options":{"num_predict":5,"num_ctx":1024},"keep_alive":0}""");

        request.Stream.ShouldBeTrue();
        request.Messages.Select(m => m.Role).ShouldBe([Role.System, Role.User]);
        request.Messages[1].Parts.Select(p => p.GetType()).ShouldBe([typeof(TextPart), typeof(MediaPart)]);
        (request.MaxTokens, request.AnswerFormat!.Type, request.Reasoning!.Enabled).ShouldBe((5, "json", true));
    }

    [Fact]
    public void DecodeRequest_ForAnOllamaChatUpstream_KeepsWhatBothEndpointsKnow()
    {
        var context = Ollama.Context(WireFormatId.OllamaGenerate);

        string body = Ollama.Write(Request("""{"model":"m","prompt":"Why?","suffix":"end","raw":false,"context":[],"stream":false,"options":{"num_ctx":1024},"keep_alive":"5m"}"""), context);

        JsonAssert.Difference("""{"model":"qwen3","messages":[{"role":"user","content":"Why?"}],"stream":false,"options":{"num_ctx":1024},"keep_alive":"5m"}""", body).ShouldBeNull();
        context.Losses.Losses.ShouldHaveSingleItem().Path.ShouldBe("messages[0].suffix");
    }

    [Theory]
    [InlineData("{}", "model")]
    [InlineData("""{"model":"m"}""", "prompt")]
    [InlineData("""{"model":"m","prompt":""}""", "prompt")]
    [InlineData("""{"model":"m","prompt":["a"]}""", "prompt")]
    [InlineData("""{"model":"m","prompt":"a","images":"b"}""", "images")]
    public void DecodeRequest_OfAMalformedBody_NamesTheField(string body, string field)
    {
        var error = Format.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(body) }).Error!;

        (error.Kind, error.Param).ShouldBe((ErrorKind.InvalidRequest, field));
    }

    [Fact]
    public void EncodeResponse_OfAnAnswer_PutsTheTextIntoResponse()
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = new ChatResponse
        {
            Model = "gpt",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Candidates = [new Candidate { Parts = [new ReasoningPart("Hm."), new TextPart("Because.")], FinishReason = FinishReason.Stop }],
            Usage = new Usage { InputTokens = 1, OutputTokens = 2 },
        };

        Format.EncodeResponse(answer, Ollama.Context(WireFormatId.OllamaGenerate), output);

        JsonAssert.Difference(
            """{"model":"gpt","created_at":"1970-01-01T00:00:00Z","response":"Because.","thinking":"Hm.","done_reason":"stop","done":true,"context":[],"total_duration":0,"load_duration":0,"prompt_eval_count":1,"prompt_eval_duration":0,"eval_count":2,"eval_duration":0}""",
            Encoding.UTF8.GetString(output.WrittenSpan)).ShouldBeNull();
    }

    [Fact]
    public void CreateStreamEncoder_OfText_WritesResponsesAndAnEnd()
    {
        var encoder = Format.CreateStreamEncoder(Ollama.Context(WireFormatId.OllamaGenerate));
        var output = new ArrayBufferWriter<byte>();
        StreamEvent[] events =
        [
            new ResponseStarted { Model = "gpt" },
            new PartStarted(0, 0, new ReasoningPart("Hm.")),
            new PartEnded(0, 0),
            new PartStarted(0, 1, new TextPart("")),
            new PartDelta(0, 1, new TextDelta("a")),
            new PartDelta(0, 1, new LogprobsDelta([new TokenLogprob("a", -1)])),
            new PartEnded(0, 1),
            new CandidateFinished(0, FinishReason.Length),
            new ResponseEnded(),
        ];
        foreach (var next in events) encoder.Encode(next, output);

        string[] lines = Encoding.UTF8.GetString(output.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        const string head = "\"model\":\"gpt\",\"created_at\":\"2026-11-20T12:00:00Z\"";
        JsonAssert.Difference($$"""{{{head}},"response":"","thinking":"Hm.","done":false}""", lines[0]).ShouldBeNull();
        JsonAssert.Difference($$"""{{{head}},"response":"a","done":false}""", lines[1]).ShouldBeNull();
        JsonAssert.Difference($$"""{{{head}},"response":"","done":false,"logprobs":[{"token":"a","logprob":-1}]}""", lines[2]).ShouldBeNull();
        JsonAssert.Difference($$"""{{{head}},"response":"","done_reason":"length","done":true,"context":[],"total_duration":0,"load_duration":0,"prompt_eval_duration":0,"eval_duration":0}""", lines[3]).ShouldBeNull();
    }

    private static ChatRequest Request(string json)
    {
        var outcome = Format.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(json) });
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }
}
