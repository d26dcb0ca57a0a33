using Sluice.Chat;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Requests of other formats, written for upstreams of this one: idiomatic, valid, and with every loss told.</summary>
public sealed class ChatForeignRequestTests
{
    private static readonly IChatClientFormat Client = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!;
    private static readonly FunctionTool Weather = new("weather") { Description = "d", Parameters = RawJson.FromText("""{"type":"object"}""") };

    [Theory]
    [InlineData("openai", "max_completion_tokens")]
    [InlineData("azure", "max_completion_tokens")]
    [InlineData("deepseek", "max_tokens")]
    [InlineData("", "max_tokens")]
    public void Limit_ByVendor_HasItsName(string vendor, string name)
    {
        var (body, _) = Write(new ChatRequest { Model = "m", Messages = [], MaxTokens = 5 }, vendor);
        body.ShouldBe($$"""{"model":"upstream-model","messages":[],"{{name}}":5}""");
    }

    [Fact]
    public void Conversation_OfAnotherFormat_BecomesValidMessages()
    {
        var request = new ChatRequest
        {
            Model = "m",
            Messages =
            [
                new(Role.System, [new TextPart("be kind")]),
                new(Role.User, [new TextPart("look"), new MediaPart(MediaKind.Image, new InlineMedia("AA==") { MediaType = "image/png" })]),
                new(Role.Assistant, [new TextPart("I look.")]),
                new(Role.Assistant, [new ToolCallPart("toolu_1", "weather", "{}"), new ToolCallPart("toolu_2", "weather", "{\"a\":1}")]),
                new(Role.User, [new TextPart("hurry"), new ToolResultPart("toolu_1", [new TextPart("sun")]), new ToolResultPart("toolu_2", []) { IsError = true }]),
            ],
            Tools = [Weather],
        };
        var (body, losses) = Write(request);
        JsonAssert.Difference("""
            {"model":"upstream-model","messages":[
              {"role":"system","content":"be kind"},
              {"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},
              {"role":"assistant","content":"I look.","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"weather","arguments":"{}"}},{"id":"toolu_2","type":"function","function":{"name":"weather","arguments":"{\"a\":1}"}}]},
              {"role":"tool","tool_call_id":"toolu_1","content":"sun"},
              {"role":"tool","tool_call_id":"toolu_2","content":""},
              {"role":"user","content":"hurry"}],
             "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object"}}}]}
            """, body).ShouldBeNull();
        losses.ShouldBe(["messages[4].content[2].is_error"]);
    }

    [Fact]
    public void Result_WithPictures_SendsThemInTheNextUserMessage()
    {
        var picture = new MediaPart(MediaKind.Image, new UrlMedia("https://x/y.png"));
        var request = new ChatRequest
        {
            Model = "m",
            Messages =
            [
                new(Role.Assistant, [new ToolCallPart("a", "f", "{}"), new ToolCallPart("b", "g", "{}")]),
                new(Role.Tool, [new ToolResultPart("a", [new TextPart("see"), picture])]),
                new(Role.Tool, [new ToolResultPart("b", [new TextPart("done")])]),
                new(Role.User, [new TextPart("so?")]),
            ],
        };
        var (body, losses) = Write(request);
        body.ShouldContain("""{"role":"tool","tool_call_id":"a","content":"see"},{"role":"tool","tool_call_id":"b","content":"done"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"text","text":"so?"}]}""");
        losses.ShouldBe(["messages[1].content[0].content[1]"]);
    }

    [Fact]
    public void Documents_ByBytesTextAddressAndUpload_AreSentTurnedOrReported()
    {
        var request = new ChatRequest
        {
            Model = "m",
            Messages =
            [
                new(Role.User,
                [
                    new MediaPart(MediaKind.Document, new InlineMedia("AA==") { MediaType = "application/pdf" }),
                    new MediaPart(MediaKind.Document, new TextMedia("plain")),
                    new MediaPart(MediaKind.Document, new UrlMedia("https://x/a.pdf")),
                    new MediaPart(MediaKind.Document, new FileMedia("file_1")),
                    new MediaPart(MediaKind.Audio, new InlineMedia("BB==") { MediaType = "audio/mpeg" }),
                    new MediaPart(MediaKind.Video, new InlineMedia("CC==") { MediaType = "video/mp4" }),
                ]),
            ],
        };
        var (body, losses) = Write(request);
        body.ShouldContain("""[{"type":"file","file":{"file_data":"data:application/pdf;base64,AA==","filename":"document.pdf"}},{"type":"text","text":"plain"},{"type":"input_audio","input_audio":{"data":"BB==","format":"mp3"}}]""");
        losses.ShouldBe(["messages[0].content[1]", "messages[0].content[2]", "messages[0].content[3]", "messages[0].content[5]"]);
        Write(request, "openrouter").Body.ShouldContain("https://x/a.pdf");
    }

    [Theory]
    [InlineData("auto", "\"auto\"")]
    [InlineData("none", "\"none\"")]
    [InlineData("required", "\"required\"")]
    [InlineData("tool", """{"type":"function","function":{"name":"weather"}}""")]
    [InlineData("allowed", """{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"weather"}}]}}""")]
    public void Choice_InEveryForm_IsWritten(string mode, string expected)
    {
        var request = new ChatRequest { Model = "m", Messages = [], Tools = [Weather, new FunctionTool("other")], ToolChoice = new ToolChoice(mode) { Name = "weather", Allowed = ["weather"], AllowedRequired = true } };
        Write(request).Body.ShouldContain($"\"tool_choice\":{expected}");
    }

    [Fact]
    public void Choice_AmongSomeWhereTheVendorKnowsNone_OffersOnlyThose()
    {
        var request = new ChatRequest { Model = "m", Messages = [], Tools = [Weather, new FunctionTool("other")], ToolChoice = new ToolChoice("allowed") { Allowed = ["weather"] } };
        var (body, losses) = Write(request, "groq");
        body.ShouldContain("\"tool_choice\":\"auto\"");
        body.ShouldNotContain("other");
        losses.ShouldBe(["tool_choice"]);
    }

    [Fact]
    public void ToolNames_ThatThisFormatForbids_ChangeEverywhereAndComeBack()
    {
        var request = new ChatRequest { Model = "m", Messages = [new(Role.Assistant, [new ToolCallPart("a", "ns.tool", "{}")])], Tools = [new FunctionTool("ns.tool")], ToolChoice = new ToolChoice("tool") { Name = "ns.tool" } };
        var context = ChatTesting.Context(WireFormatId.GeminiGenerate, WireFormatId.OpenAIChat);
        string body = ChatTesting.Text(o => Client.EncodeRequest(request, context, o));
        body.ShouldNotContain("ns.tool");
        string name = context.RenamedTools.Single().Key;
        body.Split($"\"name\":\"{name}\"").Length.ShouldBe(4);
        var answer = Client.DecodeResponse(ChatTesting.Utf8("""{"id":"1","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"NAME","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""".Replace("NAME", name, StringComparison.Ordinal)), context);
        answer.Value!.Candidates[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<ToolCallPart>().Name.ShouldBe("ns.tool");
    }

    [Theory]
    [InlineData("openai", "\"reasoning_effort\":\"high\"")]
    [InlineData("openrouter", "\"reasoning\":{\"max_tokens\":12000}")]
    [InlineData("deepseek", "\"thinking\":{\"type\":\"enabled\"}")]
    public void Reasoning_ByBudget_IsSaidInTheVendorsWay(string vendor, string expected)
    {
        var request = new ChatRequest { Model = "m", Messages = [], Reasoning = new ReasoningOptions { Enabled = true, BudgetTokens = 12000 } };
        Write(request, vendor).Body.ShouldContain(expected);
    }

    [Fact]
    public void Reasoning_SwitchedOff_IsSaid() =>
        Write(new ChatRequest { Model = "m", Messages = [], Reasoning = new ReasoningOptions { Enabled = false } }).Body.ShouldContain("\"reasoning_effort\":\"none\"");

    [Theory]
    [InlineData("openai", null, "messages[1].content[0],messages[3].content[0]")]
    [InlineData("groq", "\"reasoning\":\"old\"", "messages[3].content[0].signature")]
    [InlineData("deepseek", "\"reasoning_content\":\"new\"", "messages[1].content[0],messages[3].content[0].signature")]
    [InlineData("openrouter", """[{"type":"reasoning.text","text":"new","signature":"s","format":"anthropic-claude-v1","index":0}]""", "")]
    public void EarlierReasoning_ByVendor_GoesBackOrIsReported(string vendor, string? expected, string lost)
    {
        var request = new ChatRequest
        {
            Model = "m",
            Messages =
            [
                new(Role.User, [new TextPart("a")]),
                new(Role.Assistant, [new ReasoningPart("old"), new TextPart("b")]),
                new(Role.User, [new TextPart("c")]),
                new(Role.Assistant, [new ReasoningPart("new") { Signature = new Signature("s", "anthropic") }, new ToolCallPart("x", "f", "{}")]),
                new(Role.Tool, [new ToolResultPart("x", [new TextPart("r")])]),
            ],
        };
        var (body, losses) = Write(request, vendor, "anthropic/claude");
        if (expected is not null) body.ShouldContain(expected);
        string.Join(',', losses).ShouldBe(lost);
    }

    [Fact]
    public void Signature_OfAnotherFamily_StaysAwayFromOpenRoutersModel()
    {
        var request = new ChatRequest { Model = "m", Messages = [new(Role.Assistant, [new ReasoningPart("t") { Signature = new Signature("s", "gemini") }, new TextPart("x")])] };
        var (body, losses) = Write(request, "openrouter", "openai/gpt-5");
        body.ShouldNotContain("\"s\"");
        losses.ShouldBe(["messages[0].content[0].signature"]);
    }

    [Fact]
    public void Settings_ThatAreNotHere_AreReported()
    {
        var request = new ChatRequest
        {
            Model = "m",
            Messages = [new(Role.User, [new TextPart("x") { Cache = new CacheMarker() }]) { Notes = new WireNotes(WireFormatId.AnthropicMessages) { Fields = [new("odd", RawJson.FromText("1")), new("none", RawJson.FromText("null"))] } }],
            TopK = 3,
            PreviousResponseId = "r",
            UsesServerState = true,
            ServiceTier = "batch",
            Tools = [new HostedTool(WireFormatId.AnthropicMessages, "web_search_20250305", RawJson.FromText("{}"))],
            Reasoning = new ReasoningOptions { Summary = "auto" },
            OutputModalities = ["image"],
        };
        Write(request).Losses.ShouldBe(["messages[0].odd", "messages[0].content[0].cache_control", "tools[0]", "reasoning.summary", "top_k", "service_tier", "output_modalities", "previous_response_id", "server_state"]);
    }

    [Fact]
    public void Stream_OfAnotherFormat_AlwaysAsksForUsage() =>
        Write(new ChatRequest { Model = "m", Messages = [], Stream = true }).Body.ShouldBe("""{"model":"upstream-model","messages":[],"stream":true,"stream_options":{"include_usage":true}}""");

    [Fact]
    public void WebSearch_WhereTheVendorHasOne_IsItsOwn()
    {
        var request = new ChatRequest { Model = "m", Messages = [], Tools = [new HostedTool(WireFormatId.GeminiGenerate, "googleSearch", RawJson.FromText("{}"))] };
        Write(request, "openai", "gpt-4o-search-preview").Body.ShouldContain("\"web_search_options\":{}");
        Write(request, "openrouter").Body.ShouldContain("""{"type":"openrouter:web_search"}""");
        Write(request, "openai", "gpt-5").Losses.ShouldBe(["tools[0]"]);
    }

    [Fact]
    public void DeveloperRole_OnlyOpenAIKnowsIt()
    {
        var request = new ChatRequest { Model = "m", Messages = [new(Role.Developer, [new TextPart("x")])] };
        Write(request, "openai").Body.ShouldContain("\"developer\"");
        Write(request, "vllm").Body.ShouldContain("\"system\"");
    }

    [Fact]
    public void AnswerFormat_BySchema_GetsAName()
    {
        var request = new ChatRequest { Model = "m", Messages = [], AnswerFormat = new AnswerFormat("json_schema") { Schema = RawJson.FromText("""{"type":"object"}""") } };
        Write(request).Body.ShouldContain("""{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}""");
    }

    private static (string Body, IReadOnlyList<string> Losses) Write(ChatRequest request, string vendor = "openai", string model = "upstream-model")
    {
        var context = ChatTesting.Context(WireFormatId.AnthropicMessages, WireFormatId.OpenAIChat, vendor, model);
        string body = ChatTesting.Text(o => Client.EncodeRequest(request, context, o).ShouldBeNull());
        return (body, [.. context.Losses.Losses.Select(l => l.Path)]);
    }
}
