using System.Text.Json;
using Sluice.Chat;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OllamaChat;

public sealed class OllamaRequestWritingTests
{
    private static readonly ChatMessage Question = new(Role.User, [new TextPart("Weather in Paris?")]);

    [Fact]
    public void EncodeRequest_OfAnotherFormat_PutsSettingsWhereOllamaHasThem()
    {
        var request = new ChatRequest
        {
            Model = "x",
            Messages = [Question],
            MaxTokens = 100,
            Temperature = 0.5,
            TopP = 0.9,
            TopK = 40,
            MinP = 0.05,
            Seed = 7,
            PresencePenalty = 0.1,
            FrequencyPenalty = 0.2,
            Stop = ["END"],
            Logprobs = true,
            TopLogprobs = 2,
        };

        JsonAssert.Difference(
            """{"model":"qwen3","messages":[{"role":"user","content":"Weather in Paris?"}],"stream":false,"logprobs":true,"top_logprobs":2,"options":{"num_predict":100,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.05,"seed":7,"presence_penalty":0.1,"frequency_penalty":0.2,"stop":["END"]}}""",
            Write(request, out var losses).GetRawText()).ShouldBeNull();
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void EncodeRequest_WithCallsOfOneTurnInSeveralMessages_PutsThemTogetherAndNamesTheResults()
    {
        var request = new ChatRequest
        {
            Model = "x",
            Messages =
            [
                new ChatMessage(Role.Developer, [new TextPart("Be brief."), new TextPart("Be kind.")]),
                Question,
                new ChatMessage(Role.Assistant, [new ReasoningPart("I must look."), new TextPart("Look"), new TextPart("ing.")]),
                new ChatMessage(Role.Assistant, [new ToolCallPart("c1", "get_weather", "{\"city\":\n\"Paris\"}")]),
                new ChatMessage(Role.Assistant, [new ToolCallPart("c2", "now", "")]),
                new ChatMessage(Role.User, [new ToolResultPart("c1", [new TextPart("11 degrees")]), new ToolResultPart("c2", [new TextPart("noon")]), new TextPart("Go on.")]),
            ],
            Tools = [new FunctionTool("get_weather") { Description = "Weather", Parameters = RawJson.FromText("""{"type":"object"}""") }, new FunctionTool("now")],
        };

        var body = Write(request, out var losses);

        JsonAssert.Difference(
            """
            [{"role":"system","content":"Be brief.\n\nBe kind."},
             {"role":"user","content":"Weather in Paris?"},
             {"role":"assistant","content":"Looking.","thinking":"I must look.","tool_calls":[{"id":"c1","function":{"name":"get_weather","arguments":{"city":"Paris"}}},{"id":"c2","function":{"name":"now","arguments":{}}}]},
             {"role":"tool","content":"11 degrees","tool_name":"get_weather","tool_call_id":"c1"},
             {"role":"tool","content":"noon","tool_name":"now","tool_call_id":"c2"},
             {"role":"user","content":"Go on."}]
            """,
            body.GetProperty("messages").GetRawText()).ShouldBeNull();
        JsonAssert.Difference(
            """[{"type":"function","function":{"name":"get_weather","description":"Weather","parameters":{"type":"object"}}},{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}}]""",
            body.GetProperty("tools").GetRawText()).ShouldBeNull();
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void EncodeRequest_WithMedia_TakesPicturesAndTextsAndReportsTheRest()
    {
        var request = new ChatRequest
        {
            Model = "x",
            Messages =
            [
                new ChatMessage(Role.User,
                [
                    new TextPart("Look:"),
                    new MediaPart(MediaKind.Image, new InlineMedia("AAAA") { MediaType = "image/png" }),
                    new MediaPart(MediaKind.Image, new UrlMedia("https://x/y.png")),
                    new MediaPart(MediaKind.Document, new InlineMedia("BBBB") { MediaType = "application/pdf" }),
                    new MediaPart(MediaKind.Document, new TextMedia("A text.")),
                    new MediaPart(MediaKind.Audio, new InlineMedia("CCCC") { MediaType = "audio/wav" }),
                    new MediaPart(MediaKind.Image, new FileMedia("file-1")),
                ]),
            ],
        };

        var message = Write(request, out var losses).GetProperty("messages")[0];

        JsonAssert.Difference("""{"role":"user","content":"Look:\nA text.","images":["AAAA"]}""", message.GetRawText()).ShouldBeNull();
        losses.ShouldBe(["messages[0].content[2]", "messages[0].content[3]", "messages[0].content[4]", "messages[0].content[5]", "messages[0].content[6]"]);
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("auto", 2)]
    [InlineData("required", 2)]
    [InlineData("allowed", 1)]
    public void EncodeRequest_WithAChoice_OffersWhatItAllows(string mode, int offered)
    {
        var request = new ChatRequest
        {
            Model = "x",
            Messages = [Question],
            Tools = [new FunctionTool("a"), new FunctionTool("b")],
            ToolChoice = new ToolChoice(mode) { Allowed = mode == "allowed" ? ["b"] : [] },
        };

        var body = Write(request, out var losses);

        (body.TryGetProperty("tools", out var tools) ? tools.GetArrayLength() : 0).ShouldBe(offered);
        losses.ShouldBe(mode == "auto" ? [] : ["tool_choice"]);
    }

    [Theory]
    [InlineData(true, null, null, "true")]
    [InlineData(false, null, null, "false")]
    [InlineData(null, "none", null, "false")]
    [InlineData(null, "minimal", null, "\"low\"")]
    [InlineData(null, "medium", null, "\"medium\"")]
    [InlineData(null, "xhigh", null, "\"high\"")]
    [InlineData(null, null, 12000, "\"high\"")]
    [InlineData(null, null, 0, "false")]
    public void EncodeRequest_WithReasoning_WritesThink(bool? enabled, string? effort, int? budget, string think)
    {
        var request = new ChatRequest { Model = "x", Messages = [Question], Reasoning = new ReasoningOptions { Enabled = enabled, Effort = effort, BudgetTokens = budget } };

        Write(request, out _).GetProperty("think").GetRawText().ShouldBe(think);
    }

    [Theory]
    [InlineData("json", null, "\"json\"")]
    [InlineData("json_schema", """{"type":"object"}""", """{"type":"object"}""")]
    [InlineData("text", null, null)]
    public void EncodeRequest_WithAnAnswerFormat_WritesFormat(string type, string? schema, string? format)
    {
        var request = new ChatRequest { Model = "x", Messages = [Question], AnswerFormat = new AnswerFormat(type) { Name = "n", Schema = schema is null ? default : RawJson.FromText(schema) } };

        var body = Write(request, out var losses);

        (body.TryGetProperty("format", out var written) ? written.GetRawText() : null).ShouldBe(format);
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void EncodeRequest_WithWhatOllamaLacks_ReportsEachOnce()
    {
        var request = new ChatRequest
        {
            Model = "x",
            Messages =
            [
                new ChatMessage(Role.User, [new TextPart("a") { Cache = new CacheMarker() }]) { Name = "Ann" },
                new ChatMessage(Role.Assistant,
                [
                    new ReasoningPart("") { Signature = new Signature("s", "anthropic"), IsRedacted = true },
                    new ServerToolCallPart("s1", "web_search", default),
                    new RawPart(WireFormatId.GeminiGenerate, "executableCode", RawJson.FromText("{}")),
                    new ToolCallPart("c", "sh", "ls -l") { IsCustom = true },
                ]),
                new ChatMessage(Role.Tool, [new ToolResultPart("c", [new TextPart("no")]) { IsError = true }]),
            ],
            Tools = [new FunctionTool("f") { Strict = true }, new CustomTool("sh"), new HostedTool(WireFormatId.AnthropicMessages, "web_search_20250305", RawJson.FromText("{}"))],
            CandidateCount = 3,
            ParallelToolCalls = false,
            ServiceTier = "flex",
            Notes = new WireNotes(WireFormatId.OpenAIChat) { Fields = [new("prediction", RawJson.FromText("{}")), new("nothing", RawJson.FromText("null"))] },
        };

        var body = Write(request, out var losses);

        losses.ShouldBe(
        [
            "messages[0].name", "messages[0].content[0].cache_control", "messages[1].content[0].signature", "messages[1].content[1]", "messages[1].content[2]",
            "messages[1].content[3].arguments", "messages[2].content[0].is_error", "tools[1]", "tools[2]", "tools[0].strict", "parallel_tool_calls", "n", "service_tier", "prediction",
        ], ignoreOrder: true);
        JsonAssert.Difference("""{"input":"ls -l"}""", body.GetProperty("messages")[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetRawText()).ShouldBeNull();
    }

    [Fact]
    public void EncodeRequest_OfAResultWithAPictureAndOfAStructuredOne_KeepsBoth()
    {
        var request = new ChatRequest
        {
            Model = "x",
            Messages =
            [
                new ChatMessage(Role.Assistant, [new ToolCallPart("c1", "shot", "{}"), new ToolCallPart("c2", "data", "{}")]),
                new ChatMessage(Role.Tool, [new ToolResultPart("c1", [new TextPart("see"), new MediaPart(MediaKind.Image, new InlineMedia("AAAA"))])]),
                new ChatMessage(Role.Tool, [new ToolResultPart("c2", []) { Structured = RawJson.FromText("""{"a":1}""") }]),
            ],
        };

        var messages = Write(request, out _).GetProperty("messages");

        JsonAssert.Difference("""{"role":"tool","content":"see","images":["AAAA"],"tool_name":"shot","tool_call_id":"c1"}""", messages[1].GetRawText()).ShouldBeNull();
        JsonAssert.Difference("""{"role":"tool","content":"{\"a\":1}","tool_name":"data","tool_call_id":"c2"}""", messages[2].GetRawText()).ShouldBeNull();
    }

    private static JsonElement Write(ChatRequest request, out string[] losses)
    {
        var context = Ollama.Context();
        string json = Ollama.Write(request, context);
        losses = [.. context.Losses.Losses.Select(l => l.Path)];
        return JsonDocument.Parse(json).RootElement;
    }
}
