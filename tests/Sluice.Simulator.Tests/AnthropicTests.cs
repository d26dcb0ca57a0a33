namespace Sluice.Simulator.Tests;

public sealed class AnthropicTests
{
    private const string Path = "/anthropic/v1/messages";

    [Fact]
    public async Task Messages_Whole_EchoesWithUsage()
    {
        await using var simulated = await Simulated.StartAsync();
        var message = await simulated.SendAsync(Path, Bodies.Anthropic("hello"));
        message.GetProperty("id").GetString()!.ShouldStartWith("msg_01");
        message.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("You said: hello");
        message.GetProperty("stop_reason").GetString().ShouldBe("end_turn");
        message.GetProperty("usage").GetProperty("input_tokens").GetInt32().ShouldBe(2);
        message.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Messages_Streamed_FollowsTheGrammar()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.Anthropic("hello", ""","stream":true"""));
        events.Select(item => item.Name).Distinct().ShouldBe(["message_start", "content_block_start", "ping", "content_block_delta", "content_block_stop", "message_delta", "message_stop"]);
        events.ShouldAllBe(item => item.Json.GetProperty("type").GetString() == item.Name);
        events[0].Json.GetProperty("message").GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBe(1);
        events[^2].Json.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBe(4);
        string.Concat(events.Where(item => item.Name == "content_block_delta").Select(item => item.Json.GetProperty("delta").GetProperty("text").GetString())).ShouldBe("You said: hello");
    }

    [Fact]
    public async Task Messages_Answer_CarriesRequestIdAndLimits()
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.Anthropic("hello")));
        response.Headers.GetValues("request-id").Single().ShouldStartWith("req_");
        response.Headers.GetValues("anthropic-ratelimit-requests-remaining").Single().ShouldBe("3999");
        DateTimeOffset.Parse(response.Headers.GetValues("anthropic-ratelimit-tokens-reset").Single()).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-1));
    }

    [Fact]
    public async Task Messages_ToolsStreamed_TextThenCallsWithPartialJson()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.Anthropic("several in Rome", $",\"stream\":true,\"tools\":{Bodies.AnthropicTools}"));
        var blocks = events.Where(item => item.Name == "content_block_start").Select(item => item.Json.GetProperty("content_block").GetProperty("type").GetString());
        blocks.ShouldBe(["text", "tool_use", "tool_use"]);
        Json(events, 1).ShouldBe(["", """{"city":"Rom""", "e\"}"]);
        Json(events, 2).ShouldBe([""]);
        events[^2].Json.GetProperty("delta").GetProperty("stop_reason").GetString().ShouldBe("tool_use");
    }

    [Theory]
    [InlineData("""{"type":"none"}""", "text")]
    [InlineData("""{"type":"any"}""", "tool_use:get_weather,tool_use:get_time")]
    [InlineData("""{"type":"tool","name":"get_time"}""", "tool_use:get_time")]
    [InlineData("""{"type":"auto","disable_parallel_tool_use":true}""", "text,tool_use:get_weather")]
    public async Task Messages_ToolChoice_IsObeyed(string choice, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        var message = await simulated.SendAsync(Path, Bodies.Anthropic("several", $",\"tool_choice\":{choice},\"tools\":{Bodies.AnthropicTools}"));
        string.Join(",", message.GetProperty("content").EnumerateArray().Select(block =>
            block.GetProperty("type").GetString() + (block.TryGetProperty("name", out var name) ? ":" + name.GetString() : ""))).ShouldBe(expected);
    }

    [Fact]
    public async Task Messages_ResultsSentBack_AreQuotedWithTheirMedia()
    {
        await using var simulated = await Simulated.StartAsync();
        var message = await simulated.SendAsync(Path, $$$"""
            {"model":"c","max_tokens":100,"tools":{{{Bodies.AnthropicTools}}},"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"get_weather","input":{}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"hot"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{Bodies.Png}}}"}}]}]}]}
            """);
        message.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("get_weather returned: hot. I see image (image/png, 70 bytes).");
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},{"role":"user","content":"y"}]""", "`tool_use` ids were found without `tool_result` blocks immediately after: t1")]
    [InlineData("""[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"y"}]}]""", "unexpected `tool_use_id` found in `tool_result` blocks: t1")]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"a.b","name":"f","input":{}}]}]""", "String should match pattern '^[a-zA-Z0-9_-]+$'")]
    [InlineData("""[{"role":"user","content":""}]""", "all messages must have non-empty content")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":""}]}]""", "text content blocks must be non-empty")]
    [InlineData("""[{"role":"tool","content":"x"}]""", "messages.0.role: Input should be 'user' or 'assistant'")]
    public async Task Messages_BrokenConversation_IsRefusedInTheApisWords(string messages, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(Path, $$"""{"model":"c","max_tokens":100,"messages":{{messages}}}""", 400);
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(expected);
    }

    [Theory]
    [InlineData("""{"model":"c","messages":[{"role":"user","content":"x"}]}""", "max_tokens: Field required")]
    [InlineData("""{"model":"c","max_tokens":5,"messages":[]}""", "messages: at least one message is required")]
    [InlineData("""{"model":"c","max_tokens":1024,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"x"}]}""", "`max_tokens` must be greater than `thinking.budget_tokens`")]
    [InlineData("""{"model":"c","max_tokens":2048,"thinking":{"type":"enabled","budget_tokens":100},"messages":[{"role":"user","content":"x"}]}""", "greater than or equal to 1024")]
    [InlineData("""{"model":"c","max_tokens":5,"temperature":1.5,"messages":[{"role":"user","content":"x"}]}""", "temperature: range: 0..1")]
    public async Task Messages_WrongSettings_AreRefusedInTheApisWords(string body, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.SendAsync(Path, body, 400)).GetProperty("error").GetProperty("message").GetString()!.ShouldContain(expected);
    }

    [Fact]
    public async Task Messages_Thinking_ComesFirstWithItsSignature()
    {
        await using var simulated = await Simulated.StartAsync();
        const string Thinking = ""","thinking":{"type":"enabled","budget_tokens":1024}""";
        var message = await simulated.SendAsync(Path, Bodies.Anthropic("hello", Thinking));
        message.GetProperty("content")[0].GetProperty("type").GetString().ShouldBe("thinking");
        var signature = message.GetProperty("content")[0].GetProperty("signature").GetString();
        message.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("thinking_tokens").GetInt32().ShouldBeGreaterThan(0);
        var events = await simulated.StreamAsync(Path, Bodies.Anthropic("hello", Thinking + ""","stream":true"""));
        events.Single(item => item.Data.Contains("signature_delta", StringComparison.Ordinal)).Json.GetProperty("delta").GetProperty("signature").GetString().ShouldBe(signature);
    }

    [Fact]
    public async Task Messages_Redacted_HasDataOnly()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.Anthropic("[[sim:redacted]] hello", ""","stream":true,"thinking":{"type":"adaptive"}"""));
        events[1].Json.GetProperty("content_block").GetProperty("data").GetString().ShouldNotBeNullOrEmpty();
        events[3].Name.ShouldBe("content_block_stop");
    }

    [Fact]
    public async Task Messages_CacheControl_IsWrittenThenRead()
    {
        await using var simulated = await Simulated.StartAsync();
        const string Body = """{"model":"c","max_tokens":9,"system":[{"type":"text","text":"12345678","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"abcd","cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"assistant","content":"abcd"},{"role":"user","content":"TAIL"}]}""";
        var first = (await simulated.SendAsync(Path, Body)).GetProperty("usage");
        first.GetProperty("cache_creation").ToString().ShouldBe("""{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":1}""");
        first.GetProperty("input_tokens").GetInt32().ShouldBe(2);
        var second = (await simulated.SendAsync(Path, Body)).GetProperty("usage");
        second.GetProperty("cache_read_input_tokens").GetInt32().ShouldBe(3);
        second.GetProperty("cache_creation_input_tokens").GetInt32().ShouldBe(0);
        second.GetProperty("input_tokens").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Messages_StopSequence_IsNamed()
    {
        await using var simulated = await Simulated.StartAsync();
        var message = await simulated.SendAsync(Path, Bodies.Anthropic("one END two", ""","stop_sequences":["END"]"""));
        message.GetProperty("stop_reason").GetString().ShouldBe("stop_sequence");
        message.GetProperty("stop_sequence").GetString().ShouldBe("END");
    }

    [Fact]
    public async Task Messages_ErrorInStream_IsOverloaded()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.Anthropic("hello", ""","stream":true"""), ("x-sim-fault", "kind=error;event=4"));
        events.Count.ShouldBe(5);
        events[^1].Name.ShouldBe("error");
        events[^1].Json.GetProperty("error").GetProperty("type").GetString().ShouldBe("overloaded_error");
    }

    [Fact]
    public async Task CountTokens_EqualsTheInputOfTheMessage()
    {
        await using var simulated = await Simulated.StartAsync();
        var counted = await simulated.SendAsync(Path + "/count_tokens", Bodies.Anthropic("hello", $",\"tools\":{Bodies.AnthropicTools}"));
        var message = await simulated.SendAsync(Path, Bodies.Anthropic("hello", $",\"tools\":{Bodies.AnthropicTools}"));
        counted.GetProperty("input_tokens").GetInt32().ShouldBe(message.GetProperty("usage").GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task Models_List_HasItsEnds()
    {
        await using var simulated = await Simulated.StartAsync();
        var list = await simulated.GetAsync("/anthropic/v1/models");
        list.GetProperty("first_id").GetString().ShouldBe(list.GetProperty("data")[0].GetProperty("id").GetString());
        (await simulated.GetAsync("/anthropic/v1/models/claude-x")).GetProperty("type").GetString().ShouldBe("model");
    }

    private static IEnumerable<string?> Json(List<StreamedEvent> events, int index) => events
        .Where(item => item.Name == "content_block_delta" && item.Json.GetProperty("index").GetInt32() == index)
        .Select(item => item.Json.GetProperty("delta").GetProperty("partial_json").GetString());
}
