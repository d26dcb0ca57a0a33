using System.Text;
using System.Text.Json.Nodes;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>Answers of other formats to clients of this one, and errors.</summary>
public sealed class AnthropicAnswerTests
{
    [Fact]
    public void EncodeResponse_OfAnotherFormat_HasEveryMemberThatTheSdkRequires()
    {
        var answer = Answer(new ReasoningPart("hm"), new TextPart("Hi"), new ToolCallPart("c1", "f", "{\"a\":1}"));
        var body = JsonNode.Parse(AnthropicKit.WriteAnswer(answer with
        {
            Usage = new Usage { InputTokens = 100, OutputTokens = 20, CacheReadTokens = 30, CacheWriteTokens = 10, CacheWrite1hTokens = 5, ReasoningTokens = 7, ToolCalls = new Dictionary<string, long> { ["web_search"] = 2 } },
        }))!;
        JsonAssert.Difference(
            """
            {"id":"chatcmpl-1","type":"message","role":"assistant","model":"gpt","stop_reason":"tool_use","stop_sequence":null,"stop_details":null,"container":null,"diagnostics":null,
             "content":[{"type":"thinking","thinking":"hm","signature":"c2x1aWNlLnYxOm5vbmU6"},{"type":"text","text":"Hi","citations":[]},{"type":"tool_use","id":"c1","name":"f","input":{"a":1},"caller":{"type":"direct"}}],
             "usage":{"input_tokens":55,"cache_creation_input_tokens":15,"cache_read_input_tokens":30,"output_tokens":20,"output_tokens_details":{"thinking_tokens":7},
                      "server_tool_use":{"web_search_requests":2,"web_fetch_requests":0},"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":5},
                      "inference_geo":null,"service_tier":null,"speed":null}}
            """,
            body.ToJsonString()).ShouldBeNull();
    }

    [Theory]
    [InlineData("stop", "end_turn")]
    [InlineData("length", "max_tokens")]
    [InlineData("stop_sequence", "stop_sequence")]
    [InlineData("tool_calls", "tool_use")]
    [InlineData("content_filter", "refusal")]
    [InlineData("refusal", "refusal")]
    [InlineData("pause", "pause_turn")]
    [InlineData("error", "max_tokens")]
    [InlineData("something_new", "max_tokens")]
    public void EncodeResponse_FinishReasons_StayInThePublishedSet(string reason, string expected)
    {
        var answer = Answer(new TextPart("x"));
        answer = answer with { Candidates = [answer.Candidates[0] with { FinishReason = new FinishReason(reason) }] };
        JsonNode.Parse(AnthropicKit.WriteAnswer(answer))!["stop_reason"]!.GetValue<string>().ShouldBe(expected);
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("pause_turn", "pause")]
    [InlineData("refusal", "refusal")]
    [InlineData("brand_new", "brand_new")]
    public void DecodeResponse_StopReasons_AreReadAndComeBack(string reason, string expected)
    {
        string body = $$"""{"id":"m","type":"message","role":"assistant","model":"c","content":[],"stop_reason":"{{reason}}","stop_sequence":null}""";
        var answer = AnthropicKit.ReadAnswer(body);
        answer.Candidates[0].FinishReason!.Value.Value.ShouldBe(expected);
        JsonAssert.Difference(body, AnthropicKit.WriteAnswer(answer)).ShouldBeNull();
    }

    [Fact]
    public void EncodeResponse_WhatHasNoPlace_IsReported()
    {
        var context = AnthropicKit.Context();
        var answer = Answer(
            new TextPart(""),
            new RefusalPart("No."),
            new MediaPart(MediaKind.Image, new InlineMedia("AAAA")),
            new MediaPart(MediaKind.Audio, new InlineMedia("AAAA")) { Transcript = "spoken" },
            new ServerToolCallPart("ws", "web_search", RawJson.FromText("{}")),
            new RawPart(WireFormatId.GeminiGenerate, "executableCode", RawJson.FromText("{}")));
        answer = answer with { Candidates = [answer.Candidates[0], new Candidate { Index = 1 }] };
        var content = JsonNode.Parse(AnthropicKit.WriteAnswer(answer, context))!["content"]!.AsArray();
        content.Select(b => b!["text"]!.GetValue<string>()).ShouldBe(["No.", "spoken"]);
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["candidates[1]", "candidates[0].parts[2]", "candidates[0].parts[3]", "candidates[0].parts[4]", "candidates[0].parts[5]"]);
    }

    [Fact]
    public void EncodeResponse_ForeignSignatures_ReturnThroughTheClient()
    {
        var answer = Answer(
            new ReasoningPart("thought") { Id = "rs_1", Signature = new Signature("enc", "openai") },
            new ReasoningPart("unsigned"),
            new ReasoningPart("") { Signature = new Signature("only", "openai") },
            new TextPart("text") { Signature = new Signature("t", "gemini") },
            new ToolCallPart("c", "f", "{}") { Signature = new Signature("g", "gemini") },
            new TextPart("") { Signature = new Signature("end", "gemini") });
        string content = JsonNode.Parse(AnthropicKit.WriteAnswer(answer))!["content"]!.ToJsonString();
        var back = AnthropicKit.Read($$"""{"model":"m","messages":[{"role":"assistant","content":{{content}}}]}""").Messages[0].Parts;
        back[0].Id.ShouldBe("rs_1");
        Sluice.Formats.Shared.SignatureEnvelope.IsIn(Encoding.UTF8.GetBytes(content)).ShouldBeTrue();
        content.ShouldContain("c2x1aWNlLnYxOm5vbmU6");
        back.Select(p => (p.GetType().Name, p.Signature?.Value, p.Signature?.Family)).ShouldBe(
        [
            ("ReasoningPart", "enc", "openai"), ("ReasoningPart", null, null), ("ReasoningPart", "only", "openai"), ("TextPart", "t", "gemini"), ("ToolCallPart", "g", "gemini"), ("TextPart", "end", "gemini"),
        ]);
    }

    [Fact]
    public void EncodeStream_ForeignSignatures_ReturnThroughTheClient()
    {
        var gemini = new Signature("g", "gemini");
        string sse = AnthropicKit.WriteStream(
        [
            new ResponseStarted { Id = "r", Model = "m" },
            new PartStarted(0, 0, new ReasoningPart("")), new PartDelta(0, 0, new ReasoningDelta("hm")), new PartDelta(0, 0, new SignatureDelta(new Signature("o", "openai"))), new PartEnded(0, 0),
            new PartStarted(0, 1, new ToolCallPart("1", "f", "") { Signature = gemini }), new PartDelta(0, 1, new ArgumentsDelta("{\"a\":1}")), new PartEnded(0, 1),
            new PartStarted(0, 2, new ToolCallPart("2", "f", "")), new PartDelta(0, 2, new SignatureDelta(gemini)), new PartEnded(0, 2),
            new PartStarted(0, 3, new TextPart("")), new PartDelta(0, 3, new SignatureDelta(gemini)), new PartEnded(0, 3),
            new CandidateFinished(0, FinishReason.ToolCalls), new ResponseEnded(),
        ]);
        string content = AnthropicStreamJudge.Judge(sse).Message["content"]!.ToJsonString();
        var back = AnthropicKit.Read($$"""{"model":"m","messages":[{"role":"assistant","content":{{content}}}]}""").Messages[0].Parts;
        back.Select(p => (p.GetType().Name, p.Signature?.Family)).ShouldBe([("ReasoningPart", "openai"), ("ToolCallPart", "gemini"), ("ToolCallPart", "gemini"), ("TextPart", "gemini")]);
    }

    [Fact]
    public void EncodeResponse_ForeignCitations_AreWholeCitationsOfTheSdk()
    {
        var text = new TextPart("x") { Citations = [new Citation { Kind = "url_citation", Url = "https://a", Title = "A" }, new Citation { Kind = "file_citation", Title = "F", CitedText = "w" }] };
        var citations = JsonNode.Parse(AnthropicKit.WriteAnswer(Answer(text)))!["content"]![0]!["citations"]!;
        JsonAssert.Difference(
            """
            [{"type":"web_search_result_location","cited_text":"","encrypted_index":"","title":"A","url":"https://a"},
             {"type":"char_location","cited_text":"w","document_index":0,"document_title":"F","start_char_index":0,"end_char_index":0,"file_id":null}]
            """,
            citations.ToJsonString()).ShouldBeNull();
    }

    [Fact]
    public void DecodeResponse_Usage_CountsCachedTokensAsInput()
    {
        var usage = AnthropicKit.ReadAnswer("""
            {"content":[],"usage":{"input_tokens":3,"cache_read_input_tokens":1000,"cache_creation_input_tokens":120,"cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":100},
             "output_tokens":50,"output_tokens_details":{"thinking_tokens":30},"server_tool_use":{"web_search_requests":2}}}
            """).Usage!;
        usage.InputTokens.ShouldBe(1123);
        usage.CacheReadTokens.ShouldBe(1000);
        usage.CacheWriteTokens.ShouldBe(20);
        usage.CacheWrite1hTokens.ShouldBe(100);
        usage.OutputTokens.ShouldBe(50);
        usage.ReasoningTokens.ShouldBe(30);
        usage.ToolCalls!["web_search"].ShouldBe(2);
        usage.Raw.IsAbsent.ShouldBeFalse();
    }

    [Fact]
    public void DecodeResponse_ThatIsNoAnswer_Fails()
    {
        Decode("{}").Kind.ShouldBe(ErrorKind.MalformedAnswer);
        Decode("[]").Kind.ShouldBe(ErrorKind.MalformedAnswer);
        Decode("<html>").Kind.ShouldBe(ErrorKind.MalformedAnswer);
        Decode("").Kind.ShouldBe(ErrorKind.MalformedAnswer);
        Decode("""{"type":"error","error":{"type":"overloaded_error","message":"busy"}}""").Kind.ShouldBe(ErrorKind.Overloaded);
        static GatewayError Decode(string body) => AnthropicKit.Client.DecodeResponse(Encoding.UTF8.GetBytes(body), AnthropicKit.Context()).Error!;
    }

    [Theory]
    [InlineData("authentication", 0, "authentication_error")]
    [InlineData("rate_limited", 0, "rate_limit_error")]
    [InlineData("quota_spent", 429, "rate_limit_error")]
    [InlineData("quota_spent", 402, "billing_error")]
    [InlineData("context_too_long", 0, "invalid_request_error")]
    [InlineData("too_large", 0, "request_too_large")]
    [InlineData("overloaded", 529, "overloaded_error")]
    [InlineData("upstream", 500, "api_error")]
    [InlineData("not_found", 0, "not_found_error")]
    public void EncodeError_OfAnyKind_HasThePublishedType(string kind, int status, string type)
    {
        var error = JsonNode.Parse(Error(new GatewayError(new ErrorKind(kind), "words") { Status = status }))!;
        error["type"]!.GetValue<string>().ShouldBe("error");
        error["error"]!["type"]!.GetValue<string>().ShouldBe(type);
        error["error"]!["message"]!.GetValue<string>().ShouldBe(kind == "context_too_long" ? "prompt is too long: words" : "words");
        error.AsObject().ContainsKey("request_id").ShouldBeTrue();
    }

    [Fact]
    public void EncodeError_OfThisFormat_KeepsTheProvidersBody()
    {
        string body = """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 1 > 0","details":{"x":1}},"request_id":"req_1"}""";
        var error = AnthropicKit.Client.DecodeError(400, Encoding.UTF8.GetBytes(body));
        error.Kind.ShouldBe(ErrorKind.ContextTooLong);
        error.UpstreamRequestId.ShouldBe("req_1");
        Error(error).ShouldBe(body);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>", "Bad gateway")]
    [InlineData("", "the provider answered with status 502 and no words")]
    [InlineData("""{"message":"words"}""", "words")]
    [InlineData("""{"error":"words"}""", "words")]
    [InlineData("[1]", "the provider answered with status 502: [1]")]
    public void DecodeError_OfAnyBytes_IsAnError(string body, string message) => AnthropicKit.Client.DecodeError(502, Encoding.UTF8.GetBytes(body)).Message.ShouldBe(message);

    [Fact]
    public void CountTokens_InBothRoles()
    {
        var format = (ICountTokensClientFormat)WireFormats.Find(WireFormatId.AnthropicCountTokens)!;
        string body = """{"model":"m","system":"s","messages":[{"role":"user","content":"q"}],"tools":[{"name":"f","input_schema":{"type":"object"}}],"thinking":{"type":"adaptive"},"betas_x":1}""";
        var request = ((ICountTokensServerFormat)format).DecodeRequest(AnthropicKit.Wire(body)).Value!;
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        format.EncodeRequest(request, AnthropicKit.Context("m"), output).ShouldBeNull();
        JsonAssert.Difference(body, Encoding.UTF8.GetString(output.WrittenSpan)).ShouldBeNull();
        format.DecodeCount("""{"input_tokens":14}"""u8.ToArray()).ShouldBe(14);
        format.DecodeCount("x"u8.ToArray()).ShouldBeNull();
        output.ResetWrittenCount();
        ((ICountTokensServerFormat)format).EncodeCount(9, output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("""{"input_tokens":9}""");
        output.ResetWrittenCount();
        var foreign = new ChatRequest { Model = "x", Messages = [new ChatMessage(Role.User, [new TextPart("q")])], MaxTokens = 4, Temperature = 1, Seed = 3, Stream = true };
        format.EncodeRequest(foreign, AnthropicKit.Context(), output).ShouldBeNull();
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("""{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"q"}]}""");
    }

    private static string Error(GatewayError error)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        AnthropicKit.Server.EncodeError(error, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static ChatResponse Answer(params Part[] parts) => new() { Id = "chatcmpl-1", Model = "gpt", Candidates = [new Candidate { Parts = parts, FinishReason = FinishReason.Stop }] };
}
