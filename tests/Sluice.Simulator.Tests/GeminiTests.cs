using System.Text.Json;

namespace Sluice.Simulator.Tests;

public sealed class GeminiTests
{
    private const string Base = "/gemini/v1beta/models/gemini-2.5-flash:";

    [Fact]
    public async Task Generate_Whole_EchoesWithUsage()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Base + "generateContent", Bodies.Gemini("hello"));
        var candidate = answer.GetProperty("candidates")[0];
        candidate.GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("You said: hello");
        candidate.GetProperty("finishReason").GetString().ShouldBe("STOP");
        answer.GetProperty("usageMetadata").GetProperty("totalTokenCount").GetInt32().ShouldBe(6);
    }

    [Fact]
    public async Task Stream_Sse_EndsWithTheFinishReasonAndNoDone()
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Base + "streamGenerateContent?alt=sse", Bodies.Gemini("hello world")));
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldEndWith("}\r\n\r\n");
        var chunks = StreamedEvent.Parse(text).ConvertAll(item => item.Json);
        string.Concat(chunks.Select(Text)).ShouldBe("You said: hello world");
        chunks.Select(chunk => chunk.GetProperty("candidates")[0].TryGetProperty("finishReason", out _)).ShouldBe([false, true]);
        chunks.ShouldAllBe(chunk => chunk.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt32() == 3);
    }

    [Fact]
    public async Task Stream_WithoutAlt_IsAJsonArray()
    {
        await using var simulated = await Simulated.StartAsync();
        var array = await simulated.SendAsync(Base + "streamGenerateContent", Bodies.Gemini("hello world"));
        string.Concat(array.EnumerateArray().Select(Text)).ShouldBe("You said: hello world");
        var error = await simulated.SendAsync("/gemini/v1beta/models/missing:streamGenerateContent", Bodies.Gemini("hello"), 404);
        error[0].GetProperty("error").GetProperty("status").GetString().ShouldBe("NOT_FOUND");
    }

    [Theory]
    [InlineData("""{"functionCallingConfig":{"mode":"NONE"}}""", "")]
    [InlineData("""{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["get_time"]}}""", "get_time")]
    [InlineData("""{"function_calling_config":{"mode":"ANY"}}""", "get_weather,get_time")]
    public async Task Generate_ToolConfig_IsObeyed(string config, string names)
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Base + "generateContent", Bodies.Gemini("several", $",\"toolConfig\":{config},\"tools\":{Bodies.GeminiTools}"));
        string.Join(",", Calls(answer).Select(call => call.GetProperty("name").GetString())).ShouldBe(names);
    }

    [Fact]
    public async Task Generate_Calls_EndWithStopAndAMessage()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Base + "generateContent", Bodies.Gemini("weather in Rome", $",\"tools\":{Bodies.GeminiTools}"));
        Calls(answer).ShouldHaveSingleItem().GetProperty("args").ToString().ShouldBe("""{"city":"Rome"}""");
        answer.GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
        answer.GetProperty("candidates")[0].GetProperty("finishMessage").GetString().ShouldBe("Model generated function call(s).");
    }

    [Fact]
    public async Task Stream_Calls_AreWholeAndFollowedByAnEmptyText()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Base + "streamGenerateContent?alt=sse", Bodies.Gemini("several in Rome", $",\"tools\":{Bodies.GeminiTools}"));
        events.Count.ShouldBe(3);
        Calls(events[0].Json).ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("get_weather");
        Calls(events[1].Json).ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("get_time");
        Text(events[2].Json).ShouldBe("");
        events[2].Json.GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
    }

    [Fact]
    public async Task Generate_ResponsesSentBack_AreQuoted()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Base + "generateContent", """
            {"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"a","args":{}}},{"functionCall":{"name":"b","args":{}}}]},
             {"role":"user","parts":[{"functionResponse":{"name":"a","response":{"output":"one"}}},{"functionResponse":{"name":"b","response":{"x":1,"y":2}}}]}]}
            """);
        Text(answer).ShouldBe("""a returned: one. b returned: {"x":1,"y":2}.""");
    }

    [Theory]
    [InlineData("""[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"a"}},{"functionCall":{"name":"b"}}]},{"role":"user","parts":[{"functionResponse":{"name":"a","response":{}}}]}]""", "number of function response parts is equal")]
    [InlineData("""[{"role":"user","parts":[{"functionResponse":{"name":"a","response":{}}}]}]""", "function response turn comes immediately after a function call turn")]
    [InlineData("""[{"role":"assistant","parts":[{"text":"x"}]}]""", "Please use a valid role: user, model.")]
    [InlineData("""[{"role":"user","parts":[]}]""", "contents.parts must not be empty")]
    [InlineData("[]", "contents is not specified")]
    public async Task Generate_BrokenConversation_IsRefusedInTheApisWords(string contents, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(Base + "generateContent", $$"""{"contents":{{contents}}}""", 400);
        error.GetProperty("error").GetProperty("status").GetString().ShouldBe("INVALID_ARGUMENT");
        error.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(expected);
    }

    [Fact]
    public async Task Generate_Thoughts_AreShownWhenAskedForAndCountedApart()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Base + "generateContent", Bodies.Gemini("hello", ""","generationConfig":{"thinkingConfig":{"includeThoughts":true}}"""));
        var parts = answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts");
        parts[0].GetProperty("thought").GetBoolean().ShouldBeTrue();
        parts[1].GetProperty("thoughtSignature").GetString().ShouldNotBeNullOrEmpty();
        var usage = answer.GetProperty("usageMetadata");
        usage.GetProperty("totalTokenCount").GetInt32().ShouldBe(2 + 4 + usage.GetProperty("thoughtsTokenCount").GetInt32());
    }

    [Fact]
    public async Task Generate_ThinkingEatsTheLimit_LeavesNoParts()
    {
        await using var simulated = await Simulated.StartAsync();
        var candidate = (await simulated.SendAsync(Base + "generateContent", Bodies.Gemini("hello", ""","generationConfig":{"maxOutputTokens":3,"thinkingConfig":{"thinkingBudget":-1}}"""))).GetProperty("candidates")[0];
        candidate.GetProperty("content").ToString().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).ShouldBe("""{"role":"model"}""");
        candidate.GetProperty("finishReason").GetString().ShouldBe("MAX_TOKENS");
    }

    [Fact]
    public async Task Generate_InlineDataAndFile_AreDescribed()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Base + "generateContent", $$$"""
            {"contents":{"parts":[{"text":"what"},{"inline_data":{"mime_type":"image/png","data":"{{{Bodies.Png}}}"}},{"fileData":{"mimeType":"video/mp4","fileUri":"gs://a/b.mp4"}}]}}
            """);
        Text(answer).ShouldBe("I see image (image/png, 70 bytes), video (gs://a/b.mp4). You said: what");
        answer.GetProperty("usageMetadata").GetProperty("promptTokensDetails")[1].GetProperty("modality").GetString().ShouldBe("IMAGE");
    }

    [Fact]
    public async Task Generate_ResponseSchema_GivesJsonThatFits()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync(Base + "generateContent", Bodies.Gemini("in Oslo", ""","generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"city":{"type":"STRING"},"n":{"type":"INTEGER","nullable":true}}}}"""));
        Text(answer).ShouldBe("""{"city":"Oslo","n":1}""");
    }

    [Fact]
    public async Task Generate_Filtered_HasNoContent()
    {
        await using var simulated = await Simulated.StartAsync();
        var candidate = (await simulated.SendAsync(Base + "generateContent", Bodies.Gemini("[[sim:filter]]"))).GetProperty("candidates")[0];
        candidate.GetProperty("finishReason").GetString().ShouldBe("SAFETY");
        candidate.GetProperty("content").TryGetProperty("parts", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task CountAndEmbed_Answer()
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.SendAsync(Base + "countTokens", Bodies.Gemini("12345678"))).GetProperty("totalTokens").GetInt32().ShouldBe(2);
        (await simulated.SendAsync(Base + "countTokens", $$"""{"generateContentRequest":{{Bodies.Gemini("1234")}}}""")).GetProperty("totalTokens").GetInt32().ShouldBe(1);
        (await simulated.SendAsync(Base + "embedContent", """{"content":{"parts":[{"text":"x"}]},"outputDimensionality":16}""")).GetProperty("embedding").GetProperty("values").GetArrayLength().ShouldBe(16);
        (await simulated.SendAsync(Base + "batchEmbedContents", """{"requests":[{"content":{"parts":[{"text":"x"}]}},{"content":{"parts":[{"text":"y"}]}}]}""")).GetProperty("embeddings").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Models_Pages()
    {
        await using var simulated = await Simulated.StartAsync();
        var page = await simulated.GetAsync("/gemini/v1beta/models?pageSize=3");
        page.GetProperty("models").GetArrayLength().ShouldBe(3);
        var rest = await simulated.GetAsync($"/gemini/v1beta/models?pageSize=3&pageToken={page.GetProperty("nextPageToken")}");
        rest.GetProperty("models").GetArrayLength().ShouldBe(2);
        rest.TryGetProperty("nextPageToken", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("?alt=sse")]
    [InlineData("")]
    public async Task Stream_Error_TakesTheFormOfTheStream(string query)
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Base + "streamGenerateContent" + query, Bodies.Gemini("hello world"), ("x-sim-fault", "kind=error;event=1")));
        var text = await response.Content.ReadAsStringAsync();
        var last = query.Length > 0 ? StreamedEvent.Parse(text)[^1].Json : JsonDocument.Parse(text).RootElement[1];
        last.GetProperty("error").GetProperty("status").GetString().ShouldBe("UNAVAILABLE");
    }

    private static string? Text(JsonElement answer) => string.Concat(answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()
        .Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : ""));

    private static List<JsonElement> Calls(JsonElement answer) => [.. answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()
        .Where(part => part.TryGetProperty("functionCall", out _)).Select(part => part.GetProperty("functionCall"))];
}
