using System.Text.Json;
using Sluice.Chat;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Requests of this format, read and written back, and what of them the chat model says.</summary>
public sealed class ChatRequestTests
{
    private static readonly IChatServerFormat Server = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!;
    private static readonly IChatClientFormat Client = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!;

    [Theory]
    [InlineData("""{"model":"m","messages":[]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":""}],"temperature":null,"stop":null,"tools":[],"tool_choice":null,"stream":false,"max_tokens":null}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[]}],"stop":"end","seed":5844196810245229000,"n":2,"logit_bias":{"50256":-100},"metadata":{}}""")]
    [InlineData("""{"model":"m","messages":[{"role":"developer","content":"d","name":"n"},{"role":"system","content":[{"type":"text","text":"a"},{"type":"text","text":""}]}],"max_completion_tokens":5,"max_tokens":7}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"high"}},{"type":"image_url","image_url":"data:image/png;base64,AA=="},{"type":"image_url","image_url":{"url":"data:image/png;x=1;base64,AA==","extra":1}}]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"mp3"}},{"type":"file","file":{"file_id":"f-1"}},{"type":"file","file":{"file_data":"AAAA","filename":"a.pdf","file_id":null}},{"type":"file","file":{"file_data":"data:image/png;base64,AA==","filename":"a.png"}}]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"},"x":1},{"type":"new_thing","y":[1]},{"type":"input_text","text":"b"},{"type":"video_url","video_url":{"url":"https://x/v.mp4"}}],"unknown":{"a":null}}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":""}},{"id":"","type":"function","function":{"name":"g","arguments":"{}"},"index":1,"extra_content":{"google":{"thought_signature":"sig"}}},{"id":"c","type":"custom","custom":{"name":"h","input":"text"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"","content":[{"type":"text","text":"2"}]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":"x","reasoning_content":"think"},{"role":"assistant","content":[{"type":"text","text":"x"},{"type":"refusal","refusal":"no"}],"reasoning":"r"},{"role":"assistant","content":"y","refusal":"no","audio":{"id":"audio_1"},"reasoning_content":""}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":"x","reasoning":"t","reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"d","id":"i","format":"google-gemini-v1","index":1},{"type":"reasoning.new","z":1}]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":"x","reasoning_details":[{"type":"reasoning.summary","summary":"s","format":"openai-responses-v1","index":0},{"type":"reasoning.encrypted","data":"d","id":"rs_1","format":"openai-responses-v1","index":0}]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"1"}],"functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"}}""")]
    [InlineData("""{"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"f","description":"","parameters":{},"strict":null,"more":1},"outer":2},{"type":"custom","custom":{"name":"c","format":{"type":"text"}}},{"type":"openrouter:web_search","parameters":{}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}},"parallel_tool_calls":false}""")]
    [InlineData("""{"model":"m","messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true,"description":null}},"reasoning_effort":"high","verbosity":"low"}""")]
    [InlineData("""{"model":"m","messages":[],"reasoning":{"effort":"low","exclude":true,"x":1},"thinking":{"type":"enabled","budget_tokens":100},"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}}""")]
    [InlineData("""{"model":"m","messages":[],"web_search_options":{},"modalities":["text","audio"],"audio":{"voice":"x","format":"wav"},"prediction":{"type":"content","content":"p"},"service_tier":"flex","store":true,"user":"u","prompt_cache_key":"k","top_k":4,"min_p":0.1}""")]
    public void Request_ReadAndWritten_IsTheSameJson(string body)
    {
        var request = Read(body);
        var context = ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat, "groq", "m");
        JsonAssert.Difference(body, ChatTesting.Text(o => Client.EncodeRequest(request, context, o))).ShouldBeNull();
        context.Losses.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Request_RuleChangedAValue_WritesTheNewOneOnce()
    {
        var request = Read("""{"model":"m","messages":[],"temperature":null,"max_tokens":5}""") with { Temperature = 1, MaxTokens = null };
        string body = ChatTesting.Text(o => Client.EncodeRequest(request, ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat), o));
        JsonAssert.Difference("""{"model":"upstream-model","messages":[],"temperature":1}""", body).ShouldBeNull();
        body.Split("temperature").Length.ShouldBe(2);
    }

    [Fact]
    public void Request_Parameters_AreUnderstood()
    {
        var request = Read("""
            {"model":"m","messages":[{"role":"user","content":"q"}],"max_completion_tokens":9,"temperature":0.5,"top_p":0.9,"seed":1,"stop":["a","b"],"n":3,"logprobs":true,"top_logprobs":2,
             "tool_choice":"required","tools":[{"type":"function","function":{"name":"f","strict":true}}],"response_format":{"type":"json_object"},"reasoning_effort":"low","stream":true,"stream_options":{"include_usage":true}}
            """);
        request.MaxTokens.ShouldBe(9);
        request.Stop.ShouldBe(["a", "b"]);
        (request.Temperature, request.TopP, request.Seed, request.CandidateCount).ShouldBe((0.5, 0.9, 1, 3));
        (request.Logprobs, request.TopLogprobs).ShouldBe((true, 2));
        request.ToolChoice!.Mode.ShouldBe("required");
        request.Tools.ShouldHaveSingleItem().ShouldBeOfType<FunctionTool>().Strict.ShouldBe(true);
        request.AnswerFormat!.Type.ShouldBe("json");
        request.Reasoning!.Effort.ShouldBe("low");
        (request.Stream, request.IncludeUsage).ShouldBe((true, true));
    }

    [Fact]
    public void Request_EmptyCallIds_AreMadeAndTiedToTheResults()
    {
        var request = Read("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"","function":{"name":"f","arguments":""}},{"id":"","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"","content":"1"},{"role":"tool","content":"2"}]}""");
        var calls = request.Messages[0].Parts.Cast<ToolCallPart>().ToList();
        calls.Select(c => c.CallId).ShouldBeUnique();
        calls[0].Arguments.ShouldBe("{}");
        request.Messages.Skip(1).Select(m => ((ToolResultPart)m.Parts[0]).CallId).ShouldBe(calls.Select(c => c.CallId));
    }

    [Fact]
    public void Request_SignaturesThatAClientReturns_BelongToTheirFamilies()
    {
        var request = Read("""
            {"model":"m","messages":[{"role":"assistant","content":"x","reasoning_content":"t","reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s","format":"anthropic-claude-v1","index":0}],
             "tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"g"}}}]}]}
            """);
        var parts = request.Messages[0].Parts;
        parts.OfType<ReasoningPart>().ShouldHaveSingleItem().Signature.ShouldBe(new Signature("s", "anthropic"));
        parts.OfType<ToolCallPart>().Single().Signature.ShouldBe(new Signature("g", "gemini"));
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":{}}""", "messages")]
    [InlineData("""{"model":"m","messages":[1]}""", "messages[0]")]
    [InlineData("""{"model":"m","messages":[{"content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"text":"x"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "messages[0].content[0].image_url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""", "messages[0].content[0].input_audio")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"file"}]}]}""", "messages[0].content[0].file")]
    [InlineData("""{"model":"m","messages":[],"temperature":"hot"}""", "temperature")]
    [InlineData("""{"model":"m","messages":[],"stop":[1]}""", "stop[0]")]
    [InlineData("""{"model":"m","messages":[],"tools":[{"type":"function"}]}""", "tools[0].function")]
    [InlineData("""{"model":"m","messages":[],"tool_choice":{"type":"function"}}""", "tool_choice.function.name")]
    [InlineData("""{"model":"m","messages":[],"tool_choice":{"type":"allowed_tools","allowed_tools":{"tools":[1]}}}""", "tool_choice.function.name")]
    [InlineData("""{"model":"m","messages":[],"response_format":{"type":"json_schema"}}""", "response_format.json_schema")]
    public void Request_Malformed_NamesTheField(string body, string path)
    {
        var error = Server.DecodeRequest(ChatTesting.Request(body)).Error.ShouldNotBeNull();
        error.StatusOrDefault.ShouldBe(400);
        error.Param.ShouldBe(path);
        error.Message.ShouldStartWith(path);
    }

    [Fact]
    public void Head_OfARequest_TellsWhatRoutingNeeds()
    {
        byte[] body = ChatTesting.Utf8("""{"model":"a/b","stream":true,"stream_options":{"include_usage":true},"max_tokens":3,"max_completion_tokens":4,"messages":[]}""");
        var head = Server.ReadHead(new WireRequest { Body = body }, JsonMembers.Scan(body, out _)!);
        head.ShouldBe(new RequestHead { Model = "a/b", Stream = true, IncludeUsage = true, MaxTokens = 4 });
    }

    [Fact]
    public void Request_DeepSchema_ComesBackWhole()
    {
        string schema = string.Concat(Enumerable.Repeat("""{"p":""", 100)) + "1" + new string('}', 100);
        string body = """{"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":SCHEMA}}],"tool_choice":{"type":"x","deep":SCHEMA}}""".Replace("SCHEMA", schema, StringComparison.Ordinal);
        string written = ChatTesting.Text(o => Client.EncodeRequest(Read(body), ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat, model: "m"), o));
        using var document = JsonDocument.Parse(written, new JsonDocumentOptions { MaxDepth = 256 });
        document.RootElement.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetRawText().ShouldBe(schema);
    }

    private static ChatRequest Read(string body)
    {
        var outcome = Server.DecodeRequest(ChatTesting.Request(body));
        outcome.Error?.Message.ShouldBeNull();
        return outcome.Value!;
    }
}
