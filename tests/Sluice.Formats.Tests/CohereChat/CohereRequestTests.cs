using Sluice.Chat;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.CohereChat;

public sealed class CohereRequestTests
{
    private static readonly ChatMessage Question = new(Role.User, [new TextPart("Weather in Paris?")]);

    [Fact]
    public void EncodeRequest_WithSampling_UsesCoheresNames()
    {
        var request = new ChatRequest
        {
            Model = "m",
            Messages = [Question],
            MaxTokens = 100,
            Temperature = 0.5,
            TopP = 0.9,
            TopK = 40,
            Seed = 7,
            PresencePenalty = 0.1,
            FrequencyPenalty = 0.2,
            Stop = ["END"],
            Logprobs = true,
            Stream = true,
        };

        JsonAssert.Difference(
            """{"model":"command-a","messages":[{"role":"user","content":"Weather in Paris?"}],"stream":true,"max_tokens":100,"temperature":0.5,"p":0.9,"k":40,"seed":7,"presence_penalty":0.1,"frequency_penalty":0.2,"logprobs":true,"stop_sequences":["END"]}""",
            Cohere.Write(request).GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void EncodeRequest_WithSettingsThatCohereLacks_ReportsEachAndWritesNone()
    {
        var context = Cohere.Context();
        var request = new ChatRequest
        {
            Model = "m",
            Messages = [Question],
            MinP = 0.1,
            TopLogprobs = 3,
            CandidateCount = 2,
            User = "u",
            ParallelToolCalls = false,
            Metadata = RawJson.FromText("""{"team":"a"}"""),
            LogitBias = RawJson.FromText("""{"1":2}"""),
            ServiceTier = "flex",
            Store = true,
            Verbosity = "low",
            PromptCacheKey = "k",
            PreviousResponseId = "resp_1",
            OutputModalities = ["text", "audio"],
        };

        var body = Cohere.Write(request, context);

        body.EnumerateObject().Select(m => m.Name).ShouldBe(["model", "messages", "stream"]);
        context.Losses.Losses.Select(l => l.Path).ShouldBe(
            ["parallel_tool_calls", "min_p", "top_logprobs", "n", "logit_bias", "user", "metadata", "service_tier", "store", "verbosity", "prompt_cache_key", "modalities", "previous_response_id"],
            ignoreOrder: true);
    }

    [Fact]
    public void EncodeRequest_WithACallAndItsResult_SaysThePlanAndLinksThem()
    {
        var messages = Cohere.Write(
            new ChatMessage(Role.Developer, [new TextPart("Be brief.")]),
            Question,
            new ChatMessage(Role.Assistant, [new ReasoningPart("I must look."), new TextPart("I will look it up."), new ToolCallPart("c1", "get_weather", """{"city":"Paris"}""")]),
            new ChatMessage(Role.Assistant, [new ToolCallPart("c2", "now", "")]),
            new ChatMessage(Role.User, [new ToolResultPart("c1", [new TextPart("11 degrees")]), new ToolResultPart("c2", [new TextPart("noon"), new TextPart("sharp")]), new TextPart("Go on.")]));

        JsonAssert.Difference(
            """
            [{"role":"system","content":"Be brief."},
             {"role":"user","content":"Weather in Paris?"},
             {"role":"assistant","tool_plan":"I will look it up.","content":[{"type":"thinking","thinking":"I must look."}],
              "tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}},{"id":"c2","type":"function","function":{"name":"now","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"11 degrees"},
             {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"noon"},{"type":"text","text":"sharp"}]},
             {"role":"user","content":"Go on."}]
            """,
            messages.GetRawText()).ShouldBeNull();
    }

    [Theory]
    [InlineData("none", "NONE", 2)]
    [InlineData("required", "REQUIRED", 2)]
    [InlineData("auto", null, 2)]
    [InlineData("tool", "REQUIRED", 1)]
    public void EncodeRequest_WithAChoice_SaysItByWordOrByWhatIsOffered(string mode, string? word, int offered)
    {
        var request = new ChatRequest
        {
            Model = "m",
            Messages = [Question],
            Tools = [new FunctionTool("a") { Description = "first", Parameters = RawJson.FromText("""{"type":"object"}""") }, new FunctionTool("b")],
            ToolChoice = new ToolChoice(mode) { Name = mode == "tool" ? "b" : null },
        };

        var body = Cohere.Write(request);

        body.GetProperty("tools").GetArrayLength().ShouldBe(offered);
        (body.TryGetProperty("tool_choice", out var choice) ? choice.GetString() : null).ShouldBe(word);
    }

    [Fact]
    public void EncodeRequest_WithHostedAndCustomTools_OffersNoneAndReportsBoth()
    {
        var context = Cohere.Context();
        var request = new ChatRequest
        {
            Model = "m",
            Messages = [Question],
            Tools = [new HostedTool(WireFormatId.OpenAIResponses, "web_search", RawJson.FromText("{}")), new CustomTool("sh")],
            ToolChoice = ToolChoice.Required,
        };

        var body = Cohere.Write(request, context);

        body.TryGetProperty("tools", out _).ShouldBeFalse();
        body.TryGetProperty("tool_choice", out _).ShouldBeFalse();
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["tools[0]", "tools[1]"]);
    }

    [Fact]
    public void EncodeRequest_WithPictures_WritesTheirAddresses()
    {
        var messages = Cohere.Write(new ChatMessage(Role.User,
        [
            new TextPart("Look:"),
            new MediaPart(MediaKind.Image, new InlineMedia("AAAA") { MediaType = "image/png" }) { Detail = "low" },
            new MediaPart(MediaKind.Image, new UrlMedia("https://x/y.png")) { Detail = "original" },
        ]));

        JsonAssert.Difference(
            """[{"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}]""",
            messages.GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void EncodeRequest_WithDocuments_CitesTextsAndReportsTheRest()
    {
        var context = Cohere.Context();
        var request = new ChatRequest
        {
            Model = "m",
            Messages =
            [
                new ChatMessage(Role.User,
                [
                    new MediaPart(MediaKind.Document, new TextMedia("The sky is blue.")) { Title = "Sky", CitationsEnabled = true },
                    new MediaPart(MediaKind.Document, new TextMedia("Plain.")),
                    new MediaPart(MediaKind.Document, new InlineMedia("AAAA") { MediaType = "application/pdf" }),
                    new TextPart("Colour?"),
                ]),
            ],
        };

        var body = Cohere.Write(request, context);

        JsonAssert.Difference("""[{"id":"doc_0","data":{"title":"Sky","text":"The sky is blue."}}]""", body.GetProperty("documents").GetRawText()).ShouldBeNull();
        JsonAssert.Difference("""[{"type":"text","text":"Plain."},{"type":"text","text":"Colour?"}]""", body.GetProperty("messages")[0].GetProperty("content").GetRawText()).ShouldBeNull();
        context.Losses.Losses.Select(l => (l.Path, l.Kind)).ShouldBe([("messages[0].content[1]", LossKind.Changed), ("messages[0].content[2]", LossKind.Dropped)]);
    }

    [Fact]
    public void EncodeRequest_WithThinkingThatOthersSigned_LeavesItOutAndReportsIt()
    {
        var context = Cohere.Context();
        var request = new ChatRequest
        {
            Model = "m",
            Messages = [Question, new ChatMessage(Role.Assistant, [new ReasoningPart("secret") { Signature = new Signature("sig", "anthropic") }, new TextPart("Hi.")]), Question],
        };

        var messages = Cohere.Write(request, context).GetProperty("messages");

        JsonAssert.Difference("""{"role":"assistant","content":"Hi."}""", messages[1].GetRawText()).ShouldBeNull();
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["messages[1].content[0].signature", "messages[1].content[0]"]);
    }

    [Theory]
    [InlineData(true, null, null, """{"type":"enabled"}""")]
    [InlineData(false, null, null, """{"type":"disabled"}""")]
    [InlineData(null, null, 500, """{"type":"enabled","token_budget":500}""")]
    [InlineData(null, "high", null, """{"type":"enabled","token_budget":13107}""")]
    [InlineData(null, "none", null, """{"type":"disabled"}""")]
    public void EncodeRequest_WithReasoning_WritesThinking(bool? enabled, string? effort, int? budget, string expected)
    {
        var request = new ChatRequest { Model = "m", Messages = [Question], Reasoning = new ReasoningOptions { Enabled = enabled, Effort = effort, BudgetTokens = budget } };

        JsonAssert.Difference(expected, Cohere.Write(request).GetProperty("thinking").GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void EncodeRequest_WithABudgetLargerThanTheAnswer_LeavesRoom()
    {
        var request = new ChatRequest { Model = "m", Messages = [Question], MaxTokens = 1000, Reasoning = new ReasoningOptions { Effort = "high" } };

        Cohere.Write(request).GetProperty("thinking").GetProperty("token_budget").GetInt64().ShouldBe(500);
    }

    [Theory]
    [InlineData("json", null, """{"type":"json_object"}""")]
    [InlineData("json_schema", """{"type":"object"}""", """{"type":"json_object","json_schema":{"type":"object"}}""")]
    public void EncodeRequest_WithAnAnswerFormat_WritesJsonObject(string type, string? schema, string expected)
    {
        var request = new ChatRequest { Model = "m", Messages = [Question], AnswerFormat = new AnswerFormat(type) { Name = "n", Schema = schema is null ? default : RawJson.FromText(schema) } };

        JsonAssert.Difference(expected, Cohere.Write(request).GetProperty("response_format").GetRawText()).ShouldBeNull();
    }
}
