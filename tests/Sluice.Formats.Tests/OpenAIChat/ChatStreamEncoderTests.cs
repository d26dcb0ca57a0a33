using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Streams of other formats, as clients of this one get them.</summary>
public sealed class ChatStreamEncoderTests
{
    private static readonly IChatServerFormat Server = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!;
    private static readonly IChatClientFormat Client = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!;
    private static readonly Usage Counts = new() { InputTokens = 1, OutputTokens = 2 };

    [Fact]
    public void Text_Streamed_IsExactlyTheseChunks() =>
        Encode(false, Started, new PartStarted(0, 0, new TextPart("")), Text(0, "Hi \"you\""), Text(0, " é\n"), new PartEnded(0, 0), new UsageReported(Counts), new CandidateFinished(0, FinishReason.Stop), new ResponseEnded()).ShouldBe("""
            data: {"id":"id","object":"chat.completion.chunk","created":1795176000,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi \"you\""},"logprobs":null,"finish_reason":null}]}

            data: {"id":"id","object":"chat.completion.chunk","created":1795176000,"model":"m","choices":[{"index":0,"delta":{"content":" é\n"},"logprobs":null,"finish_reason":null}]}

            data: {"id":"id","object":"chat.completion.chunk","created":1795176000,"model":"m","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}

            data: [DONE]


            """.ReplaceLineEndings("\n"));

    [Fact]
    public void Usage_WhenAskedFor_IsTheLastChunkAndNullBefore()
    {
        var chunks = Chunks(Encode(true, Started, new UsageReported(Counts with { OutputTokens = 9 }), new PartStarted(0, 0, new TextPart("x")), new PartEnded(0, 0), new CandidateFinished(0, FinishReason.Stop), new UsageReported(Counts), new ResponseEnded()));
        chunks.SkipLast(1).ShouldAllBe(c => c.GetProperty("usage").ValueKind == JsonValueKind.Null);
        chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(2);
    }

    [Fact]
    public void Usage_AskedForAndNeverReported_IsNullInALastChunkOfItsOwn()
    {
        var chunks = Chunks(Encode(true, Started, new PartStarted(0, 0, new TextPart("x")), new PartEnded(0, 0), new CandidateFinished(0, FinishReason.Stop), new ResponseEnded()));

        chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        chunks.ShouldAllBe(c => c.GetProperty("usage").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public void Calls_ThatOverlap_AreToldApartByIndex()
    {
        string sse = Encode(false, Started,
            new PartStarted(0, 0, new ToolCallPart("a", "f", "")), new PartStarted(0, 3, new ToolCallPart("b", "g", "")), new PartDelta(0, 3, new ArgumentsDelta("{\"y\":")), new PartDelta(0, 0, new ArgumentsDelta("{\"x\":1}")),
            new PartDelta(0, 3, new ArgumentsDelta("2}")), new PartEnded(0, 3), new PartEnded(0, 0), new PartStarted(0, 4, new ToolCallPart("c", "h", "")), new PartEnded(0, 4), new CandidateFinished(0, FinishReason.Stop), new ResponseEnded());
        var answer = ChatTesting.Fold(ChatTesting.Decode(Client, ChatTesting.Utf8(sse), ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat)));
        answer.Candidates[0].Parts.Cast<ToolCallPart>().Select(c => $"{c.CallId} {c.Name} {c.Arguments}").ShouldBe(["a f {\"x\":1}", "b g {\"y\":2}", "c h {}"]);
        sse.ShouldContain("\"finish_reason\":\"tool_calls\"");
    }

    [Fact]
    public void Signatures_OfReasoningTextAndCalls_ReachTheClient()
    {
        string sse = Encode(false, Started,
            new PartStarted(0, 0, new ReasoningPart("")), new PartDelta(0, 0, new ReasoningDelta("hm")), new PartDelta(0, 0, new SignatureDelta(new Signature("s", "anthropic"))), new PartEnded(0, 0),
            new PartStarted(0, 1, new ReasoningPart("") { IsRedacted = true, Signature = new Signature("r", "anthropic") }), new PartEnded(0, 1),
            new PartStarted(0, 2, new TextPart("x")), new PartDelta(0, 2, new SignatureDelta(new Signature("t", "gemini"))), new PartEnded(0, 2),
            new PartStarted(0, 3, new ToolCallPart("a", "f", "")), new PartDelta(0, 3, new SignatureDelta(new Signature("g", "gemini"))), new PartEnded(0, 3),
            new CandidateFinished(0, FinishReason.ToolCalls), new ResponseEnded());
        var parts = ChatTesting.Fold(ChatTesting.Decode(Client, ChatTesting.Utf8(sse), ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat))).Candidates[0].Parts;
        parts.Select(p => p.Signature?.Value).ShouldBe(["s", "r", null, "t", "g"]);
        parts[0].ShouldBeOfType<ReasoningPart>().Text.ShouldBe("hm");
    }

    [Fact]
    public void Reasoning_InParagraphsAndParts_IsParted()
    {
        var chunks = Chunks(Encode(false, Started, new PartStarted(0, 0, new ReasoningPart("") { IsSummary = true }), new PartDelta(0, 0, new ReasoningDelta("a") { Paragraph = 0 }), new PartDelta(0, 0, new ReasoningDelta("b") { Paragraph = 1 }),
            new PartEnded(0, 0), new PartStarted(0, 1, new ReasoningPart("c")), new PartEnded(0, 1), new CandidateFinished(0, FinishReason.Stop), new ResponseEnded()));
        string.Concat(chunks.Select(c => c.GetProperty("choices")[0].GetProperty("delta")).Where(d => d.TryGetProperty("reasoning_content", out _)).Select(d => d.GetProperty("reasoning_content").GetString())).ShouldBe("a\n\nb\n\nc");
    }

    [Fact]
    public void Sources_OfAText_FollowIt()
    {
        string sse = Encode(false, Started, new PartStarted(0, 0, new TextPart("")), new PartDelta(0, 0, new CitationDelta(new Citation { Kind = "w", Url = "https://x", Title = "T" })), Text(0, "abc"), new PartEnded(0, 0), new CandidateFinished(0, FinishReason.Stop), new ResponseEnded());
        sse.ShouldContain("""{"annotations":[{"type":"url_citation","url_citation":{"start_index":0,"end_index":3,"url":"https://x","title":"T"}}]}""");
    }

    [Fact]
    public void FinalPart_WithWhatWasNeverStreamed_IsWritten()
    {
        string sse = Encode(false, Started, new PartStarted(0, 0, new ToolCallPart("a", "f", "")), new PartEnded(0, 0) { Final = new ToolCallPart("a", "f", "{\"x\":1}") }, new PartStarted(0, 1, new TextPart("")), new PartEnded(0, 1) { Final = new TextPart("late") }, new CandidateFinished(0, FinishReason.Stop), new ResponseEnded());
        sse.ShouldContain("""{"arguments":"{\"x\":1}"}""");
        sse.ShouldContain("\"late\"");
    }

    [Fact]
    public void Failure_InTheMiddle_IsAnErrorEventAndNoEnd()
    {
        string sse = Encode(true, Started, new PartStarted(0, 0, new TextPart("x")), new StreamFailed(new GatewayError(ErrorKind.Overloaded, "busy")), new ResponseEnded());
        sse.ShouldEndWith("data: {\"error\":{\"message\":\"busy\",\"type\":\"server_error\",\"param\":null,\"code\":\"overloaded\"}}\n\n");
        sse.ShouldNotContain("[DONE]");
    }

    [Fact]
    public void Answer_WithNothingInIt_IsStillAnAnswer()
    {
        var chunks = Chunks(Encode(false, Started, new ResponseEnded()));
        chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    [Fact]
    public void Events_ThatOthersHave_AreIgnoredOrReported()
    {
        var context = ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.AnthropicMessages);
        string sse = ChatTesting.Encode(Server, [Started, KeepAlive.Instance, new RawEvent(WireFormatId.AnthropicMessages, "odd", RawJson.FromText("{}")), new PartStarted(0, 0, new ServerToolCallPart("s", "web_search", default)), new PartDelta(0, 0, new ArgumentsDelta("{}")), new PartEnded(0, 0), new CandidateFinished(0, FinishReason.Stop), new ResponseEnded()], context);
        sse.ShouldStartWith(": keep-alive\n\n");
        sse.ShouldNotContain("tool_calls");
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["odd", "choices.delta"]);
    }

    [Fact]
    public void Logprobs_Streamed_AreInTheirChunk()
    {
        string sse = Encode(false, Started, new PartStarted(0, 0, new TextPart("x")), new PartDelta(0, 0, new LogprobsDelta([new TokenLogprob("x", -1)])), new PartEnded(0, 0), new CandidateFinished(0, FinishReason.Stop), new ResponseEnded());
        sse.ShouldContain("""{"index":0,"delta":{},"logprobs":{"content":[{"token":"x","logprob":-1,"bytes":null,"top_logprobs":[]}],"refusal":null},"finish_reason":null}""");
    }

    private static ResponseStarted Started => new() { Id = "id", Model = "m" };

    private static PartDelta Text(int part, string text) => new(0, part, new TextDelta(text));

    private static string Encode(bool usage, params StreamEvent[] events)
    {
        if (events.All(e => e is not StreamFailed)) ChatTesting.Check(events);
        return ChatTesting.Encode(Server, events, ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.AnthropicMessages, request: new ChatRequest { Model = "m", Messages = [], IncludeUsage = usage }));
    }

    private static List<JsonElement> Chunks(string sse) => [.. sse.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(c => c != "data: [DONE]").Select(c => JsonDocument.Parse(c[6..]).RootElement)];
}
