namespace Sluice.Simulator.Tests;

public sealed class OllamaTests
{
    private const string Path = "/ollama/api/chat";

    [Fact]
    public async Task Chat_ByDefault_StreamsLines()
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("hello world")));
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/x-ndjson");
        var lines = StreamedEvent.Parse(await response.Content.ReadAsStringAsync()).ConvertAll(item => item.Json);
        string.Concat(lines.Select(line => line.GetProperty("message").GetProperty("content").GetString())).ShouldBe("You said: hello world");
        lines.Select(line => line.GetProperty("done").GetBoolean()).ShouldBe([false, false, true]);
        lines[^1].GetProperty("done_reason").GetString().ShouldBe("stop");
        lines[^1].GetProperty("prompt_eval_count").GetInt32().ShouldBe(3);
        lines[^1].GetProperty("eval_count").GetInt32().ShouldBe(6);
    }

    [Fact]
    public async Task Chat_ToolsWhole_HaveArgumentsAsAnObject()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("several in Rome", $",\"stream\":false,\"tools\":{Bodies.FunctionTools}"));
        var calls = answer.GetProperty("message").GetProperty("tool_calls");
        calls[0].GetProperty("function").GetProperty("arguments").GetProperty("city").GetString().ShouldBe("Rome");
        calls[1].GetProperty("function").GetProperty("arguments").ToString().ShouldBe("{}");
        answer.GetProperty("done_reason").GetString().ShouldBe("stop");
    }

    [Fact]
    public async Task Chat_ResultByName_IsQuoted()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, """
            {"model":"q","stream":false,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]},{"role":"tool","tool_name":"f","content":"42"}]}
            """);
        answer.GetProperty("message").GetProperty("content").GetString().ShouldBe("f returned: 42.");
    }

    [Fact]
    public async Task Chat_Think_IsApartFromContent()
    {
        await using var simulated = await Simulated.StartAsync();
        var lines = await simulated.StreamAsync(Path, Bodies.OpenAI("hello", ""","think":true"""));
        string.Concat(lines.Select(line => line.Json.GetProperty("message").TryGetProperty("thinking", out var thinking) ? thinking.GetString() : "")).ShouldStartWith("The user wrote");
    }

    [Theory]
    [InlineData("""{"num_predict":1}""", "length")]
    [InlineData("""{"stop":["lo"]}""", "stop")]
    public async Task Chat_Options_Limit(string options, string reason)
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("hello", $",\"stream\":false,\"options\":{options}"));
        answer.GetProperty("done_reason").GetString().ShouldBe(reason);
        answer.GetProperty("message").GetProperty("content").GetString()!.ShouldNotContain("lo");
    }

    [Fact]
    public async Task Chat_WithoutMessages_LoadsTheModel()
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.SendAsync(Path, """{"model":"q","messages":[]}""")).GetProperty("done_reason").GetString().ShouldBe("load");
    }

    [Fact]
    public async Task Generate_WithImageAndFormat_Answers()
    {
        await using var simulated = await Simulated.StartAsync();
        var seen = await simulated.SendAsync("/ollama/api/generate", $$"""{"model":"q","prompt":"hi","stream":false,"images":["{{Bodies.Png}}"]}""");
        seen.GetProperty("response").GetString().ShouldBe("I see image (image/png, 70 bytes). You said: hi");
        var json = await simulated.SendAsync("/ollama/api/generate", $$"""{"model":"q","prompt":"in Oslo","stream":false,"format":{{Bodies.Weather}}}""");
        json.GetProperty("response").GetString().ShouldBe("""{"city":"Oslo"}""");
    }

    [Fact]
    public async Task Embed_ListShowVersion_Answer()
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.SendAsync("/ollama/api/embed", """{"model":"n","input":["a","b"]}""")).GetProperty("embeddings").GetArrayLength().ShouldBe(2);
        (await simulated.SendAsync("/ollama/api/embeddings", """{"model":"n","prompt":"a"}""")).GetProperty("embedding").GetArrayLength().ShouldBe(768);
        (await simulated.GetAsync("/ollama/api/tags")).GetProperty("models")[0].GetProperty("details").GetProperty("format").GetString().ShouldBe("gguf");
        (await simulated.SendAsync("/ollama/api/show", """{"model":"q"}""")).GetProperty("capabilities").GetArrayLength().ShouldBe(4);
        (await simulated.GetAsync("/ollama/api/version")).GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        (await simulated.GetAsync("/ollama/api/ps")).GetProperty("models").GetArrayLength().ShouldBe(1);
        (await simulated.Client.GetStringAsync("/ollama")).ShouldBe("Ollama is running");
    }

    [Fact]
    public async Task Chat_ErrorInStream_IsALine()
    {
        await using var simulated = await Simulated.StartAsync();
        var lines = await simulated.StreamAsync(Path, Bodies.OpenAI("hello world"), ("x-sim-fault", "kind=error;event=1"));
        lines[1].Json.GetProperty("error").GetString()!.ShouldContain("llama runner");
    }
}
