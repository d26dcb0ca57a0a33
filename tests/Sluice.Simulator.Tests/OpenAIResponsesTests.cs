namespace Sluice.Simulator.Tests;

public sealed class OpenAIResponsesTests
{
    private const string Path = "/openai/v1/responses";
    private const string Tools = $$"""[{"type":"function","name":"get_weather","parameters":{{Bodies.Weather}}},{"type":"function","name":"get_time","parameters":{{Bodies.Nothing}}}]""";

    [Fact]
    public async Task Responses_Whole_IsAMessageWithOutputText()
    {
        await using var simulated = await Simulated.StartAsync();
        var response = await simulated.SendAsync(Path, """{"model":"gpt-5.4","input":"hello","instructions":"Be brief.","metadata":{"a":"b"}}""");
        response.GetProperty("status").GetString().ShouldBe("completed");
        response.GetProperty("instructions").GetString().ShouldBe("Be brief.");
        response.GetProperty("metadata").GetProperty("a").GetString().ShouldBe("b");
        var item = response.GetProperty("output").EnumerateArray().ShouldHaveSingleItem();
        item.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("You said: hello");
        response.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(4 + 4);
    }

    [Fact]
    public async Task Responses_Streamed_NumbersEventsAndNestsItems()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, """{"model":"gpt-5.4","input":"hello","stream":true,"reasoning":{"effort":"low","summary":"auto"}}""");
        events.Select(item => item.Json.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        events.ShouldAllBe(item => item.Name == item.Json.GetProperty("type").GetString());
        events[0].Name.ShouldBe("response.created");
        events[1].Name.ShouldBe("response.in_progress");
        events[^1].Name.ShouldBe("response.completed");
        Joined(events, "response.output_text.delta").ShouldBe("You said: hello");
        Joined(events, "response.reasoning_summary_text.delta").ShouldBe("The user wrote \"hello\". I can answer this directly.");
        var output = events[^1].Json.GetProperty("response").GetProperty("output");
        output.EnumerateArray().Select(item => item.GetProperty("type").GetString()).ShouldBe(["reasoning", "message"]);
        output.GetRawText().ShouldContain(events.Single(item => item.Name == "response.output_text.done").Json.GetProperty("item_id").GetString()!);
    }

    [Fact]
    public async Task Responses_SeveralCallsStreamed_HaveTwoIdsEach()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, $$"""{"model":"m","input":"several in Rome","stream":true,"tools":{{Tools}}}""");
        var items = events.Where(item => item.Name == "response.output_item.done").Select(item => item.Json.GetProperty("item")).ToList();
        items.Select(item => item.GetProperty("arguments").GetString()).ShouldBe(["""{"city":"Rome"}""", "{}"]);
        items.ShouldAllBe(item => item.GetProperty("id").GetString()!.StartsWith("fc_") && item.GetProperty("call_id").GetString()!.StartsWith("call_"));
    }

    [Fact]
    public async Task Responses_Continued_QuotesTheResult()
    {
        await using var simulated = await Simulated.StartAsync();
        var first = await simulated.SendAsync(Path, $$"""{"model":"m","input":"weather in Rome","tools":{{Tools}}}""");
        var call = first.GetProperty("output")[0].GetProperty("call_id").GetString();
        var second = await simulated.SendAsync(Path, $$"""{"model":"m","previous_response_id":"{{first.GetProperty("id")}}","input":[{"type":"function_call_output","call_id":"{{call}}","output":"hot"}]}""");
        second.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("get_weather returned: hot.");
    }

    [Fact]
    public async Task Responses_OutputWithoutCall_IsRefused()
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(Path, """{"model":"m","input":[{"role":"user","content":"x"},{"type":"function_call_output","call_id":"call_x","output":"hot"}]}""", 400);
        error.GetProperty("error").GetProperty("message").GetString().ShouldBe("No tool call found for function call output with call_id call_x.");
    }

    [Fact]
    public async Task Responses_Stored_CanBeReadAndDeleted()
    {
        await using var simulated = await Simulated.StartAsync();
        var response = await simulated.SendAsync(Path, """{"model":"m","input":"hello"}""");
        var address = $"{Path}/{response.GetProperty("id")}";
        (await simulated.GetAsync(address)).ToString().ShouldBe(response.ToString());
        using (var deleted = await simulated.Client.DeleteAsync(address))
            ((int)deleted.StatusCode).ShouldBe(200);
        await simulated.GetAsync(address, 404);
        var unstored = await simulated.SendAsync(Path, """{"model":"m","input":"hello","store":false}""");
        await simulated.GetAsync($"{Path}/{unstored.GetProperty("id")}", 404);
    }

    [Fact]
    public async Task Responses_EncryptedContent_DiffersEachTimeItIsSent()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, """{"model":"m","input":"hello","stream":true,"include":["reasoning.encrypted_content"],"reasoning":{"effort":"low"}}""");
        var payloads = events.Where(item => item.Data.Contains("encrypted_content", StringComparison.Ordinal))
            .Select(item => (item.Json.TryGetProperty("item", out var own) ? own : item.Json.GetProperty("response").GetProperty("output")[0]).GetProperty("encrypted_content").GetString()).ToList();
        payloads.Count.ShouldBe(3);
        payloads.Distinct().Count().ShouldBe(3);
        payloads.ShouldAllBe(payload => payload!.StartsWith("gAAAAAB"));
    }

    [Fact]
    public async Task Responses_MaxOutputTokens_IsIncomplete()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, """{"model":"m","input":"hello world","stream":true,"max_output_tokens":2}""");
        events[^1].Name.ShouldBe("response.incomplete");
        events[^1].Json.GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("max_output_tokens");
    }

    [Fact]
    public async Task Responses_UnknownModel_IsABadRequestHere()
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(Path, """{"model":"missing-model","input":"x"}""", 400);
        error.GetProperty("error").GetProperty("code").GetString().ShouldBe("model_not_found");
    }

    [Theory]
    [InlineData("", "error")]
    [InlineData(";code=failed", "response.failed")]
    public async Task Responses_ErrorInStream_TakesOneOfTwoForms(string code, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, """{"model":"m","input":"hello","stream":true}""", ("x-sim-fault", "kind=error;event=3" + code));
        events.Count.ShouldBe(4);
        events[^1].Name.ShouldBe(expected);
        events[^1].Json.GetProperty("sequence_number").GetInt32().ShouldBe(3);
        var text = expected == "error" ? events[^1].Json.GetProperty("message") : events[^1].Json.GetProperty("response").GetProperty("error").GetProperty("message");
        text.GetString()!.ShouldContain("server had an error");
    }

    [Fact]
    public async Task InputTokens_Counts()
    {
        await using var simulated = await Simulated.StartAsync();
        var counted = await simulated.SendAsync(Path + "/input_tokens", """{"model":"m","input":"12345678"}""");
        counted.GetProperty("input_tokens").GetInt32().ShouldBe(2);
    }

    private static string Joined(List<StreamedEvent> events, string name) =>
        string.Concat(events.Where(item => item.Name == name).Select(item => item.Json.GetProperty("delta").GetString()));
}
