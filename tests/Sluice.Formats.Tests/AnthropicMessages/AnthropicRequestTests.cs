using System.Text;
using System.Text.Json.Nodes;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>Requests of other formats towards an upstream of this one.</summary>
public sealed class AnthropicRequestTests
{
    private const string Png = "iVBORw0KGgo=";

    [Fact]
    public void EncodeRequest_WithoutLimit_WritesTheMandatoryDefaultUnreported()
    {
        var (body, losses) = Encode(Ask());
        body["max_tokens"]!.GetValue<long>().ShouldBe(4096);
        body["model"]!.GetValue<string>().ShouldBe("claude-sonnet-4-5");
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void EncodeRequest_SystemAndDeveloper_BecomeTheSystemPrompt()
    {
        var (body, losses) = Encode(Ask(Say(Role.System, "a"), Say(Role.Developer, "b"), Say(Role.User, "c")));
        body["system"]!.AsArray().Select(b => b!["text"]!.GetValue<string>()).ShouldBe(["a", "b"]);
        body["messages"]!.AsArray().Count.ShouldBe(1);
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void EncodeRequest_SystemInTheMiddle_IsHoistedAndReported()
    {
        var request = Ask(Say(Role.User, "a"), Say(Role.System, "s"), Say(Role.User, "b"));
        var (body, losses) = Encode(request);
        body["system"]!.GetValue<string>().ShouldBe("s");
        JsonAssert.Difference("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""", body["messages"]!.ToJsonString()).ShouldBeNull();
        losses.ShouldBe(["messages[1]"]);
    }

    [Fact]
    public void EncodeRequest_SystemInTheMiddleOnANewModel_StaysInPlace()
    {
        var (body, losses) = Encode(Ask(Say(Role.User, "a"), Say(Role.System, "s"), Say(Role.User, "b")), "claude-opus-4-8");
        body["messages"]!.AsArray().Select(m => m!["role"]!.GetValue<string>()).ShouldBe(["user", "system", "user"]);
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void EncodeRequest_InstructionsAlone_BecomeAUserMessage()
    {
        var (body, losses) = Encode(Ask(Say(Role.System, "do")));
        body["messages"]![0]!["role"]!.GetValue<string>().ShouldBe("user");
        body.ContainsKey("system").ShouldBeFalse();
        losses.ShouldBe(["messages"]);
    }

    [Fact]
    public void EncodeRequest_ToolLoop_PutsResultsFirstInOneUserTurn()
    {
        var request = Ask(
            Say(Role.User, "weather?"),
            new ChatMessage(Role.Assistant, [new TextPart("I look."), new ToolCallPart("call_1", "get", "{\"city\":\"Paris\"}"), new ToolCallPart("call:2", "get", "")]),
            new ChatMessage(Role.User, [new TextPart("by the way")]),
            new ChatMessage(Role.Tool, [new ToolResultPart("call_1", [new TextPart("sunny")])]),
            new ChatMessage(Role.Tool, [new ToolResultPart("call:2", [new TextPart("x"), new MediaPart(MediaKind.Image, new InlineMedia(Png))]) { IsError = true }]));
        var (body, losses) = Encode(request);
        var messages = body["messages"]!.AsArray();
        messages.Select(m => m!["role"]!.GetValue<string>()).ShouldBe(["user", "assistant", "user"]);
        string second = messages[1]!["content"]![2]!["id"]!.GetValue<string>();
        second.ShouldMatch("^[a-zA-Z0-9_-]+$");
        JsonAssert.Difference(
            $$$"""
            [{"type":"tool_result","tool_use_id":"call_1","content":"sunny"},
             {"type":"tool_result","tool_use_id":"{{{second}}}","is_error":true,"content":[{"type":"text","text":"x"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{Png}}}"}}]},
             {"type":"text","text":"by the way"}]
            """,
            messages[2]!["content"]!.ToJsonString()).ShouldBeNull();
        messages[1]!["content"]![2]!["input"]!.ToJsonString().ShouldBe("{}");
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void EncodeRequest_EmptyTexts_LeaveNoEmptyBlocksOrTurns()
    {
        var (body, _) = Encode(Ask(Say(Role.System, ""), Say(Role.User, "a"), Say(Role.Assistant, ""), Say(Role.User, "b")));
        JsonAssert.Difference("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""", body["messages"]!.ToJsonString()).ShouldBeNull();
        body.ContainsKey("system").ShouldBeFalse();
    }

    [Fact]
    public void EncodeRequest_BegunAnswer_LosesTrailingSpace()
    {
        var (body, losses) = Encode(Ask(Say(Role.User, "a"), Say(Role.Assistant, "It is \n")));
        body["messages"]![1]!["content"]!.GetValue<string>().ShouldBe("It is");
        losses.ShouldBe(["messages"]);
    }

    [Fact]
    public void EncodeRequest_Media_TakesWhatTheFormatTakes()
    {
        string json = Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"a\":1}"));
        var (body, losses) = Encode(Ask(new ChatMessage(Role.User,
        [
            new MediaPart(MediaKind.Image, new UrlMedia("https://x/y.png")) { Detail = "high" },
            new MediaPart(MediaKind.Image, new InlineMedia("/9j/AAAA") { MediaType = "image/jpg" }),
            new MediaPart(MediaKind.Document, new InlineMedia("JVBERi0=")) { Title = "a.pdf" },
            new MediaPart(MediaKind.Document, new InlineMedia(json) { MediaType = "application/json; charset=utf-8" }),
            new MediaPart(MediaKind.Document, new TextMedia("plain")),
            new MediaPart(MediaKind.Document, new FileMedia("file-1")),
            new MediaPart(MediaKind.Audio, new InlineMedia("AAAA") { MediaType = "audio/wav" }),
            new MediaPart(MediaKind.Image, new InlineMedia("AAAA") { MediaType = "image/bmp" }),
            new MediaPart(MediaKind.Document, new UrlMedia("gs://bucket/a.pdf")),
        ])));
        JsonAssert.Difference(
            """
            [{"type":"image","source":{"type":"url","url":"https://x/y.png"}},
             {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j/AAAA"}},
             {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}},
             {"type":"document","source":{"type":"text","media_type":"text/plain","data":"{\"a\":1}"}},
             {"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain"}}]
            """,
            body["messages"]![0]!["content"]!.ToJsonString()).ShouldBeNull();
        losses.ShouldBe(["messages[0].content[0].detail", "messages[0].content[5]", "messages[0].content[6]", "messages[0].content[7]", "messages[0].content[8]"]);
    }

    [Fact]
    public void EncodeRequest_CacheMarkers_BecomeCacheControl()
    {
        var marker = new CacheMarker("1h");
        var request = Ask(new ChatMessage(Role.System, [new TextPart("s") { Cache = marker }]), new ChatMessage(Role.User, [new TextPart("u") { Cache = new CacheMarker() }]));
        request = request with { Tools = [new FunctionTool("f") { Cache = new CacheMarker("24h") }] };
        var (body, _) = Encode(request);
        body["system"]![0]!["cache_control"]!.ToJsonString().ShouldBe("""{"type":"ephemeral","ttl":"1h"}""");
        body["messages"]![0]!["content"]![0]!["cache_control"]!.ToJsonString().ShouldBe("""{"type":"ephemeral"}""");
        body["tools"]![0]!["cache_control"]!.ToJsonString().ShouldBe("""{"type":"ephemeral"}""");
    }

    [Fact]
    public void EncodeRequest_ForeignReasoning_IsDroppedAndOwnGoesBack()
    {
        var (body, losses) = Encode(Ask(Say(Role.User, "q"), new ChatMessage(Role.Assistant,
        [
            new ReasoningPart("mine") { Signature = new Signature("sig", "anthropic") },
            new ReasoningPart("") { IsRedacted = true, Signature = new Signature("data", "anthropic") },
            new ReasoningPart("theirs") { Signature = new Signature("x", "openai") },
            new ReasoningPart("unsigned"),
            new TextPart("a") { Signature = new Signature("g", "gemini") },
            new ToolCallPart("c", "f", "{}") { Signature = new Signature("g", "gemini") },
        ])));
        JsonAssert.Difference(
            """
            [{"type":"thinking","thinking":"mine","signature":"sig"},{"type":"redacted_thinking","data":"data"},{"type":"text","text":"a"},{"type":"tool_use","id":"c","name":"f","input":{}}]
            """,
            body["messages"]![1]!["content"]!.ToJsonString()).ShouldBeNull();
        losses.ShouldBe(["messages[1].content[2].signature", "messages[1].content[2]", "messages[1].content[3]", "messages[1].content[4].signature", "messages[1].content[5].signature"]);
    }

    [Fact]
    public void EncodeRequest_Tools_AreWrittenWithASchemaOfAnObject()
    {
        var request = Ask() with
        {
            Tools =
            [
                new FunctionTool("a") { Description = "does a", Parameters = RawJson.FromText("""{"type":"object","properties":{"x":{"type":"integer"}}}"""), Strict = true },
                new FunctionTool("b"),
                new FunctionTool("c") { Parameters = RawJson.FromText("""{"properties":{}}"""), Strict = false },
            ],
            ToolChoice = ToolChoice.Required,
            ParallelToolCalls = false,
        };
        var (body, losses) = Encode(request);
        JsonAssert.Difference(
            """
            [{"name":"a","description":"does a","strict":true,"input_schema":{"type":"object","properties":{"x":{"type":"integer"}}}},
             {"name":"b","input_schema":{"type":"object","properties":{}}},
             {"name":"c","input_schema":{"type":"object","properties":{}}}]
            """,
            body["tools"]!.ToJsonString()).ShouldBeNull();
        body["tool_choice"]!.ToJsonString().ShouldBe("""{"type":"any","disable_parallel_tool_use":true}""");
        losses.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("auto", null, """{"type":"auto"}""")]
    [InlineData("none", null, """{"type":"none"}""")]
    [InlineData("required", null, """{"type":"any"}""")]
    [InlineData("tool", "f", """{"type":"tool","name":"f"}""")]
    public void EncodeRequest_ToolChoice_InEveryMode(string mode, string? name, string expected)
    {
        var (body, losses) = Encode(Ask() with { Tools = [new FunctionTool("f")], ToolChoice = new ToolChoice(mode) { Name = name } });
        JsonAssert.Difference(expected, body["tool_choice"]!.ToJsonString()).ShouldBeNull();
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void EncodeRequest_ToolChoiceWithoutTools_IsLeftOut()
    {
        Encode(Ask() with { ToolChoice = ToolChoice.Auto }).Body.ContainsKey("tool_choice").ShouldBeFalse();
        Encode(Ask() with { ToolChoice = ToolChoice.Required }).Losses.ShouldBe(["tool_choice"]);
    }

    [Fact]
    public void EncodeRequest_OddToolNames_AreRenamedAndUndoneInTheAnswer()
    {
        string longName = new('x', 200);
        var request = Ask(
            Say(Role.User, "q"),
            new ChatMessage(Role.Assistant, [new ToolCallPart("1", "my.tool", "{}")]),
            new ChatMessage(Role.Tool, [new ToolResultPart("1", [])])) with
        {
            Tools = [new FunctionTool("my.tool"), new FunctionTool("my/tool"), new FunctionTool(longName), new FunctionTool("fine")],
            ToolChoice = new ToolChoice("tool") { Name = "my.tool" },
        };
        var context = AnthropicKit.Context(request: request);
        var body = JsonNode.Parse(AnthropicKit.Write(request, context))!;
        string[] names = [.. body["tools"]!.AsArray().Select(t => t!["name"]!.GetValue<string>())];
        names.ShouldAllBe(n => n.Length <= 128 && n.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || c == '-'));
        names.Distinct().Count().ShouldBe(4);
        names[3].ShouldBe("fine");
        body["tool_choice"]!["name"]!.GetValue<string>().ShouldBe(names[0]);
        body["messages"]![1]!["content"]![0]!["name"]!.GetValue<string>().ShouldBe(names[0]);

        var answer = AnthropicKit.ReadAnswer($$$"""{"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"tool_use","id":"t","name":"{{{names[1]}}}","input":{}}],"stop_reason":"tool_use"}""", context);
        answer.Candidates[0].Parts[0].ShouldBeOfType<ToolCallPart>().Name.ShouldBe("my/tool");
    }

    [Fact]
    public void EncodeRequest_FreeTextTool_BecomesAFunctionAndItsCallsComeBackAsText()
    {
        var request = Ask() with { Tools = [new CustomTool("sh") { Description = "runs" }] };
        var context = AnthropicKit.Context(request: request);
        JsonNode.Parse(AnthropicKit.Write(request, context))!["tools"]![0]!["input_schema"]!["properties"]!["input"]!["type"]!.GetValue<string>().ShouldBe("string");
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["tools[0]"]);
        var call = AnthropicKit.ReadAnswer("""{"content":[{"type":"tool_use","id":"t","name":"sh","input":{"input":"ls -l"}}]}""", context).Candidates[0].Parts[0].ShouldBeOfType<ToolCallPart>();
        call.IsCustom.ShouldBeTrue();
        call.Arguments.ShouldBe("ls -l");
    }

    [Fact]
    public void EncodeRequest_ToolsOfOtherProviders_AreMappedOrReported()
    {
        var request = Ask() with
        {
            Tools =
            [
                new HostedTool(WireFormatId.OpenAIResponses, "web_search", RawJson.FromText("""{"type":"web_search","filters":{"allowed_domains":["a.org"]},"user_location":{"type":"approximate","city":"Bern"}}""")),
                new HostedTool(WireFormatId.GeminiGenerate, "codeExecution", RawJson.FromText("""{"codeExecution":{}}""")),
                new HostedTool(WireFormatId.OpenAIResponses, "file_search", RawJson.FromText("""{"type":"file_search"}""")),
            ],
        };
        var (body, losses) = Encode(request);
        JsonAssert.Difference(
            """
            [{"type":"web_search_20250305","name":"web_search","allowed_domains":["a.org"],"user_location":{"type":"approximate","city":"Bern"}},{"type":"code_execution_20250825","name":"code_execution"}]
            """,
            body["tools"]!.ToJsonString()).ShouldBeNull();
        losses.ShouldBe(["tools[0]", "tools[1]", "tools[2]"]);
    }

    [Fact]
    public void EncodeRequest_AnswerSchema_IsClosedAndItsLimitsAreReported()
    {
        var format = new AnswerFormat("json_schema") { Name = "n", Schema = RawJson.FromText("""{"type":"object","properties":{"n":{"type":"integer","minimum":1},"l":{"type":"array","items":{"type":"object","properties":{}}}},"required":["n"]}""") };
        var (body, losses) = Encode(Ask() with { AnswerFormat = format });
        JsonAssert.Difference(
            """
            {"format":{"type":"json_schema","schema":{"type":"object","properties":{"n":{"type":"integer"},"l":{"type":"array","items":{"type":"object","properties":{},"additionalProperties":false}}},"required":["n"],"additionalProperties":false}}}
            """,
            body["output_config"]!.ToJsonString()).ShouldBeNull();
        losses.ShouldBe(["answer_format.schema"]);
    }

    [Fact]
    public void EncodeRequest_JsonMode_IsReported()
    {
        var (body, losses) = Encode(Ask() with { AnswerFormat = new AnswerFormat("json") });
        body.ContainsKey("output_config").ShouldBeFalse();
        losses.ShouldBe(["answer_format"]);
    }

    [Fact]
    public void EncodeRequest_Parameters_AreWrittenClampedOrReported()
    {
        var (body, losses) = Encode(Ask() with
        {
            MaxTokens = 50, Temperature = 1.5, TopP = 0.5, TopK = 7, Seed = 1, PresencePenalty = 0.1, FrequencyPenalty = 0.1, CandidateCount = 2, Stop = ["END", " "],
            User = "u1", Logprobs = true, ServiceTier = "flex", Stream = true, Metadata = RawJson.FromText("""{"a":"b"}"""), PreviousResponseId = "resp_1",
        });
        body["max_tokens"]!.GetValue<long>().ShouldBe(50);
        body["temperature"]!.GetValue<double>().ShouldBe(1);
        body.ContainsKey("top_p").ShouldBeFalse();
        body["top_k"]!.GetValue<long>().ShouldBe(7);
        body["stop_sequences"]!.ToJsonString().ShouldBe("""["END"]""");
        body["metadata"]!.ToJsonString().ShouldBe("""{"user_id":"u1"}""");
        body["stream"]!.GetValue<bool>().ShouldBeTrue();
        losses.Order().ShouldBe(["frequency_penalty", "logprobs", "metadata", "n", "presence_penalty", "previous_response_id", "seed", "service_tier", "stop", "temperature", "top_p"]);
    }

    [Fact]
    public void EncodeRequest_UnknownFieldsOfAnotherFormat_AreReported()
    {
        var notes = new WireNotes(WireFormatId.OpenAIChat) { Fields = [new("prediction", RawJson.FromText("{}")), new("nothing", RawJson.FromText("null"))] };
        Encode(Ask() with { Notes = notes }).Losses.ShouldBe(["prediction"]);
    }

    [Fact]
    public void DecodeRequest_Faults_NameTheField()
    {
        Fault("""{"messages":[]}""").ShouldBe("model");
        Fault("""{"model":"m"}""").ShouldBe("messages");
        Fault("""{"model":"m","messages":[{"role":"user"}]}""").ShouldBe("messages[0].content");
        Fault("""{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}""").ShouldBe("messages[0].content[0].text");
        Fault("""{"model":"m","messages":[{"role":"user","content":[{"type":"image"}]}]}""").ShouldBe("messages[0].content[0].source");
        Fault("""{"model":"m","messages":[{"role":"user","content":7}]}""").ShouldBe("messages[0].content");
        Fault("""{"model":"m","messages":[],"tools":[{"type":"custom"}]}""").ShouldBe("tools[0].name");
        Fault("""{"model":"m","messages":[],"max_tokens":"x"}""").ShouldBe("max_tokens");
    }

    [Fact]
    public void DecodeRequest_SpellingsAndUnknownMembers_ComeBack()
    {
        string body = """
            {"model":"m","max_tokens":5,"system":"","messages":[
              {"role":"user","content":"plain","x":1},
              {"role":"user","content":[
                {"type":"text","text":"t","cache_control":{"type":"ephemeral","ttl":"1h","x":1},"citations":[]},
                {"type":"document","title":null,"context":"c","citations":{"enabled":true},"source":{"type":"content","content":[{"type":"text","text":"a"},{"type":"text","text":"b","y":1}]}},
                {"type":"document","source":{"type":"content","content":"s"}},
                {"type":"search_result","source":"https://s","title":"T","content":[{"type":"text","text":"r"}],"citations":{}},
                {"type":"image","source":{"type":"file","file_id":"f","z":null},"transformations":null},
                {"type":"newer","a":[1.50]}]},
              {"role":"assistant","content":[{"type":"tool_use","id":"1","name":"f","input":{},"caller":{"type":"direct"}},{"type":"tool_use","id":"2","name":"f","input":{"a":1e2},"caller":{"type":"code","tool_id":"t"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"1"},{"type":"tool_result","tool_use_id":"2","content":[],"is_error":false},{"type":"tool_result","tool_use_id":"2","content":""}]}],
             "metadata":{"user_id":null,"k":1},"stop_sequences":[],"tools":[],"stream":false,"thinking":{"type":"enabled","budget_tokens":2000,"display":null},
             "output_config":{"effort":"low","task_budget":{"n":1}},"tool_choice":{"type":"auto","disable_parallel_tool_use":false},"temperature":null,"container":null,"top_k":3}
            """;
        JsonAssert.Difference(body, AnthropicKit.Write(AnthropicKit.Read(body), AnthropicKit.Context("m"))).ShouldBeNull();
    }

    [Fact]
    public void DecodeRequest_TellsTheModelWhatItMeans()
    {
        var request = AnthropicKit.Read("""
            {"model":"m","max_tokens":5,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"q"}],
             "thinking":{"type":"adaptive","display":"omitted"},"output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}},
             "tool_choice":{"type":"any","disable_parallel_tool_use":true},"tools":[{"name":"f","input_schema":{"type":"object"},"strict":true},{"type":"web_search_20250305","name":"web_search"}],
             "stop_sequences":["x"],"metadata":{"user_id":"u"},"service_tier":"auto"}
            """);
        request.Messages[0].Role.ShouldBe(Role.System);
        request.Messages[0].Parts[0].Cache.ShouldBe(new CacheMarker());
        request.Reasoning!.Effort.ShouldBe("high");
        request.Reasoning.IsAdaptive.ShouldBeTrue();
        request.Reasoning.IncludeText.ShouldBe(false);
        request.AnswerFormat!.Type.ShouldBe("json_schema");
        request.ToolChoice!.Mode.ShouldBe("required");
        request.ParallelToolCalls.ShouldBe(false);
        request.Tools[0].ShouldBeOfType<FunctionTool>().Strict.ShouldBe(true);
        request.Tools[1].ShouldBeOfType<HostedTool>().Type.ShouldBe("web_search_20250305");
        request.User.ShouldBe("u");
        request.Stop.ShouldBe(["x"]);
    }

    [Fact]
    public void EncodeRequest_OwnHistoryWithForeignSignatures_LeavesThemOut()
    {
        string openAi = Convert.ToBase64String(Encoding.UTF8.GetBytes("sluice.v1:openai:abc"));
        var request = AnthropicKit.Read($$"""
            {"model":"m","max_tokens":5,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[
              {"type":"thinking","thinking":"t","signature":"{{openAi}}"},{"type":"thinking","thinking":"u","signature":""},{"type":"thinking","thinking":"v","signature":"real"},{"type":"text","text":"a"}]}]}
            """);
        request.Messages[1].Parts[0].Signature.ShouldBe(new Signature("abc", "openai"));
        var context = AnthropicKit.Context();
        var content = JsonNode.Parse(AnthropicKit.Write(request, context))!["messages"]![1]!["content"]!.AsArray();
        content.Count.ShouldBe(2);
        content[0]!["signature"]!.GetValue<string>().ShouldBe("real");
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["messages[1].content[0]", "messages[1].content[1]"]);
    }

    [Fact]
    public void RequestHeaders_NameTheBetasThatTheBodyNeedsAndTheClients()
    {
        var wire = AnthropicKit.Wire("""{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}],"mcp_servers":[{"type":"url","url":"u","name":"n"}]}""", ("anthropic-beta", "interleaved-thinking-2025-05-14, mcp-client-2025-11-20"));
        var headers = AnthropicKit.Client.RequestHeaders(AnthropicKit.Server.DecodeRequest(wire).Value!, AnthropicKit.Context());
        headers.ShouldBe([new("anthropic-beta", "interleaved-thinking-2025-05-14,mcp-client-2025-11-20,files-api-2025-04-14")]);
        AnthropicKit.Client.RequestHeaders(Ask(), AnthropicKit.Context()).ShouldBeEmpty();
    }

    private static string? Fault(string body)
    {
        var outcome = AnthropicKit.Server.DecodeRequest(AnthropicKit.Wire(body));
        outcome.Error!.Kind.ShouldBe(ErrorKind.InvalidRequest);
        outcome.Error.Status.ShouldBe(400);
        return outcome.Error.Param;
    }

    private static ChatRequest Ask(params ChatMessage[] messages) => new() { Model = "any", Messages = messages.Length > 0 ? messages : [Say(Role.User, "Hello")] };

    private static ChatMessage Say(Role role, string text) => new(role, [new TextPart(text)]);

    private static (JsonObject Body, string[] Losses) Encode(ChatRequest request, string model = "claude-sonnet-4-5")
    {
        var context = AnthropicKit.Context(model, request);
        var body = JsonNode.Parse(AnthropicKit.Write(request, context))!.AsObject();
        return (body, [.. context.Losses.Losses.Select(l => l.Path)]);
    }
}
