using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIResponses;

/// <summary>Requests of other formats, told to upstreams of this one, and the reading of requests.</summary>
public sealed class ResponsesRequestTests
{
    private static TranslationContext Context() => Responses.Context(client: WireFormatId.AnthropicMessages, model: "gpt-5.4");

    private static JsonElement Write(ChatRequest request, TranslationContext context) => JsonDocument.Parse(Responses.Write(request, context)).RootElement;

    private static ChatRequest Ask(params ChatMessage[] messages) => new() { Model = "x", Messages = messages };

    private static ChatMessage Say(Role role, params Part[] parts) => new(role, parts);

    [Fact]
    public void EncodeRequest_Conversation_IsIdiomatic()
    {
        var context = Context();
        var request = Ask(
            Say(Role.System, new TextPart("Be terse."), new TextPart("Be kind.")),
            Say(Role.User, new TextPart("Weather?"), new MediaPart(MediaKind.Image, new InlineMedia("iVBORw0KGgo=") { MediaType = "image/png" }), new MediaPart(MediaKind.Document, new InlineMedia("JVBERi0=") { MediaType = "application/pdf" })),
            Say(Role.Assistant, new TextPart("Looking."), new ToolCallPart("toolu_1", "get_weather", "{\"city\":\"Paris\"}"), new ToolCallPart("toolu_2", "get_weather", "{}")),
            Say(Role.User, new ToolResultPart("toolu_1", [new TextPart("11 "), new TextPart("degrees")]), new ToolResultPart("toolu_2", [new MediaPart(MediaKind.Image, new UrlMedia("https://example.com/a.png"))]), new TextPart("And now?")));

        string json = Responses.Write(request, context);

        JsonAssert.Difference(
            """
            {"model":"gpt-5.4","instructions":"Be terse.\n\nBe kind.","input":[
              {"type":"message","role":"user","content":[{"type":"input_text","text":"Weather?"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"auto"},{"type":"input_file","filename":"document.pdf","file_data":"data:application/pdf;base64,JVBERi0="}]},
              {"type":"message","role":"assistant","content":"Looking."},
              {"type":"function_call","call_id":"toolu_1","name":"get_weather","arguments":"{\"city\":\"Paris\"}"},
              {"type":"function_call","call_id":"toolu_2","name":"get_weather","arguments":"{}"},
              {"type":"function_call_output","call_id":"toolu_1","output":"11 degrees"},
              {"type":"function_call_output","call_id":"toolu_2","output":[{"type":"input_image","image_url":"https://example.com/a.png","detail":"auto"}]},
              {"type":"message","role":"user","content":"And now?"}],"store":false}
            """,
            json).ShouldBeNull();
        context.Losses.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void EncodeRequest_Settings_AreInTheirPlaces()
    {
        var context = Context();
        var request = Ask(Say(Role.User, new TextPart("hi"))) with
        {
            Tools = [new FunctionTool("f") { Description = "d" }, new CustomTool("run") { Format = RawJson.FromText("""{"type":"grammar","grammar":{"syntax":"lark","definition":"x"}}""") }],
            ToolChoice = new ToolChoice("tool") { Name = "run" },
            ParallelToolCalls = false,
            AnswerFormat = new AnswerFormat("json_schema") { Schema = RawJson.FromText("""{"type":"object"}"""), Strict = true },
            Verbosity = "low",
            Reasoning = new ReasoningOptions { BudgetTokens = 8192, IncludeText = true },
            Stream = true,
            MaxTokens = 100,
            Temperature = 0.5,
            TopP = 0.9,
            Logprobs = true,
            TopLogprobs = 2,
            User = "u",
            ServiceTier = "standard_only",
        };

        JsonAssert.Difference(
            """
            {"model":"gpt-5.4","input":[{"type":"message","role":"user","content":"hi"}],
             "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","properties":{}},"strict":false},{"type":"custom","name":"run","format":{"type":"grammar","syntax":"lark","definition":"x"}}],
             "tool_choice":{"type":"custom","name":"run"},"parallel_tool_calls":false,"max_output_tokens":100,"temperature":0.5,"top_p":0.9,"top_logprobs":2,
             "text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object"},"strict":true},"verbosity":"low"},
             "reasoning":{"effort":"medium","summary":"auto"},"include":["reasoning.encrypted_content","message.output_text.logprobs"],
             "stream":true,"user":"u","service_tier":"default","store":false}
            """,
            Responses.Write(request, context)).ShouldBeNull();
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["reasoning.budget_tokens"]);
    }

    [Fact]
    public void EncodeRequest_WhatItCannotSay_IsReported()
    {
        var context = Context();
        var request = Ask(
            Say(Role.System, new TextPart("s") { Cache = new CacheMarker() }),
            Say(Role.User, new MediaPart(MediaKind.Audio, new InlineMedia("AAAA")), new MediaPart(MediaKind.Document, new FileMedia("file_1")), new MediaPart(MediaKind.Document, new TextMedia("words")), new TextPart("hi")) with { Name = "Ann" },
            Say(Role.Assistant, new ReasoningPart("hm") { Signature = new Signature("x", "anthropic") }, new ReasoningPart("plain"), new TextPart("ok"), new ServerToolCallPart("", "web_search", default)),
            Say(Role.User, new ToolResultPart("c", [new TextPart("bad")]) { IsError = true })) with
        {
            Stop = ["x"],
            Seed = 1,
            TopK = 2,
            MinP = 0.1,
            PresencePenalty = 1,
            FrequencyPenalty = 1,
            LogitBias = RawJson.FromText("{}"),
            CandidateCount = 2,
            Tools = [new HostedTool(WireFormatId.AnthropicMessages, "bash_20250124", RawJson.FromText("{}")), new HostedTool(WireFormatId.AnthropicMessages, "web_search_20250305", RawJson.FromText("{}"))],
            Notes = new WireNotes(WireFormatId.AnthropicMessages) { Fields = [new("container", RawJson.FromText("\"c\""))] },
        };

        var json = Write(request, context);

        context.Losses.Losses.Select(l => l.Path).ShouldBe(
        [
            "container", "stop", "seed", "top_k", "min_p", "presence_penalty", "frequency_penalty", "logit_bias", "n",
            "messages[0].cache", "messages[1].name", "messages[1].content[0]", "messages[1].content[1]", "messages[1].content[2]",
            "messages[2].content[0].signature", "messages[2].content[1]", "messages[2].content[3]", "messages[3].content[0].is_error", "tools[0]", "tools[1]",
        ]);
        json.GetProperty("input")[0].GetProperty("content").EnumerateArray().Select(p => p.GetProperty("text").GetString()).ShouldBe(["words", "hi"]);
        json.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("type").GetString()).ShouldBe(["web_search"]);
    }

    [Fact]
    public void EncodeRequest_OwnReasoning_GoesBackBeforeTheItemThatItLedTo()
    {
        var context = Context();
        var own = new ReasoningPart("Sum.") { Signature = new Signature("gAAA", "openai") };
        var json = Write(
            Ask(Say(Role.User, new TextPart("hi")), Say(Role.Assistant, own, new ToolCallPart("c", "f", "{}")), Say(Role.Tool, new ToolResultPart("c", [])), Say(Role.Assistant, own)),
            context);

        json.GetProperty("input").EnumerateArray().Select(i => i.GetProperty("type").GetString()).ShouldBe(["message", "reasoning", "function_call", "function_call_output"]);
        json.GetProperty("input")[1].GetProperty("encrypted_content").GetString().ShouldBe("gAAA");
        json.GetProperty("include")[0].GetString().ShouldBe("reasoning.encrypted_content");
        context.Losses.Losses.ShouldHaveSingleItem().Path.ShouldBe("messages[3].content[0]");
    }

    [Fact]
    public void EncodeRequest_ToolNamesOutsideOfTheAlphabet_AreRenamedAndGivenBack()
    {
        var context = Context();
        var json = Write(Ask(Say(Role.User, new TextPart("hi"))) with { Tools = [new FunctionTool("math.add:v1")] }, context);
        string name = json.GetProperty("tools")[0].GetProperty("name").GetString()!;

        name.ShouldMatch("^[a-zA-Z0-9_-]{1,64}$");
        var answer = Responses.Answer($$"""{"status":"completed","output":[{"type":"function_call","call_id":"c","name":"{{name}}","arguments":"{}"}]}""", context);
        answer.Candidates[0].Parts.OfType<ToolCallPart>().Single().Name.ShouldBe("math.add:v1");
    }

    [Theory]
    [InlineData("""{"model":"m","input":"hi"}""")]
    [InlineData("""{"model":"m","input":[]}""")]
    [InlineData("""{"model":"m","input":"hi","stream":false,"tools":[],"temperature":null,"metadata":null,"text":{},"include":null,"tool_choice":null,"reasoning":{"effort":null}}""")]
    [InlineData("""{"model":"m","previous_response_id":"resp_1","store":true}""")]
    [InlineData("""{"model":"m","conversation":"conv_1","input":"hi","truncation":"auto","background":true,"prompt_cache_key":"k","max_tool_calls":2}""")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[]},{"role":"assistant","content":[{"type":"output_text","text":"a","annotations":[],"logprobs":[]},{"type":"refusal","refusal":"no"}],"id":"msg_1","status":"completed","type":"message","phase":"commentary"}]}""")]
    [InlineData("""{"model":"m","input":[{"type":"item_reference","id":"msg_1"},{"type":"reasoning","id":"rs","summary":[],"content":null,"encrypted_content":null},{"type":"custom_tool_call","call_id":"c","name":"n","input":""},{"type":"custom_tool_call_output","call_id":"c","output":""},{"type":"function_call","call_id":"d","name":"n","arguments":""},{"type":"function_call_output","call_id":"d","output":[]}]}""")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;charset=x;base64,AAAA","detail":null},{"type":"input_file","file_data":"AAAA","filename":"a.pdf"},{"type":"input_file","file_url":"data:application/pdf;base64,AAAA"},{"type":"input_file","file_id":"f","filename":"n"},{"type":"input_image","file_id":"f"},{"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}},{"type":"of_tomorrow","x":1}]}]}""")]
    [InlineData("""{"model":"m","input":"hi","tool_choice":{"type":"mcp","server_label":"s"},"tools":[{"type":"mcp","server_label":"s"},{"type":"function","name":"f","parameters":null,"strict":null,"defer_loading":true}]}""")]
    [InlineData("""{"model":"m","input":"hi","tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"image_generation"},{"type":"function","name":"f"}]}}""")]
    [InlineData("""{"model":"m","input":"hi","text":{"format":{"type":"json_object"},"verbosity":null},"reasoning":{"effort":"low","summary":"auto","context":"all_turns"},"top_logprobs":3,"include":["message.output_text.logprobs","file_search_call.results"]}""")]
    public void Requests_InEverySpelling_ComeOutAsTheyWentIn(string json)
    {
        var request = Responses.Request(json);
        var context = Responses.Context(request: request);

        JsonAssert.Difference(json, Responses.Write(request, context)).ShouldBeNull();
        context.Losses.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"input":"hi"}""", "model")]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":5}""", "input")]
    [InlineData("""{"model":"m","input":[5]}""", "input[0]")]
    [InlineData("""{"model":"m","input":[{"role":"user"}]}""", "input[0].content")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_image"}]}]}""", "input[0].content[0]")]
    [InlineData("""{"model":"m","input":[{"type":"function_call_output","output":"x"}]}""", "input[0].call_id")]
    [InlineData("""{"model":"m","input":"x","temperature":"hot"}""", "temperature")]
    [InlineData("""{"model":"m","input":"x","tools":[{"type":"function"}]}""", "tools[0].name")]
    [InlineData("""{"model":"m","input":"x","tool_choice":5}""", "tool_choice")]
    public void DecodeRequest_Malformed_NamesTheField(string json, string path)
    {
        var error = Responses.Format.DecodeRequest(new WireRequest { Body = System.Text.Encoding.UTF8.GetBytes(json) }).Error.ShouldNotBeNull();

        error.StatusOrDefault.ShouldBe(400);
        error.Param.ShouldBe(path);
    }

    [Fact]
    public void DecodeRequest_ReadsWhatOtherFormatsNeed()
    {
        var request = Responses.Request(
            """
            {"model":"m","instructions":"Be terse.","input":[{"role":"developer","content":"Mind this."},{"role":"user","content":[{"type":"input_text","text":"hi","prompt_cache_breakpoint":{"mode":"explicit"}}]},
              {"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"A"},{"type":"summary_text","text":"B"}],"encrypted_content":"gAAA"}],
             "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]},"include":["message.output_text.logprobs"],"conversation":"c"}
            """);

        request.Messages.Select(m => m.Role.Value).ShouldBe(["system", "developer", "user", "assistant"]);
        request.Messages[2].Parts[0].Cache.ShouldNotBeNull();
        var reasoning = request.Messages[3].Parts[0].ShouldBeOfType<ReasoningPart>();
        reasoning.Text.ShouldBe("A\n\nB");
        reasoning.IsSummary.ShouldBeTrue();
        reasoning.SummaryParagraphs.ShouldBe(["A", "B"]);
        reasoning.Signature.ShouldBe(new Signature("gAAA", "openai"));
        request.ToolChoice.ShouldNotBeNull().ShouldSatisfyAllConditions(c => c.Allowed.ShouldBe(["f"]), c => c.AllowedRequired.ShouldBeTrue());
        request.Logprobs.ShouldBe(true);
        request.UsesServerState.ShouldBeTrue();
    }

    [Fact]
    public void EncodeRequest_PayloadsOfOtherFamiliesInItsOwnFormat_AreLeftOut()
    {
        string foreign = SignatureEnvelope.Write(new Signature("c2ln", "anthropic"), "openai");
        string json = $$"""{"model":"m","input":[{"role":"user","content":"hi"},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"{{foreign}}"},{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{}"}]}""";
        var request = Responses.Request(json);
        var context = Responses.Context(request: request);

        SignatureEnvelope.IsIn(System.Text.Encoding.UTF8.GetBytes(json)).ShouldBeTrue();
        string written = Responses.Write(request, context);

        SignatureEnvelope.IsIn(System.Text.Encoding.UTF8.GetBytes(written)).ShouldBeFalse();
        JsonAssert.Difference("""{"model":"m","input":[{"role":"user","content":"hi"},{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{}"}]}""", written).ShouldBeNull();
        context.Losses.Losses.ShouldHaveSingleItem().Path.ShouldBe("messages[1].content[0].signature");
    }
}
