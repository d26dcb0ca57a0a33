using System.Text.Json;

namespace Sluice.Simulator.Tests;

public sealed class MistralTests
{
    private const string Path = "/mistral/v1/chat/completions";

    [Fact]
    public async Task Chat_WholeAndStreamed_SayTheSame()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("hello"));
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("You said: hello");
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("hello", ""","stream":true"""));
        string.Concat(events.SkipLast(1).Select(item => item.Json.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString())).ShouldBe("You said: hello");
        events[^2].Json.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(6);
    }

    [Fact]
    public async Task Chat_Calls_HaveShortIdsAndComeInTheLastChunk()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("several in Rome", $",\"stream\":true,\"tools\":{Bodies.FunctionTools}"));
        var last = events[^2].Json.GetProperty("choices")[0];
        last.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        var calls = last.GetProperty("delta").GetProperty("tool_calls");
        calls.EnumerateArray().ShouldAllBe(call => call.GetProperty("id").GetString()!.Length == 9);
        calls[0].TryGetProperty("type", out _).ShouldBeFalse();
        calls[1].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("{}");
    }

    [Theory]
    [InlineData("call_AAAAAAAAAAAAAAAAAAAAAAAA", "Tool call id was call_AAAAAAAAAAAAAAAAAAAAAAAA but must be a-z, A-Z, 0-9, with a length of 9.")]
    [InlineData("aB3dE5gH7", null)]
    public async Task Chat_CallId_MustHaveNineLettersOrDigits(string id, string? refusal)
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, $$$"""
            {"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"{{{id}}}","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"{{{id}}}","content":"42"}]}
            """, refusal is null ? 200 : 400);
        if (refusal is null)
            answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("f returned: 42.");
        else
            answer.GetProperty("message").GetString().ShouldBe(refusal);
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"aB3dE5gH7","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"y"}]""", "Not the same number of function calls and responses")]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]""", "Expected last role User or Tool")]
    public async Task Chat_BrokenOrder_IsRefusedInTheApisWords(string messages, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.SendAsync(Path, $$"""{"model":"m","messages":{{messages}}}""", 400)).GetProperty("message").GetString()!.ShouldContain(expected);
    }

    [Fact]
    public async Task Chat_Reasoning_MakesTheContentAList()
    {
        await using var simulated = await Simulated.StartAsync();
        var content = (await simulated.SendAsync(Path, Bodies.OpenAI("hello", ",\"reasoning_effort\":\"high\""))).GetProperty("choices")[0].GetProperty("message").GetProperty("content");
        content[0].GetProperty("thinking")[0].GetProperty("text").GetString()!.ShouldStartWith("The user wrote");
        content[1].GetProperty("text").GetString().ShouldBe("You said: hello");
        var events = await simulated.StreamAsync(Path, """{"model":"magistral-medium","stream":true,"messages":[{"role":"user","content":"hello"}]}""");
        events[1].Json.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Array);
        events[^2].Json.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task EmbeddingsAndModels_Answer()
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.SendAsync("/mistral/v1/embeddings", """{"model":"e","input":["a","b"]}""")).GetProperty("data")[1].GetProperty("embedding").GetArrayLength().ShouldBe(1024);
        (await simulated.GetAsync("/mistral/v1/models")).GetProperty("data")[0].GetProperty("capabilities").GetProperty("completion_chat").GetBoolean().ShouldBeTrue();
    }
}
