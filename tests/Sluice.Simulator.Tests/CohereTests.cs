namespace Sluice.Simulator.Tests;

public sealed class CohereTests
{
    private const string Path = "/cohere/v2/chat";

    [Fact]
    public async Task Chat_Whole_EchoesWithBothCounts()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("hello"));
        answer.GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("You said: hello");
        answer.GetProperty("finish_reason").GetString().ShouldBe("COMPLETE");
        answer.GetProperty("usage").GetProperty("billed_units").GetProperty("input_tokens").GetInt32().ShouldBe(2);
        answer.GetProperty("usage").GetProperty("tokens").GetProperty("input_tokens").GetInt32().ShouldBe(68);
    }

    [Fact]
    public async Task Chat_Streamed_FollowsTheGrammar()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("hello", ""","stream":true"""));
        events.Select(item => item.Name).Distinct().ShouldBe(["message-start", "content-start", "content-delta", "content-end", "message-end", null]);
        string.Concat(events.Where(item => item.Name == "content-delta").Select(item => item.Json.GetProperty("delta").GetProperty("message").GetProperty("content").GetProperty("text").GetString())).ShouldBe("You said: hello");
        events[^1].Data.ShouldBe("[DONE]");
    }

    [Fact]
    public async Task Chat_ToolsStreamed_PlanThenCalls()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("several in Rome", $",\"stream\":true,\"tools\":{Bodies.FunctionTools}"));
        events.Count(item => item.Name == "tool-call-start").ShouldBe(2);
        string.Concat(events.Where(item => item.Name == "tool-plan-delta").Select(item => item.Json.GetProperty("delta").GetProperty("message").GetProperty("tool_plan").GetString())).ShouldBe("I'll use get_weather and get_time.");
        string.Concat(events.Where(item => item.Name == "tool-call-delta" && item.Json.GetProperty("index").GetInt32() == 0)
            .Select(item => item.Json.GetProperty("delta").GetProperty("message").GetProperty("tool_calls").GetProperty("function").GetProperty("arguments").GetString())).ShouldBe("""{"city":"Rome"}""");
        events[^2].Json.GetProperty("delta").GetProperty("finish_reason").GetString().ShouldBe("TOOL_CALL");
    }

    [Theory]
    [InlineData("REQUIRED", "TOOL_CALL")]
    [InlineData("NONE", "COMPLETE")]
    public async Task Chat_ToolChoice_IsObeyed(string choice, string finish)
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("hi", $",\"tool_choice\":\"{choice}\",\"tools\":{Bodies.FunctionTools}"));
        answer.GetProperty("finish_reason").GetString().ShouldBe(finish);
        answer.GetProperty("message").TryGetProperty("content", out _).ShouldBe(finish == "COMPLETE");
    }

    [Fact]
    public async Task Chat_DocumentResult_IsQuoted()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, """
            {"model":"c","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_plan":"p","tool_calls":[{"id":"f_1","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"f_1","content":[{"type":"document","document":{"data":"42"}}]}]}
            """);
        answer.GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("f returned: 42.");
        await simulated.SendAsync(Path, """{"model":"c","messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"f_1","content":"y"}]}""", 400);
    }

    [Fact]
    public async Task Chat_Thinking_IsAContentOfItsOwn()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("hello", ""","thinking":{"type":"enabled"}"""));
        answer.GetProperty("message").GetProperty("content").EnumerateArray().Select(part => part.GetProperty("type").GetString()).ShouldBe(["thinking", "text"]);
    }

    [Fact]
    public async Task Chat_ErrorInStream_EndsWithTheReasonError()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("hello", ""","stream":true"""), ("x-sim-fault", "kind=error;event=3"));
        events[^1].Json.GetProperty("delta").GetProperty("finish_reason").GetString().ShouldBe("ERROR");
    }

    [Fact]
    public async Task Embed_EachType_HasItsForm()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync("/cohere/v2/embed", """{"model":"e","texts":["a","b"],"input_type":"search_query","output_dimension":256,"embedding_types":["float","int8","uint8","binary","ubinary","base64"]}""");
        var embeddings = answer.GetProperty("embeddings");
        embeddings.GetProperty("float")[1].GetArrayLength().ShouldBe(256);
        embeddings.GetProperty("ubinary")[0].GetArrayLength().ShouldBe(32);
        embeddings.GetProperty("base64")[0].GetBytesFromBase64().Length.ShouldBe(1024);
        answer.GetProperty("response_type").GetString().ShouldBe("embeddings_by_type");
        (await simulated.SendAsync("/cohere/v2/embed", """{"model":"e","texts":["a"]}""", 400)).GetProperty("message").GetString()!.ShouldContain("input_type");
    }

    [Fact]
    public async Task Models_ByEndpoint()
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.GetAsync("/cohere/v1/models")).GetProperty("models").GetArrayLength().ShouldBe(4);
        (await simulated.GetAsync("/cohere/v1/models?endpoint=embed")).GetProperty("models").GetArrayLength().ShouldBe(1);
    }
}
