using System.Text.Json;

namespace Sluice.Simulator.Tests;

public sealed class OpenAIChatTests
{
    private const string Path = "/openai/v1/chat/completions";

    [Fact]
    public async Task Chat_Whole_EchoesWithUsageAndIds()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("hello"));
        answer.GetProperty("id").GetString()!.ShouldStartWith("chatcmpl-");
        answer.GetProperty("object").GetString().ShouldBe("chat.completion");
        var choice = answer.GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("content").GetString().ShouldBe("You said: hello");
        choice.GetProperty("message").GetProperty("refusal").ValueKind.ShouldBe(JsonValueKind.Null);
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        var usage = answer.GetProperty("usage");
        usage.GetProperty("prompt_tokens").GetInt32().ShouldBe(2);
        usage.GetProperty("completion_tokens").GetInt32().ShouldBe(4);
        usage.GetProperty("total_tokens").GetInt32().ShouldBe(6);
    }

    [Fact]
    public async Task Chat_Answer_CarriesRequestIdAndLimits()
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("hello")));
        response.Headers.GetValues("x-request-id").Single().ShouldStartWith("req_");
        response.Headers.GetValues("x-ratelimit-remaining-requests").Single().ShouldBe("9999");
        response.Headers.GetValues("x-ratelimit-reset-requests").Single().ShouldBe("6ms");
    }

    [Fact]
    public async Task Chat_Streamed_GivesTheWholeText()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("hello wide world", ""","stream":true"""));
        events[^1].Data.ShouldBe("[DONE]");
        var chunks = events.SkipLast(1).Select(item => item.Json).ToList();
        chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        string.Concat(chunks.Select(Content)).ShouldBe("You said: hello wide world");
        chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        chunks.Any(chunk => chunk.TryGetProperty("usage", out _)).ShouldBeFalse();
        chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Chat_IncludeUsage_SendsItInAChunkWithoutChoices()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("hello", ""","stream":true,"stream_options":{"include_usage":true}"""));
        var last = events[^2].Json;
        last.GetProperty("choices").GetArrayLength().ShouldBe(0);
        last.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(6);
        events.SkipLast(2).ShouldAllBe(item => item.Json.GetProperty("usage").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task Chat_ToolsOffered_CallsOneWithFittingArguments()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("weather in Rome", $",\"tools\":{Bodies.FunctionTools}"));
        var choice = answer.GetProperty("choices")[0];
        choice.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        choice.GetProperty("message").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        var call = choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray().ShouldHaveSingleItem();
        call.GetProperty("id").GetString()!.ShouldStartWith("call_");
        call.GetProperty("function").GetProperty("name").GetString().ShouldBe("get_weather");
        call.GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"city":"Rome"}""");
    }

    [Fact]
    public async Task Chat_SeveralCallsStreamed_ComeOneAfterTheOtherByIndex()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("several in Rome", $",\"stream\":true,\"tools\":{Bodies.FunctionTools}"));
        var names = new SortedDictionary<int, string>();
        var arguments = new SortedDictionary<int, string>();
        foreach (var chunk in events.SkipLast(1).Select(item => item.Json.GetProperty("choices")[0].GetProperty("delta")))
        {
            if (!chunk.TryGetProperty("tool_calls", out var calls))
                continue;
            var index = calls[0].GetProperty("index").GetInt32();
            if (calls[0].TryGetProperty("id", out _))
                names[index] = calls[0].GetProperty("function").GetProperty("name").GetString()!;
            arguments[index] = arguments.GetValueOrDefault(index) + calls[0].GetProperty("function").GetProperty("arguments").GetString();
        }

        names.Values.ShouldBe(["get_weather", "get_time"]);
        arguments.Values.ShouldBe(["""{"city":"Rome"}""", "{}"]);
    }

    [Fact]
    public async Task Chat_OneCallStreamed_BeginsInTheFirstChunk()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("hi", $",\"stream\":true,\"tools\":{Bodies.FunctionTools}"));
        events[0].Json.GetProperty("choices")[0].GetProperty("delta").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("");
    }

    [Theory]
    [InlineData("\"none\"", "stop", null)]
    [InlineData("\"required\"", "tool_calls", "get_weather")]
    [InlineData("""{"type":"function","function":{"name":"get_time"}}""", "tool_calls", "get_time")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"get_time"}}]}}""", "tool_calls", "get_time")]
    public async Task Chat_ToolChoice_IsObeyed(string choice, string finish, string? name)
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = (await simulated.SendAsync(Path, Bodies.OpenAI("hi", $",\"tool_choice\":{choice},\"tools\":{Bodies.FunctionTools}"))).GetProperty("choices")[0];
        answer.GetProperty("finish_reason").GetString().ShouldBe(finish);
        if (name is not null)
            answer.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString().ShouldBe(name);
    }

    [Theory]
    [InlineData("rain", "stop")]
    [InlineData("rain [[sim:again]]", "tool_calls")]
    public async Task Chat_ResultThatAsksForMore_IsFollowedByAnotherCall(string result, string finish)
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, $$$"""
            {"model":"m","tools":{{{Bodies.FunctionTools}}},"messages":[{"role":"user","content":"x"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"a","content":"{{{result}}}"}]}
            """);
        answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe(finish);
    }

    [Fact]
    public async Task Chat_ResultsSentBack_AreQuoted()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, $$$"""
            {"model":"m","tools":{{{Bodies.FunctionTools}}},"messages":[{"role":"user","content":"x"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"get_weather","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"get_time","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"b","content":"noon"},{"role":"tool","tool_call_id":"a","content":"sunny"}]}
            """);
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("get_time returned: noon. get_weather returned: sunny.");
    }

    [Fact]
    public async Task Chat_UnansweredCall_IsRefusedWithItsId()
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(Path, """
            {"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"y"}]}
            """, 400);
        error.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("did not have response messages: call_a");
    }

    [Fact]
    public async Task Chat_ResultWithoutCall_IsRefused()
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(Path, """{"model":"m","messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"a","content":"y"}]}""", 400);
        error.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("must be a response to a preceeding message");
    }

    [Fact]
    public async Task Chat_JsonSchema_GivesJsonThatFits()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("5 days in Oslo", """
            ,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","maximum":3},
             "kind":{"enum":["b","c"]},"when":{"type":["null","string"],"format":"date"},"tags":{"type":"array","minItems":2,"items":{"$ref":"#/$defs/t"}},"flag":{"anyOf":[{"type":"null"},{"type":"boolean"}]}},
             "$defs":{"t":{"type":"object","properties":{"n":{"const":7}},"required":["n"]}}}}}
            """));
        var json = JsonDocument.Parse(answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!).RootElement;
        json.ToString().ShouldBe("""{"city":"Oslo","days":3,"kind":"b","when":"2026-01-02","tags":[{"n":7},{"n":7}],"flag":true}""");
    }

    [Fact]
    public async Task Chat_RecursiveSchema_Ends()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("x", """
            ,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"child":{"$ref":"#"},"list":{"type":"array","items":{"$ref":"#"}}}}}}
            """));
        JsonDocument.Parse(answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!).RootElement.TryGetProperty("child", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Chat_StopSequence_CutsTheText()
    {
        await using var simulated = await Simulated.StartAsync();
        var choice = (await simulated.SendAsync(Path, Bodies.OpenAI("one END two", ""","stop":["END"]"""))).GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("content").GetString().ShouldBe("You said: one ");
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    [Fact]
    public async Task Chat_MaxTokens_EndsForLength()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("hello world", ""","max_completion_tokens":2"""));
        answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("length");
        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Chat_ThreeChoicesStreamed_AreToldApartByIndex()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("hi", ""","n":3,"stream":true"""));
        var texts = new string[3];
        foreach (var choice in events.SkipLast(1).Select(item => item.Json.GetProperty("choices")[0]))
            texts[choice.GetProperty("index").GetInt32()] += choice.GetProperty("delta").TryGetProperty("content", out var piece) ? piece.GetString() : "";
        texts.ShouldBe(["You said: hi", "You said: hi (choice 2)", "You said: hi (choice 3)"]);
    }

    [Fact]
    public async Task Chat_Logprobs_CoverTheText()
    {
        await using var simulated = await Simulated.StartAsync();
        var choice = (await simulated.SendAsync(Path, Bodies.OpenAI("hi", ""","logprobs":true,"top_logprobs":2"""))).GetProperty("choices")[0];
        var tokens = choice.GetProperty("logprobs").GetProperty("content");
        string.Concat(tokens.EnumerateArray().Select(token => token.GetProperty("token").GetString())).ShouldBe("You said: hi");
        tokens[0].GetProperty("top_logprobs").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Chat_Image_IsDescribedByTypeAndSize()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, $$$"""
            {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"what"},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Bodies.Png}}}"}},
             {"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}},{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAAAA==","filename":"a.pdf"}}]}]}
            """);
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()
            .ShouldBe("I see image (image/png, 70 bytes), audio (audio/mp3, 3 bytes), document (application/pdf, 4 bytes). You said: what");
    }

    [Fact]
    public async Task Chat_SystemAskedFor_IsEchoed()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, """{"model":"m","messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"system?"}]}""");
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("System prompt: Be brief.");
    }

    [Fact]
    public async Task Chat_LongPromptAgain_CountsCachedTokens()
    {
        await using var simulated = await Simulated.StartAsync();
        var body = Bodies.OpenAI(new string('x', 5000));
        (await simulated.SendAsync(Path, body)).GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(0);
        (await simulated.SendAsync(Path, body)).GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(1152);
    }

    [Fact]
    public async Task Chat_Reasoner_SendsReasoningContentLikeDeepSeek()
    {
        await using var simulated = await Simulated.StartAsync();
        const string Body = """{"model":"deepseek-reasoner","messages":[{"role":"user","content":"hi"}]""";
        var whole = await simulated.SendAsync(Path, Body + "}");
        var reasoning = whole.GetProperty("choices")[0].GetProperty("message").GetProperty("reasoning_content").GetString();
        reasoning.ShouldNotBeNullOrEmpty();
        whole.GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32().ShouldBeGreaterThan(0);
        whole.GetProperty("usage").GetProperty("prompt_cache_miss_tokens").GetInt32().ShouldBe(1);

        var events = await simulated.StreamAsync(Path, Body + ""","stream":true,"stream_options":{"include_usage":true}}""");
        string.Concat(events.SkipLast(1).Select(item => item.Json.GetProperty("choices")[0].GetProperty("delta").GetProperty("reasoning_content").GetString())).ShouldBe(reasoning);
        events[^2].Json.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBeGreaterThan(0);
        events[^2].Json.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    [Fact]
    public async Task Chat_Refusal_ComesInItsOwnField()
    {
        await using var simulated = await Simulated.StartAsync();
        var message = (await simulated.SendAsync(Path, Bodies.OpenAI("[[sim:refuse]] x"))).GetProperty("choices")[0].GetProperty("message");
        message.GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        message.GetProperty("refusal").GetString().ShouldBe("I'm sorry, I can't help with that.");
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("[[sim:refuse]] x", ""","stream":true"""));
        string.Concat(events.SkipLast(1).Select(item => item.Json.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("refusal", out var piece) ? piece.GetString() : ""))
            .ShouldBe("I'm sorry, I can't help with that.");
    }

    private static string? Content(JsonElement chunk) =>
        chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "";
}
