using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI.Responses;
using Sluice.Chat;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIResponses;

#pragma warning disable OPENAI001 // the Responses client of the official SDK is marked experimental

/// <summary>Answers of other formats, told to clients of this one.</summary>
public sealed class ResponsesAnswerTests
{
    private const string AskedForAll = """
        {"model":"m","input":"hi","instructions":"Be terse.","max_output_tokens":100,"temperature":0.5,"top_p":0.9,"parallel_tool_calls":false,
         "tools":[{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{}}},{"type":"custom","name":"run"},{"type":"web_search"}],
         "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"get_weather"}]},
         "text":{"format":{"type":"json_schema","name":"a","schema":{"type":"object"},"strict":true},"verbosity":"low"},
         "reasoning":{"effort":"high","summary":"auto"},"metadata":{"team":"search"},"service_tier":"flex","store":false,"user":"u",
         "include":["reasoning.encrypted_content"],"truncation":"auto","safety_identifier":"s","max_tool_calls":3,"prompt_cache_key":"k"}
        """;

    private static ChatResponse Everything { get; } = new()
    {
        Id = "msg_01",
        Model = "claude-sonnet-5",
        Candidates =
        [
            new Candidate
            {
                Parts =
                [
                    new ReasoningPart("Let me think.") { Signature = new Signature("c2lnbmF0dXJl", "anthropic") },
                    new ReasoningPart("") { IsRedacted = true, Signature = new Signature("cmVkYWN0ZWQ=", "anthropic") },
                    new TextPart("It is "),
                    new TextPart("mild.") { Citations = [new Citation { Kind = "web_search_result_location", Url = "https://example.com", Title = "Weather", CitedText = "mild" }] },
                    new RefusalPart("No more."),
                    new ToolCallPart("toolu_1", "get_weather", """{"city":"Paris"}"""),
                    new ToolCallPart("toolu_2", "get_weather", "{}") { Signature = new Signature("dGhvdWdodA==", "gemini") },
                    new ToolCallPart("call_3", "run", "ls -l") { IsCustom = true },
                    new MediaPart(MediaKind.Image, new InlineMedia("iVBORw0KGgo=") { MediaType = "image/png" }),
                    new TextPart("") { Signature = new Signature("dGFpbA==", "gemini") },
                ],
                FinishReason = FinishReason.ToolCalls,
                Logprobs = [new TokenLogprob("It", -0.1) { Bytes = [73, 116], Top = [new TokenLogprob("It", -0.1), new TokenLogprob("Is", -3)] }],
            },
        ],
        Usage = new Usage { InputTokens = 100, CacheReadTokens = 60, CacheWriteTokens = 20, CacheWrite1hTokens = 5, OutputTokens = 50, ReasoningTokens = 30 },
    };

    [Fact]
    public void EncodeResponse_WithEverything_IsValidAndReadByTheOfficialSdk()
    {
        var context = Responses.Context(upstream: WireFormatId.AnthropicMessages, request: Responses.Request(AskedForAll));

        string json = Responses.Write(Everything, context);

        if (OpenApiSchema.IsAvailable) OpenApiSchema.Of("Response").Fault(json).ShouldBeNull(json);
        var read = ModelReaderWriter.Read<ResponseResult>(BinaryData.FromString(json))!;
        read.Status.ShouldBe(ResponseStatus.Completed);
        read.GetOutputText().ShouldContain("It is ");
        read.OutputItems.OfType<FunctionCallResponseItem>().Select(c => c.CallId).ShouldBe(["toolu_1", "toolu_2"]);
        read.Usage.InputTokenCount.ShouldBe(100);
        read.Usage.InputTokenDetails.CachedTokenCount.ShouldBe(60);
        read.Usage.OutputTokenDetails.ReasoningTokenCount.ShouldBe(30);
        context.Losses.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("output")]
    [InlineData("tools")]
    [InlineData("error")]
    public void PublishedSchema_WithoutARequiredMember_FindsIt(string member)
    {
        Assert.SkipUnless(OpenApiSchema.IsAvailable, "OpenAI's description is not beside the checkout");
        var answer = System.Text.Json.Nodes.JsonNode.Parse(Responses.Write(Everything, Responses.Context()))!.AsObject();
        answer.Remove(member);

        OpenApiSchema.Of("Response").Fault(answer.ToJsonString()).ShouldNotBeNull().ShouldContain(member);
    }

    [Fact]
    public void EncodeResponse_WithoutItsRequest_IsValid()
    {
        string json = Responses.Write(new ChatResponse { Candidates = [new Candidate()] }, Responses.Context(upstream: WireFormatId.OllamaChat));

        if (OpenApiSchema.IsAvailable) OpenApiSchema.Of("Response").Fault(json).ShouldBeNull(json);
        ModelReaderWriter.Read<ResponseResult>(BinaryData.FromString(json)).ShouldNotBeNull();
    }

    [Fact]
    public void EncodeResponse_RepeatsTheRequestsSettings()
    {
        using var document = JsonDocument.Parse(Responses.Write(Everything, Responses.Context(upstream: WireFormatId.AnthropicMessages, request: Responses.Request(AskedForAll))));
        var root = document.RootElement;

        root.GetProperty("instructions").GetString().ShouldBe("Be terse.");
        root.GetProperty("max_output_tokens").GetInt32().ShouldBe(100);
        root.GetProperty("temperature").GetDouble().ShouldBe(0.5);
        root.GetProperty("parallel_tool_calls").GetBoolean().ShouldBeFalse();
        root.GetProperty("tools")[0].GetProperty("strict").GetBoolean().ShouldBeTrue();
        root.GetProperty("tools").GetArrayLength().ShouldBe(3);
        root.GetProperty("tool_choice").GetProperty("mode").GetString().ShouldBe("required");
        root.GetProperty("text").GetProperty("format").GetProperty("name").GetString().ShouldBe("a");
        root.GetProperty("text").GetProperty("verbosity").GetString().ShouldBe("low");
        root.GetProperty("reasoning").GetProperty("effort").GetString().ShouldBe("high");
        root.GetProperty("metadata").GetProperty("team").GetString().ShouldBe("search");
        root.GetProperty("store").GetBoolean().ShouldBeFalse();
        root.GetProperty("truncation").GetString().ShouldBe("auto");
        root.GetProperty("safety_identifier").GetString().ShouldBe("s");
        root.GetProperty("max_tool_calls").GetInt32().ShouldBe(3);
        root.GetProperty("user").GetString().ShouldBe("u");
    }

    [Fact]
    public void EncodeResponse_TextsInARow_ShareOneMessage()
    {
        using var document = JsonDocument.Parse(Responses.Write(Everything, Responses.Context(upstream: WireFormatId.AnthropicMessages)));
        var messages = document.RootElement.GetProperty("output").EnumerateArray().Where(i => i.GetProperty("type").GetString() == "message").ToList();

        messages.Count.ShouldBe(1);
        messages[0].GetProperty("content").EnumerateArray().Select(c => c.GetProperty("type").GetString()).ShouldBe(["output_text", "output_text", "refusal"]);
        var annotation = messages[0].GetProperty("content")[1].GetProperty("annotations")[0];
        annotation.GetProperty("url").GetString().ShouldBe("https://example.com");
        annotation.GetProperty("end_index").GetInt32().ShouldBe(5);
    }

    [Fact]
    public void Signatures_OfOtherFamilies_ComeBackWithTheNextRequest()
    {
        using var answer = JsonDocument.Parse(Responses.Write(Everything, Responses.Context(upstream: WireFormatId.AnthropicMessages)));
        string items = string.Join(',', answer.RootElement.GetProperty("output").EnumerateArray().Select(i => i.GetRawText()));

        var parts = Responses.Request($$"""{"model":"m","input":[{"role":"user","content":"hi"},{{items}}]}""").Messages.Skip(1).SelectMany(m => m.Parts).ToList();

        var reasoning = parts.OfType<ReasoningPart>().ToList();
        reasoning.Count.ShouldBe(2);
        reasoning[0].Text.ShouldBe("Let me think.");
        reasoning[0].Signature.ShouldBe(new Signature("c2lnbmF0dXJl", "anthropic"));
        reasoning[1].IsRedacted.ShouldBeTrue();
        reasoning[1].Signature.ShouldBe(new Signature("cmVkYWN0ZWQ=", "anthropic"));
        var calls = parts.OfType<ToolCallPart>().ToList();
        calls.Select(c => c.Signature?.Value).ShouldBe([null, "dGhvdWdodA==", null]);
        parts.OfType<TextPart>().Last().ShouldSatisfyAllConditions(
            t => t.Text.ShouldBe(""),
            t => t.Signature.ShouldBe(new Signature("dGFpbA==", "gemini")));
    }

    [Theory]
    [InlineData("stop", "completed", null)]
    [InlineData("tool_calls", "completed", null)]
    [InlineData("stop_sequence", "completed", null)]
    [InlineData("pause", "incomplete", "max_output_tokens")]
    [InlineData("malformed_tool_call", "failed", null)]
    [InlineData("a word of tomorrow", "incomplete", "max_output_tokens")]
    [InlineData("length", "incomplete", "max_output_tokens")]
    [InlineData("content_filter", "incomplete", "content_filter")]
    [InlineData("refusal", "incomplete", "content_filter")]
    [InlineData("error", "failed", null)]
    public void EncodeResponse_FinishReason_BecomesAPublishedStatus(string reason, string status, string? incomplete)
    {
        var response = new ChatResponse { Candidates = [new Candidate { Parts = [new TextPart("So")], FinishReason = new FinishReason(reason) }] };

        string json = Responses.Write(response, Responses.Context(upstream: WireFormatId.GeminiGenerate));

        using var document = JsonDocument.Parse(json);
        document.RootElement.GetProperty("status").GetString().ShouldBe(status);
        var details = document.RootElement.GetProperty("incomplete_details");
        (details.ValueKind == JsonValueKind.Null ? null : details.GetProperty("reason").GetString()).ShouldBe(incomplete);
        if (OpenApiSchema.IsAvailable) OpenApiSchema.Of("Response").Fault(json).ShouldBeNull(json);
        ModelReaderWriter.Read<ResponseResult>(BinaryData.FromString(json)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"status":"completed","output":[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"a"}]}]}""", "stop")]
    [InlineData("""{"status":"completed","output":[{"type":"function_call","call_id":"c","name":"f","arguments":""}]}""", "tool_calls")]
    [InlineData("""{"status":"completed","output":[{"type":"message","id":"m","role":"assistant","content":[{"type":"refusal","refusal":"no"}]}]}""", "refusal")]
    [InlineData("""{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}""", "length")]
    [InlineData("""{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}""", "content_filter")]
    [InlineData("""{"status":"incomplete","incomplete_details":null,"output":[]}""", "length")]
    [InlineData("""{"output":[{"type":"message","id":"m","role":"assistant","content":[]}]}""", "stop")]
    [InlineData("""{"status":"queued","output":[]}""", null)]
    public void DecodeResponse_Status_BecomesAFinishReason(string json, string? reason) =>
        (Responses.Answer(json).Candidates[0].FinishReason?.Value).ShouldBe(reason);

    [Fact]
    public void DecodeResponse_ThatFailed_IsAnError()
    {
        var outcome = Responses.Format.DecodeResponse(
            """{"object":"response","status":"failed","error":{"code":"rate_limit_exceeded","message":"Slow down."},"output":[]}"""u8.ToArray(), Responses.Context());

        outcome.Error.ShouldNotBeNull().Message.ShouldBe("Slow down.");
        outcome.Error.Kind.ShouldBe(Errors.ErrorKind.RateLimited);
        outcome.Error.Code.ShouldBe("rate_limit_exceeded");
    }

    [Fact]
    public void DecodeResponse_HostedTools_AreKeptWholeAndCounted()
    {
        const string Json = """
            {"id":"r","status":"completed","created_at":1,"model":"m","usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3},"output":[
              {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}},
              {"type":"mcp_list_tools","id":"mcpl_1","server_label":"s","tools":[]},
              {"type":"image_generation_call","id":"ig_1","status":"completed","result":"iVBORw0KGgo=","output_format":"png"},
              {"type":"compaction","id":"cmp_1","encrypted_content":"x"},
              {"type":"of_tomorrow","id":"t_1","data":{"a":[1.0]}}]}
            """;
        var context = Responses.Context();

        var response = Responses.Answer(Json, context);

        response.Candidates[0].Parts.Select(p => p.GetType().Name).ShouldBe(["ServerToolCallPart", "RawPart", "MediaPart", "RawPart", "RawPart"]);
        response.Usage!.ToolCalls.ShouldNotBeNull()["web_search"].ShouldBe(1);
        JsonAssert.Difference(Json, Responses.Write(response, context)).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"output":{}}""")]
    [InlineData("""{"output":[1]}""")]
    [InlineData("""{"output":[{"type":"function_call"}]}""")]
    [InlineData("""{"output":[{"type":"message","content":[{"type":"output_text","text":5}]}]}""")]
    [InlineData("""{"output":[{"type":"reasoning","summary":[3]}]}""")]
    public void DecodeResponse_Malformed_IsAnError(string json) =>
        Responses.Format.DecodeResponse(System.Text.Encoding.UTF8.GetBytes(json), Responses.Context()).Error.ShouldNotBeNull().Kind.ShouldBe(Errors.ErrorKind.MalformedAnswer);
}
