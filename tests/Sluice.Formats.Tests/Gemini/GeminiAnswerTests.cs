using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.TestKit;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

/// <summary>Whole answers, read from Google and written for its clients.</summary>
public sealed class GeminiAnswerTests
{
    [Theory]
    [InlineData("STOP", false, "stop")]
    [InlineData("STOP", true, "tool_calls")]
    [InlineData("MAX_TOKENS", false, "length")]
    [InlineData("SAFETY", false, "content_filter")]
    [InlineData("MODEL_ARMOR", false, "content_filter")]
    [InlineData("RECITATION", false, "content_filter")]
    [InlineData("MALFORMED_FUNCTION_CALL", false, "malformed_tool_call")]
    [InlineData("UNEXPECTED_TOOL_CALL", true, "tool_calls")]
    [InlineData("SOMETHING_NEW", false, "something_new")]
    public void Decode_FinishReason_IsNeutral(string reason, bool withCall, string expected)
    {
        string part = withCall ? """{"functionCall":{"name":"f","args":{}}}""" : """{"text":"x"}""";
        string body = $$$"""{"candidates":[{"content":{"parts":[{{{part}}}],"role":"model"},"finishReason":"{{{reason}}}","index":0}]}""";

        var answer = DecodeAnswer(body);

        answer.Candidates[0].FinishReason.ShouldBe(new FinishReason(expected));
        JsonAssert.Difference(body, EncodeAnswer(answer)).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":0}],"usageMetadata":{"promptTokenCount":1}}""", "length")]
    [InlineData("""{"candidates":[{"content":{},"finishReason":"SAFETY","safetyRatings":[]}]}""", "content_filter")]
    [InlineData("""{"candidates":[{"finishReason":"MODEL_ARMOR","finishMessage":"no"}]}""", "content_filter")]
    [InlineData("""{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"trafficType":"ON_DEMAND"},"modelVersion":"m"}""", "content_filter")]
    [InlineData("""{"candidates":[],"promptFeedback":{"blockReason":"SAFETY"}}""", "content_filter")]
    public void Decode_AnswerWithoutText_IsOneCandidateAndComesOutAsItWas(string body, string reason)
    {
        var answer = DecodeAnswer(body);

        answer.Candidates.ShouldHaveSingleItem().Parts.ShouldBeEmpty();
        answer.Candidates[0].FinishReason!.Value.Value.ShouldBe(reason);
        if (!body.Contains("\"candidates\":[]")) JsonAssert.Difference(body, EncodeAnswer(answer)).ShouldBeNull();
    }

    [Fact]
    public void Decode_Usage_CountsThoughtsAsOutputAndToolUseAsInput()
    {
        const string Usage = """
            {"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":20,"thoughtsTokenCount":30,"toolUsePromptTokenCount":5,"totalTokenCount":155,"serviceTier":"standard",
             "promptTokensDetails":[{"modality":"TEXT","tokenCount":60},{"modality":"AUDIO","tokenCount":25},{"modality":"IMAGE","tokenCount":15}],
             "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":10}],"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":20}]}
            """;

        var answer = DecodeAnswer($$"""{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{{Usage}}}""");
        var usage = answer.Usage!;

        (usage.InputTokens, usage.OutputTokens, usage.TotalTokens).ShouldBe((105, 50, 155));
        (usage.CacheReadTokens, usage.ReasoningTokens, usage.InputAudioTokens, usage.InputImageTokens, usage.CacheReadAudioTokens, usage.OutputImageTokens).ShouldBe((40, 30, 25, 15, 10, 20));
        usage.CacheWriteTokens.ShouldBeNull();
        usage.RawFormat.ShouldBe(WireFormatId.GeminiGenerate);
        answer.ServiceTier.ShouldBe("default");
    }

    [Fact]
    public void Encode_UsageOfAnotherFormat_IsNestedAsGoogleNestsIt()
    {
        var response = Answer(new TextPart("x")) with { Usage = new Usage { InputTokens = 105, OutputTokens = 50, CacheReadTokens = 40, ReasoningTokens = 30, InputAudioTokens = 25 } };

        JsonAssert.Difference("""
            {"promptTokenCount":105,"cachedContentTokenCount":40,"candidatesTokenCount":20,"thoughtsTokenCount":30,"totalTokenCount":155,
             "promptTokensDetails":[{"modality":"TEXT","tokenCount":80},{"modality":"AUDIO","tokenCount":25}]}
            """, Parse(EncodeAnswer(response, Foreign())).GetProperty("usageMetadata").GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void Decode_CallsWithoutIds_GetOnesOfTheirOwn()
    {
        var parts = DecodeAnswer("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1.0}},"thoughtSignature":"s"},{"functionCall":{"name":"f","id":"given"}}]},"finishReason":"STOP"}]}""").Candidates[0].Parts;

        var first = (ToolCallPart)parts[0];
        first.CallId.ShouldStartWith("call_");
        first.Arguments.ShouldBe("""{"a":1.0}""");
        first.Signature.ShouldBe(new Signature("s", "gemini"));
        ((ToolCallPart)parts[1]).CallId.ShouldBe("given");
        ((ToolCallPart)parts[1]).Arguments.ShouldBe("{}");
    }

    [Fact]
    public void Decode_CallOfACustomTool_IsFreeText()
    {
        var request = new ChatRequest { Model = "m", Messages = [], Tools = [new CustomTool("free")] };

        var call = (ToolCallPart)DecodeAnswer("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"free","args":{"input":"a\nb"}}}]},"finishReason":"STOP"}]}""", Foreign(request: request)).Candidates[0].Parts[0];

        call.IsCustom.ShouldBeTrue();
        call.Arguments.ShouldBe("a\nb");
    }

    [Fact]
    public void Decode_ServerToolsAndUnknownParts_AreKept()
    {
        const string Body = """
            {"candidates":[{"content":{"parts":[
              {"executableCode":{"language":"PYTHON","code":"print(1)","id":"x"},"thoughtSignature":"s"},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n","id":"x"}},
              {"toolCall":{"toolType":"GOOGLE_SEARCH_WEB","args":{"queries":["q"]},"id":"y"}},{"toolResponse":{"toolType":"GOOGLE_SEARCH_WEB","response":{},"id":"y"}},
              {"inlineData":{"mimeType":"image/png","data":"AA=="},"thought":true},{"hologram":{"depth":3}},{"thoughtSignature":"only"}],"role":"model"},"finishReason":"STOP","index":0}]}
            """;

        var answer = DecodeAnswer(Body);
        var parts = answer.Candidates[0].Parts;

        ((ServerToolCallPart)parts[0]).Name.ShouldBe("code_execution");
        ((ServerToolResultPart)parts[1]).CallId.ShouldBe("x");
        ((ServerToolCallPart)parts[2]).Name.ShouldBe("GOOGLE_SEARCH_WEB");
        ((ServerToolResultPart)parts[3]).CallId.ShouldBe("y");
        ((RawPart)parts[4]).Type.ShouldBe("thought.inlineData");
        ((RawPart)parts[5]).Type.ShouldBe("hologram");
        parts[6].Signature.ShouldBe(new Signature("only", "gemini"));
        JsonAssert.Difference(Body, EncodeAnswer(answer)).ShouldBeNull();
    }

    [Fact]
    public void Decode_Grounding_CitesTheTextByCharacters()
    {
        var answer = DecodeAnswer("""
            {"candidates":[{"content":{"parts":[{"text":"plan","thought":true},{"text":"Één zin. Twee."}],"role":"model"},"finishReason":"STOP","groundingMetadata":{
              "groundingChunks":[{"web":{"uri":"https://a","title":"A"}},{"web":{"uri":"https://b"}}],
              "groundingSupports":[{"segment":{"endIndex":10,"text":"Één zin."},"groundingChunkIndices":[0,1]},{"segment":{"startIndex":999,"endIndex":1000,"text":"Twee."},"groundingChunkIndices":[1,7]}]}}]}
            """);

        var citations = ((TextPart)answer.Candidates[0].Parts[1]).Citations;

        citations.Select(c => (c.Url, c.StartIndex, c.EndIndex)).ShouldBe([("https://a", 0, 8), ("https://b", 0, 8), ("https://b", 9, 14)]);
        citations[0].Title.ShouldBe("A");
        answer.Candidates[0].Notes!.Fields.ShouldContain(f => f.Key == "groundingMetadata");
    }

    [Fact]
    public void Encode_CitationsOfAnotherFormat_AreGroundingByBytes()
    {
        var response = Answer(new TextPart("Één zin.") { Citations = [new Citation { Kind = "url_citation", Url = "https://a", Title = "A", StartIndex = 4, EndIndex = 7 }] });

        JsonAssert.Difference("""
            {"groundingChunks":[{"web":{"uri":"https://a","title":"A"}}],"groundingSupports":[{"segment":{"startIndex":6,"endIndex":9,"text":"zin"},"groundingChunkIndices":[0]}]}
            """, Parse(EncodeAnswer(response, Foreign())).GetProperty("candidates")[0].GetProperty("groundingMetadata").GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void Logprobs_BothWays_KeepTokens()
    {
        var answer = DecodeAnswer("""
            {"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","logprobsResult":{"chosenCandidates":[{"token":"a","logProbability":-0.5,"tokenId":3}],"topCandidates":[{"candidates":[{"token":"b","logProbability":-1}]}]}}]}
            """);
        var token = answer.Candidates[0].Logprobs!.ShouldHaveSingleItem();

        (token.Token, token.Logprob).ShouldBe(("a", -0.5));
        token.Top.ShouldHaveSingleItem().Token.ShouldBe("b");
        JsonAssert.Difference("""{"chosenCandidates":[{"token":"a","logProbability":-0.5}],"topCandidates":[{"candidates":[{"token":"b","logProbability":-1}]}]}""",
            Parse(EncodeAnswer(Answer(new TextPart("a")) with { Candidates = [new Candidate { Parts = [new TextPart("a")], Logprobs = answer.Candidates[0].Logprobs }] }, Foreign())).GetProperty("candidates")[0].GetProperty("logprobsResult").GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void Encode_AnswerOfAnotherFormat_HasWhatClientsRead()
    {
        var response = Answer(
            new ReasoningPart("hm") { Signature = new Signature("sig", "anthropic") },
            new TextPart("a"),
            new RefusalPart("no"),
            new MediaPart(MediaKind.Image, new InlineMedia("AA==") { MediaType = "image/png" }),
            new ServerToolCallPart("s", "web_search", RawJson.FromText("{}")),
            new ToolCallPart("c1", "f", "{\"x\":\n1}"),
            new ToolCallPart("c2", "g", ""));
        var context = Foreign();

        var candidate = Parse(EncodeAnswer(response with { Id = "id", Model = "claude" }, context)).GetProperty("candidates")[0];

        JsonAssert.Difference("""
            [{"text":"hm","thought":true,"thoughtSignature":"c2x1aWNlLnYxOmFudGhyb3BpYzpzaWc="},{"text":"a"},{"text":"no"},{"inlineData":{"mimeType":"image/png","data":"AA=="}},
             {"functionCall":{"id":"c1","name":"f","args":{"x":1}}},{"functionCall":{"id":"c2","name":"g","args":{}}}]
            """, candidate.GetProperty("content").GetProperty("parts").GetRawText()).ShouldBeNull();
        candidate.GetProperty("content").GetProperty("role").GetString().ShouldBe("model");
        candidate.GetProperty("finishReason").GetString().ShouldBe("STOP");
        candidate.GetProperty("index").GetInt32().ShouldBe(0);
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["candidates[0].parts[2]", "candidates[0].parts[4]"]);
    }

    [Theory]
    [InlineData("stop_sequence", "STOP")]
    [InlineData("tool_calls", "STOP")]
    [InlineData("pause", "OTHER")]
    [InlineData("length", "MAX_TOKENS")]
    [InlineData("content_filter", "SAFETY")]
    [InlineData("refusal", "SAFETY")]
    [InlineData("malformed_tool_call", "MALFORMED_FUNCTION_CALL")]
    [InlineData("error", "OTHER")]
    [InlineData("of another world", "OTHER")]
    [InlineData(null, "OTHER")]
    public void Encode_FinishReason_IsOneThatGoogleHas(string? reason, string expected)
    {
        var response = Answer(new TextPart("x")) with { Candidates = [new Candidate { FinishReason = reason is null ? null : new FinishReason(reason) }] };

        Parse(EncodeAnswer(response, Foreign())).GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe(expected);
    }

    [Fact]
    public void Decode_ErrorWithStatus200_IsAnError()
    {
        var read = Format.DecodeResponse(Bytes("""{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}"""), Context());

        read.Error!.Kind.ShouldBe(ErrorKind.RateLimited);
        read.Error.Status.ShouldBe(429);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"candidates\":[5]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":5}]}}]}")]
    [InlineData("<html>")]
    public void Decode_Malformed_IsAnErrorOfTheProvider(string body) => Format.DecodeResponse(Bytes(body), Context()).Error!.Kind.ShouldBe(ErrorKind.MalformedAnswer);

    [Theory]
    [InlineData(400, """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}""", "authentication")]
    [InlineData(400, """{"error":{"code":400,"message":"The input token count (9) exceeds the maximum number of tokens allowed (8).","status":"INVALID_ARGUMENT"}}""", "context_too_long")]
    [InlineData(403, """{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED"}}""", "permission")]
    [InlineData(404, """[{"error":{"code":404,"message":"no","status":"NOT_FOUND"}}]""", "not_found")]
    [InlineData(503, """{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}""", "overloaded")]
    [InlineData(502, "<html>bad gateway</html>", "upstream")]
    [InlineData(500, "", "upstream")]
    public void DecodeError_AnyBody_HasAKindAndAMessage(int status, string body, string kind)
    {
        var error = Format.DecodeError(status, Bytes(body));

        error.Kind.Value.ShouldBe(kind);
        error.Message.ShouldNotBeEmpty();
        error.Status.ShouldBe(status);
    }

    [Fact]
    public void DecodeError_RetryInfo_TellsHowLongToWait() =>
        Format.DecodeError(429, Bytes("""{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.Help"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}"""))
            .RetryAfter.ShouldBe(TimeSpan.FromSeconds(34.5));

    [Fact]
    public void EncodeError_OfAnotherProvider_IsGooglesBody()
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeError(new GatewayError(ErrorKind.RateLimited, "slow \"down\"") { RetryAfter = TimeSpan.FromSeconds(6.2) }, output);

        JsonAssert.Difference("""
            {"error":{"code":429,"message":"slow \"down\"","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}}
            """, Encoding.UTF8.GetString(output.WrittenSpan)).ShouldBeNull();
    }

    private static ChatResponse Answer(params Part[] parts) => new() { Candidates = [new Candidate { Parts = parts, FinishReason = FinishReason.Stop }] };

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
