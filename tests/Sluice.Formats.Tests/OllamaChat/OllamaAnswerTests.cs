using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OllamaChat;

public sealed class OllamaAnswerTests
{
    [Fact]
    public void EncodeResponse_OfAnotherFormat_HasEveryMemberThatClientsTakeAsGiven()
    {
        var time = new ManualTime();
        long start = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(2));
        var context = new TranslationContext
        {
            ClientFormat = WireFormatId.OllamaChat,
            UpstreamFormat = WireFormatId.AnthropicMessages,
            UpstreamModel = "claude",
            Ids = new SequentialIds(),
            Time = time,
            StartTimestamp = start,
        };
        var answer = new ChatResponse
        {
            Id = "msg_1",
            Candidates =
            [
                new Candidate
                {
                    Parts = [new ReasoningPart("Hm."), new TextPart("a"), new TextPart("b"), new ToolCallPart("c", "f", "{\"x\":1}")],
                    FinishReason = FinishReason.ToolCalls,
                },
                new Candidate { Index = 1 },
            ],
            Usage = new Usage { InputTokens = 3, OutputTokens = 4 },
        };

        JsonAssert.Difference(
            """
            {"model":"claude","created_at":"2026-11-20T12:00:02Z","message":{"role":"assistant","content":"ab","thinking":"Hm.","tool_calls":[{"id":"c","function":{"name":"f","arguments":{"x":1}}}]},
             "done_reason":"stop","done":true,"total_duration":2000000000,"load_duration":0,"prompt_eval_count":3,"prompt_eval_duration":0,"eval_count":4,"eval_duration":2000000000}
            """,
            Ollama.Write(answer, context)).ShouldBeNull();
        context.Losses.Losses.ShouldHaveSingleItem().Path.ShouldBe("candidates[1]");
    }

    [Theory]
    [InlineData("stop", "stop", false)]
    [InlineData("stop_sequence", "stop", false)]
    [InlineData("length", "length", false)]
    [InlineData("tool_calls", "stop", false)]
    [InlineData("content_filter", "length", true)]
    [InlineData("refusal", "length", true)]
    [InlineData("pause", "length", true)]
    [InlineData("something new", "length", true)]
    [InlineData("error", "length", true)]
    public void EncodeResponse_OfAnyReason_SaysAWordOfOllama(string reason, string word, bool lossy)
    {
        var context = Ollama.Context(WireFormatId.OllamaChat);
        var answer = new ChatResponse { Candidates = [new Candidate { Parts = [new TextPart("a")], FinishReason = new FinishReason(reason) }] };

        JsonDocument.Parse(Ollama.Write(answer, context)).RootElement.GetProperty("done_reason").GetString().ShouldBe(word);
        context.Losses.IsEmpty.ShouldBe(!lossy);
    }

    [Fact]
    public void EncodeResponse_OfPartsWithoutAPlace_ReportsThem()
    {
        var context = Ollama.Context(WireFormatId.OllamaChat);
        var answer = new ChatResponse
        {
            Candidates =
            [
                new Candidate
                {
                    Parts =
                    [
                        new TextPart("a") { Citations = [new Citation { Kind = "url" }] },
                        new RefusalPart("no"),
                        new ServerToolCallPart("s", "web_search", default),
                        new MediaPart(MediaKind.Image, new InlineMedia("AAAA")),
                        new MediaPart(MediaKind.Audio, new InlineMedia("BBBB")) { Transcript = "hi" },
                        new RawPart(WireFormatId.GeminiGenerate, "x", RawJson.FromText("{}")),
                    ],
                },
            ],
        };

        var message = JsonDocument.Parse(Ollama.Write(answer, context)).RootElement.GetProperty("message");

        JsonAssert.Difference("""{"role":"assistant","content":"anohi","images":["AAAA"]}""", message.GetRawText()).ShouldBeNull();
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["citations", "content[2]", "content[4]", "content[5]"]);
    }

    [Theory]
    [InlineData("""{"message":{"content":"a"},"done":true,"done_reason":"stop"}""", "stop")]
    [InlineData("""{"message":{"content":"a"},"done":true}""", "stop")]
    [InlineData("""{"message":{"content":"a"},"done":true,"done_reason":"length"}""", "length")]
    [InlineData("""{"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]},"done":true,"done_reason":"stop"}""", "tool_calls")]
    [InlineData("""{"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]},"done":true,"done_reason":"length"}""", "length")]
    [InlineData("""{"message":{"content":""},"done":true,"done_reason":"unload"}""", "stop")]
    public void DecodeResponse_OfAnyReason_TellsWhyItEnded(string json, string reason)
    {
        Ollama.Answer(json).Candidates[0].FinishReason!.Value.Value.ShouldBe(reason);
    }

    [Theory]
    [InlineData("{}", "malformed_answer")]
    [InlineData("", "malformed_answer")]
    [InlineData("<html>", "malformed_answer")]
    [InlineData("""{"message":{"content":"a"},"done":false}""", "malformed_answer")]
    [InlineData("""{"message":{"content":["a"]},"done":true}""", "malformed_answer")]
    [InlineData("""{"error":"model runner has unexpectedly stopped"}""", "upstream")]
    public void DecodeResponse_OfWhatIsNoAnswer_IsAnError(string body, string kind)
    {
        Ollama.Format.DecodeResponse(Encoding.UTF8.GetBytes(body), Ollama.Context()).Error!.Kind.Value.ShouldBe(kind);
    }

    [Theory]
    [InlineData(404, """{"error":"model \"x\" not found, try pulling it first"}""", "not_found", "model \"x\" not found, try pulling it first")]
    [InlineData(400, """{"error":"registry.ollama.ai/library/x does not support tools"}""", "invalid_request", "registry.ollama.ai/library/x does not support tools")]
    [InlineData(429, """{"error":{"message":"slow down","code":"rate_limit"}}""", "rate_limited", "slow down")]
    [InlineData(503, "server busy", "overloaded", "server busy")]
    [InlineData(502, "<html>bad gateway</html>", "upstream", "bad gateway")]
    [InlineData(500, "null", "upstream", "the provider answered with status 500 and no message")]
    [InlineData(500, "{\"error\":\"half \\ud800\"}", "upstream", "half \uFFFD")]
    public void DecodeError_OfAnyBody_FindsKindAndWords(int status, string body, string kind, string message)
    {
        var error = Ollama.Format.DecodeError(status, Encoding.UTF8.GetBytes(body));

        (error.Kind.Value, error.Message, error.Status).ShouldBe((kind, message, status));
    }

    [Fact]
    public void EncodeError_OfItsOwn_IsUnchangedAndOfOthersIsWords()
    {
        const string own = """{"error":"gone","status":404}""";

        Encode(Ollama.Format.DecodeError(404, Encoding.UTF8.GetBytes(own))).ShouldBe(own);
        Encode(new GatewayError(ErrorKind.RateLimited, "wait")).ShouldBe("""{"error":"wait"}""");
    }

    [Fact]
    public void CreateTap_OverAStream_SeesContentUsageModelAndEnd()
    {
        var tap = Ollama.Format.CreateTap(stream: true);

        Observe("""{"model":"m","created_at":"x","message":{"role":"assistant","content":""},"done":false}""").ShouldBe(AnswerSignal.None);
        Observe("""{"model":"m","message":{"role":"assistant","content":"","thinking":"abc"},"done":false}""").ShouldBe(AnswerSignal.Content);
        Observe("""{"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"content":"x"}}}]},"done":false}""").ShouldBe(AnswerSignal.Content);
        Observe("""{"model":"m","response":"ab","done":false}""").ShouldBe(AnswerSignal.Content);
        Observe("""{"model":"m","message":{"role":"assistant","content":""},"done":true,"prompt_eval_count":5,"eval_count":6}""").ShouldBe(AnswerSignal.End);
        (tap.Model, tap.Usage!.InputTokens, tap.Usage.OutputTokens, tap.Error).ShouldBe(("m", 5, 6, null));
        tap.OutputCharacters.ShouldBeGreaterThan(5);
        Observe("""{"error":"gone"}""").ShouldBe(AnswerSignal.Error);
        tap.Error!.Message.ShouldBe("gone");
        Observe("not JSON").ShouldBe(AnswerSignal.Malformed);
        Observe("""{"error":null,"response":"a"}""").ShouldBe(AnswerSignal.Content);

        AnswerSignal Observe(string line) => tap.Observe(StreamFrame.OfData(Encoding.UTF8.GetBytes(line)));
    }

    private static string Encode(GatewayError error)
    {
        var output = new ArrayBufferWriter<byte>();
        Ollama.Format.EncodeError(error, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
