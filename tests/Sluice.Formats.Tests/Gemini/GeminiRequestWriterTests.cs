using System.Text.Json;
using Sluice.Chat;
using Sluice.TestKit;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

/// <summary>Requests that clients of other formats made.</summary>
public sealed class GeminiRequestWriterTests
{
    private static readonly ChatMessage Question = new(Role.User, [new TextPart("q")]);

    [Fact]
    public void Encode_Conversation_IsTurnsOfUserAndModel()
    {
        var request = Request(
            new ChatMessage(Role.System, [new TextPart("A")]),
            new ChatMessage(Role.Developer, [new TextPart("B")]),
            Question,
            new ChatMessage(Role.Assistant, [new TextPart("thinking aloud")]),
            new ChatMessage(Role.Assistant, [new ToolCallPart("c1", "f", """{"x": 1}"""), new ToolCallPart("c2", "g", "")]),
            new ChatMessage(Role.Tool, [new ToolResultPart("c1", [new TextPart("one")])]),
            new ChatMessage(Role.User, [new TextPart("and?")]),
            new ChatMessage(Role.Tool, [new ToolResultPart("c2", [new TextPart("two")]) { IsError = true }]));

        JsonAssert.Difference("""
            {"systemInstruction":{"parts":[{"text":"A"},{"text":"B"}]},
             "contents":[
              {"role":"user","parts":[{"text":"q"}]},
              {"role":"model","parts":[{"text":"thinking aloud"},{"functionCall":{"id":"c1","name":"f","args":{"x":1}}},{"functionCall":{"id":"c2","name":"g","args":{}}}]},
              {"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"result":"one"}}},{"functionResponse":{"id":"c2","name":"g","response":{"error":"two"}}}]},
              {"role":"user","parts":[{"text":"and?"}]}]}
            """, Write(request, out var losses)).ShouldBeNull();
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Encode_InstructionInTheMiddle_MovesToTheFrontAndIsReported()
    {
        var body = Parse(Write(Request(Question, new ChatMessage(Role.System, [new TextPart("late")])), out var losses));

        body.GetProperty("systemInstruction").GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("late");
        losses.ShouldBe(["messages[1].parts[0]"]);
    }

    [Fact]
    public void Encode_OnlyInstructions_HasAnEmptyUserTurn() =>
        JsonAssert.Difference("""{"systemInstruction":{"parts":[{"text":"A"}]},"contents":[{"role":"user","parts":[{"text":""}]}]}""", Write(Request(new ChatMessage(Role.System, [new TextPart("A")])), out _)).ShouldBeNull();

    [Fact]
    public void Encode_Gemma_PutsInstructionsIntoTheFirstUserTurn()
    {
        string body = Write(Request(new ChatMessage(Role.System, [new TextPart("A")]), Question), out var losses, "gemma-3-27b-it");

        JsonAssert.Difference("""{"contents":[{"role":"user","parts":[{"text":"A"},{"text":"q"}]}]}""", body).ShouldBeNull();
        losses.ShouldBe(["messages[0]"]);
    }

    [Fact]
    public void Encode_Parameters_GoIntoGenerationConfig()
    {
        var request = Request(Question) with
        {
            MaxTokens = 5, Temperature = 0.5, TopP = 0.9, TopK = 4, Seed = 7, PresencePenalty = 0.1, FrequencyPenalty = 0.2, Stop = ["a", "b"], CandidateCount = 2, Logprobs = true,
            TopLogprobs = 3, OutputModalities = ["text", "image"], AnswerFormat = new AnswerFormat("json_schema") { Name = "n", Schema = RawJson.FromText("""{"type":"object"}"""), Strict = true }, ServiceTier = "flex",
        };

        var body = Parse(Write(request, out var losses));

        JsonAssert.Difference("""
            {"maxOutputTokens":5,"temperature":0.5,"topP":0.9,"topK":4,"seed":7,"presencePenalty":0.1,"frequencyPenalty":0.2,"stopSequences":["a","b"],"candidateCount":2,"responseLogprobs":true,
             "logprobs":3,"responseModalities":["TEXT","IMAGE"],"responseMimeType":"application/json","responseJsonSchema":{"type":"object"}}
            """, body.GetProperty("generationConfig").GetRawText()).ShouldBeNull();
        body.GetProperty("serviceTier").GetString().ShouldBe("flex");
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Encode_WhatGeminiHasNot_IsReported()
    {
        var request = Request(new ChatMessage(Role.User, [new TextPart("q") { Cache = new CacheMarker() }, new MediaPart(MediaKind.Image, new FileMedia("file-1")), new MediaPart(MediaKind.Image, new InlineMedia("AA==")) { Detail = "low", Title = "t" }]) { Name = "bob" }) with
        {
            MinP = 0.1, User = "u", Verbosity = "low", PromptCacheKey = "k", Store = true, ParallelToolCalls = false, LogitBias = RawJson.FromText("{}"), Metadata = RawJson.FromText("{}"), PreviousResponseId = "r",
            AudioOutput = RawJson.FromText("{}"), ServiceTier = "scale", Seed = 1L << 40,
            Notes = new WireNotes(WireFormatId.OpenAIChat) { Fields = [new("web_search_options", RawJson.FromText("{}")), new("nothing", RawJson.FromText("null"))] },
        };

        Write(request, out var losses);

        losses.ShouldBe(
            ["messages[0].name", "messages[0].parts[0].cache", "messages[0].parts[1]", "messages[0].parts[2].detail", "messages[0].parts[2].title", "min_p", "logit_bias", "user", "metadata", "verbosity", "prompt_cache_key",
             "store", "previous_response_id", "audio", "parallel_tool_calls", "service_tier", "seed", "web_search_options"], ignoreOrder: true);
    }

    [Fact]
    public void Encode_Media_AreInlineOrByAddressWithAType()
    {
        var request = Request(new ChatMessage(Role.User,
        [
            new MediaPart(MediaKind.Image, new InlineMedia("AA==") { MediaType = "image/png" }),
            new MediaPart(MediaKind.Image, new UrlMedia("https://example.com/a.webp?x=1")),
            new MediaPart(MediaKind.Document, new UrlMedia("https://example.com/doc")),
            new MediaPart(MediaKind.Document, new TextMedia("héllo")),
            new MediaPart(MediaKind.Video, new FileMedia("gs://b/v") { MediaType = "video/mp4" }),
            new MediaPart(MediaKind.Audio, new InlineMedia("AA==") { MediaType = "audio/wav" }),
        ]));

        JsonAssert.Difference("""
            [{"inlineData":{"mimeType":"image/png","data":"AA=="}},{"fileData":{"mimeType":"image/webp","fileUri":"https://example.com/a.webp?x=1"}},
             {"fileData":{"mimeType":"application/pdf","fileUri":"https://example.com/doc"}},{"inlineData":{"mimeType":"text/plain","data":"aMOpbGxv"}},
             {"fileData":{"mimeType":"video/mp4","fileUri":"gs://b/v"}},{"inlineData":{"mimeType":"audio/wav","data":"AA=="}}]
            """, Parse(Write(request, out _)).GetProperty("contents")[0].GetProperty("parts").GetRawText()).ShouldBeNull();
    }

    [Theory]
    [InlineData("gemini-3-flash-preview", """[{"role":"user","parts":[{"functionResponse":{"id":"c","name":"f","response":{"result":"see"},"parts":[{"inlineData":{"mimeType":"image/png","data":"AA=="}}]}}]}]""", 0)]
    [InlineData("gemini-2.5-flash", """[{"role":"user","parts":[{"functionResponse":{"id":"c","name":"f","response":{"result":"see"}}}]},{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"AA=="}}]}]""", 1)]
    public void Encode_MediaInAResult_StandInsideFromGeneration3On(string model, string contents, int changes)
    {
        var request = Request(
            new ChatMessage(Role.Assistant, [new ToolCallPart("c", "f", "{}") { Signature = new Signature("s", "gemini") }]),
            new ChatMessage(Role.User, [new ToolResultPart("c", [new TextPart("see"), new MediaPart(MediaKind.Image, new InlineMedia("AA==") { MediaType = "image/png" })])]));

        var written = Parse(Write(request, out var losses, model)).GetProperty("contents").EnumerateArray().Skip(1).Select(c => c.GetRawText());

        JsonAssert.Difference(contents, $"[{string.Join(',', written)}]").ShouldBeNull();
        losses.Count.ShouldBe(changes);
    }

    [Theory]
    [InlineData("gemini-3-flash-preview", "skip_thought_signature_validator")]
    [InlineData("gemini-flash-latest", "skip_thought_signature_validator")]
    [InlineData("gemini-2.5-pro", null)]
    public void Encode_CallsOfAnotherModel_SkipTheCheckOnceAStepFromGeneration3On(string model, string? expected)
    {
        var request = Request(
            new ChatMessage(Role.Assistant, [new ToolCallPart("a", "f", "{}") { Signature = new Signature("x", "anthropic") }, new ToolCallPart("b", "f", "{}")]),
            new ChatMessage(Role.Tool, [new ToolResultPart("a", []), new ToolResultPart("b", [])]),
            new ChatMessage(Role.Assistant, [new ToolCallPart("c", "f", "{}") { Signature = new Signature("own", "gemini") }]));

        var contents = Parse(Write(request, out var losses, model)).GetProperty("contents");

        Signature(contents[0], 0).ShouldBe(expected);
        Signature(contents[0], 1).ShouldBeNull();
        Signature(contents[2], 0).ShouldBe("own");
        losses.ShouldBe(["messages[0].parts[0].signature"]);

        static string? Signature(JsonElement content, int part) => content.GetProperty("parts")[part].TryGetProperty("thoughtSignature", out var s) ? s.GetString() : null;
    }

    [Fact]
    public void Encode_ThoughtsOfATurnThatNobodySigned_AreReported()
    {
        Write(Request(Question, new ChatMessage(Role.Assistant, [new ReasoningPart("hm"), new TextPart("a")])), out var losses);

        losses.ShouldBe(["messages[1].parts[0]"]);
    }

    [Fact]
    public void Encode_Reasoning_OnlyOwnThoughtsGoBack()
    {
        var request = Request(Question, new ChatMessage(Role.Assistant,
        [
            new ReasoningPart("foreign") { Signature = new Signature("x", "anthropic") },
            new ReasoningPart("unsigned"),
            new ReasoningPart("own") { Signature = new Signature("s", "gemini") },
            new TextPart("a") { Signature = new Signature("t", "gemini") },
            new TextPart("") { Signature = new Signature("y", "openai") },
        ]));

        var parts = Parse(Write(request, out var losses)).GetProperty("contents")[1].GetProperty("parts");

        JsonAssert.Difference("""[{"text":"own","thought":true,"thoughtSignature":"s"},{"text":"a","thoughtSignature":"t"}]""", parts.GetRawText()).ShouldBeNull();
        losses.ShouldBe(["messages[1].parts[0]", "messages[1].parts[4].signature"]);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "none", null, """{"thinkingBudget":0}""", 0)]
    [InlineData("gemini-2.5-pro", "none", null, """{"thinkingBudget":128}""", 1)]
    [InlineData("gemini-2.5-flash", "low", null, """{"thinkingBudget":3276,"includeThoughts":true}""", 0)]
    [InlineData("gemini-2.5-flash", null, 100000, """{"thinkingBudget":24576,"includeThoughts":true}""", 1)]
    [InlineData("gemini-2.5-flash-lite", null, 100, """{"thinkingBudget":512,"includeThoughts":true}""", 1)]
    [InlineData("gemini-3-flash-preview", "minimal", null, """{"thinkingLevel":"MINIMAL","includeThoughts":true}""", 0)]
    [InlineData("gemini-3-pro-preview", "none", null, """{"thinkingLevel":"LOW"}""", 1)]
    [InlineData("models/gemini-3.7-flash", "minimal", null, """{"thinkingLevel":"LOW","includeThoughts":true}""", 1)]
    [InlineData("gemini-3-flash-preview", "max", null, """{"thinkingLevel":"HIGH","includeThoughts":true}""", 1)]
    [InlineData("gemini-3-flash-preview", null, 20000, """{"thinkingLevel":"HIGH","includeThoughts":true}""", 0)]
    [InlineData("gemini-2.0-flash", "high", null, null, 1)]
    [InlineData("gemini-2.0-flash", "none", null, null, 0)]
    public void Encode_Reasoning_IsSaidAsTheFamilyTakesIt(string model, string? effort, int? budget, string? expected, int reports)
    {
        var body = Parse(Write(Request(Question) with { Reasoning = new ReasoningOptions { Effort = effort, BudgetTokens = budget } }, out var losses, model));

        if (expected is null) body.TryGetProperty("generationConfig", out _).ShouldBeFalse();
        else JsonAssert.Difference(expected, body.GetProperty("generationConfig").GetProperty("thinkingConfig").GetRawText()).ShouldBeNull();
        losses.Count.ShouldBe(reports);
    }

    [Fact]
    public void Encode_AdaptiveReasoning_LetsTheModelDecide()
    {
        var adaptive = Request(Question) with { Reasoning = new ReasoningOptions { IsAdaptive = true } };

        JsonAssert.Difference("""{"thinkingBudget":-1,"includeThoughts":true}""", Parse(Write(adaptive, out _)).GetProperty("generationConfig").GetProperty("thinkingConfig").GetRawText()).ShouldBeNull();
        JsonAssert.Difference("""{"includeThoughts":true}""", Parse(Write(adaptive, out _, "gemini-3-pro")).GetProperty("generationConfig").GetProperty("thinkingConfig").GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void Encode_Tools_AreFunctionsWithJsonSchema()
    {
        var request = Request(Question) with
        {
            Tools =
            [
                new FunctionTool("f") { Description = "d", Parameters = RawJson.FromText("""{"type":"object","properties":{"n":{"type":"integer","exclusiveMinimum":0,"title":"N"}}}"""), Strict = true },
                new FunctionTool("bare") { Parameters = RawJson.FromText("{}") },
                new CustomTool("free") { Description = "text" },
            ],
            ToolChoice = new ToolChoice("allowed") { Allowed = ["f", "free"] },
        };

        var body = Parse(Write(request, out var losses));

        JsonAssert.Difference("""
            [{"functionDeclarations":[{"name":"f","description":"d","parametersJsonSchema":{"type":"object","properties":{"n":{"type":"integer","exclusiveMinimum":0,"title":"N"}}}},{"name":"bare"},
              {"name":"free","description":"text","parametersJsonSchema":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}]}]
            """, body.GetProperty("tools").GetRawText()).ShouldBeNull();
        JsonAssert.Difference("""{"functionCallingConfig":{"mode":"VALIDATED","allowedFunctionNames":["f","free"]}}""", body.GetProperty("toolConfig").GetRawText()).ShouldBeNull();
        losses.ShouldBe(["tools[0].strict", "tools[0].parameters", "tools[2]"]);
    }

    [Theory]
    [InlineData("auto", """{"mode":"AUTO"}""")]
    [InlineData("none", """{"mode":"NONE"}""")]
    [InlineData("required", """{"mode":"ANY"}""")]
    [InlineData("tool", """{"mode":"ANY","allowedFunctionNames":["f"]}""")]
    public void Encode_ToolChoice_IsFunctionCallingConfig(string mode, string expected)
    {
        var request = Request(Question) with { Tools = [new FunctionTool("f")], ToolChoice = new ToolChoice(mode) { Name = mode == "tool" ? "f" : null } };

        JsonAssert.Difference(expected, Parse(Write(request, out _)).GetProperty("toolConfig").GetProperty("functionCallingConfig").GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void Encode_NamesThatGoogleRefuses_AreChangedAndChangedBack()
    {
        var request = Request(Question, new ChatMessage(Role.Assistant, [new ToolCallPart("c", "1 tool", "{}")]), new ChatMessage(Role.Tool, [new ToolResultPart("c", [])])) with { Tools = [new FunctionTool("1 tool")], ToolChoice = new ToolChoice("tool") { Name = "1 tool" } };
        var context = Foreign(request: request);

        string body = Encode(request, context);
        var answer = DecodeAnswer("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"_1_tool","args":{}}}],"role":"model"},"finishReason":"STOP"}]}""", context);

        body.ShouldNotContain("1 tool");
        body.Split("_1_tool").Length.ShouldBe(5, "declaration, choice, call and result");
        ((ToolCallPart)answer.Candidates[0].Parts[0]).Name.ShouldBe("1 tool");
        context.Losses.Losses.Select(l => l.Path).ShouldContain("tools[0].name");
    }

    [Theory]
    [InlineData("gemini-3-flash-preview", false, "googleSearch", false)]
    [InlineData("gemini-2.5-flash", false, "googleSearch", false)]
    [InlineData("gemini-3-flash-preview", true, "googleSearch", true)]
    [InlineData("gemini-2.5-flash", true, null, false)]
    public void Encode_HostedToolOfAnotherVendor_BecomesTheEqualOneWhereItMayStand(string model, bool withFunction, string? expected, bool invocations)
    {
        var search = new HostedTool(WireFormatId.AnthropicMessages, "web_search_20250305", RawJson.FromText("{}"));
        var request = Request(Question) with { Tools = withFunction ? [search, new FunctionTool("f")] : [search] };

        string body = Write(request, out var losses, model);

        body.Contains("googleSearch").ShouldBe(expected is not null);
        body.Contains("includeServerSideToolInvocations").ShouldBe(invocations);
        losses.ShouldContain("tools[0]");
    }

    [Fact]
    public void Encode_HostedToolWithoutEqual_IsDroppedAndReported()
    {
        var body = Parse(Write(Request(Question) with { Tools = [new HostedTool(WireFormatId.OpenAIResponses, "computer_use_preview", RawJson.FromText("{}"))] }, out var losses));

        body.TryGetProperty("tools", out _).ShouldBeFalse();
        losses.ShouldBe(["tools[0]"]);
    }

    [Fact]
    public void Encode_ArgumentsThatAreNoObject_BecomeOneAndAreReported()
    {
        string body = Write(Request(Question, new ChatMessage(Role.Assistant, [new ToolCallPart("c", "f", "{\"cut"), new ToolCallPart("d", "g", "free \"text\"") { IsCustom = true }])), out var losses);

        body.ShouldContain("""
            "args":{"input":"{\"cut"}
            """);
        body.ShouldContain("""
            "args":{"input":"free \"text\""}
            """);
        losses.ShouldBe(["messages[1].parts[0].arguments"]);
    }

    [Fact]
    public void Encode_OwnConversationWithForeignSignatures_DropsThemAndSkipsTheCheck()
    {
        var context = Context("gemini-3-flash-preview");
        var request = new ChatRequest
        {
            Model = "m",
            Messages = [new ChatMessage(Role.Assistant, [new ReasoningPart("t") { Signature = new Signature("x", "anthropic") }, new ToolCallPart("c", "f", "{}")])],
        };

        JsonAssert.Difference("""{"contents":[{"parts":[{"functionCall":{"id":"c","name":"f","args":{}},"thoughtSignature":"skip_thought_signature_validator"}],"role":"model"}]}""", Encode(request, context)).ShouldBeNull();
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["messages[0].parts[0].signature"]);
    }

    private static ChatRequest Request(params ChatMessage[] messages) => new() { Model = "m", Messages = messages };

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static string Write(ChatRequest request, out IReadOnlyList<string> losses, string model = "gemini-2.5-flash")
    {
        var context = Foreign(model, request: request);
        string body = Encode(request, context);
        losses = [.. context.Losses.Losses.Select(l => l.Path)];
        return body;
    }
}
