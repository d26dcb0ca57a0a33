using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>Groups of tools that Codex declares (namespace, additional_tools, a search of its own): plain tools upstream, the client's own names on the way back.</summary>
public sealed class ToolGroupTests
{
    private const string Group = """{"type":"namespace","name":"mcp__repl","description":"a repl","tools":[{"type":"function","name":"js","description":"runs","strict":false,"parameters":{"type":"object","properties":{"code":{"type":"string"}}}},{"type":"custom","name":"patch","description":"edits"}]}""";
    private const string Plain = """{"type":"function","name":"js","description":"another","strict":false,"parameters":{"type":"object","properties":{}}}""";
    private const string History = """{"role":"user","content":"go"},{"type":"function_call","call_id":"call_0","namespace":"mcp__repl","name":"js","arguments":"{\"code\":\"1\"}"},{"type":"function_call_output","call_id":"call_0","output":"1"},{"role":"user","content":"again"}""";

    public static TheoryData<string, string, string> Upstreams => new()
    {
        { "compat/m", "tools.{0}.function.name", "messages.1.tool_calls.0.function.name" },
        { "ant/claude-sonnet-4-5", "tools.{0}.name", "messages.1.content.0.name" },
        { "gem/gemini-2.5-flash", "tools.0.functionDeclarations.{0}.name", "contents.1.parts.0.functionCall.name" },
        { "oll/m", "tools.{0}.function.name", "messages.1.tool_calls.0.function.name" },
        { "mis/m", "tools.{0}.function.name", "messages.1.tool_calls.0.function.name" },
        { "coh/m", "tools.{0}.function.name", "messages.1.tool_calls.0.function.name" },
        { "bed/anthropic.claude-sonnet-4-5-20250929-v1:0", "toolConfig.tools.{0}.toolSpec.name", "messages.1.content.0.toolUse.name" },
    };

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Groups_AreOfferedAsPlainTools_AndHistoryCallsThemSo(string model, string tool, string history)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/responses", $$"""{"model":"{{model}}","tools":[{{Plain}},{{Group}}],"input":[{{History}}]}""");

        sent.Status.ShouldBe(200, sent.Answer);
        sent[string.Format(null, tool, 0)].ShouldBe("js", sent.Text);
        sent[string.Format(null, tool, 1)].ShouldBe("mcp__repl__js");
        sent[history].ShouldBe("mcp__repl__js");
        sent.Text.ShouldContain("runs\\n\\nmcp__repl: a repl");
        sent.Dropped.ShouldNotContain("namespace");
    }

    [Fact]
    public async Task ToolThatCameLater_KeepsItsNameInHistory_ThoughOpenAICallsItsGroupSo()
    {
        await using var probe = await RequestProbe.StartAsync();
        const string Later = """{"type":"additional_tools","role":"developer","tools":[{"type":"function","name":"lookup","parameters":{"type":"object","properties":{}}}]}""";
        const string Call = """{"type":"function_call","call_id":"call_1","name":"lookup","namespace":"lookup","arguments":"{}"},{"type":"function_call_output","call_id":"call_1","output":"1"}""";

        var sent = await probe.SendAsync("/v1/responses", $$"""{"model":"compat/m","tools":[{{Plain}}],"input":[{"role":"user","content":"go"},{{Later}},{{Call}}]}""");

        sent.Status.ShouldBe(200, sent.Answer);
        sent["tools.1.function.name"].ShouldBe("lookup", sent.Text);
        sent["messages.1.tool_calls.0.function.name"].ShouldBe("lookup");
    }

    [Theory]
    [InlineData(false, "compat/m")]
    [InlineData(true, "compat/m")]
    [InlineData(false, "ant/claude-sonnet-4-5")]
    [InlineData(true, "ant/claude-sonnet-4-5")]
    [InlineData(false, "gem/gemini-2.5-flash")]
    [InlineData(true, "gem/gemini-2.5-flash")]
    public async Task Calls_ComeBackWithNameAndNamespace(bool streamed, string model)
    {
        await using var probe = await RequestProbe.StartAsync(answer: request => ToolCallAnswers.Of(request, streamed, ("mcp__repl__js", """{"code":"2"}"""), ("js", "{}")));

        var sent = await probe.SendAsync("/v1/responses", $$"""{"model":"{{model}}","stream":{{(streamed ? "true" : "false")}},"tools":[{{Group}},{{Plain}}],"input":"go"}""");

        var calls = Items(sent, streamed).Where(i => i.GetProperty("type").GetString() == "function_call").ToList();
        calls.Select(c => c.GetProperty("name").GetString()).ShouldBe(["js", "js"], sent.Answer);
        calls[0].GetProperty("namespace").GetString().ShouldBe("mcp__repl");
        JsonDocument.Parse(calls[0].GetProperty("arguments").GetString()!).RootElement.GetProperty("code").GetString().ShouldBe("2");
        calls[1].TryGetProperty("namespace", out _).ShouldBeFalse();
        sent.Answer.ShouldNotContain("mcp__repl__js");
        if (streamed) sent.Answer.Split("response.output_item.added")[2].ShouldContain("\"namespace\":\"mcp__repl\"");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FreeTextTool_OfAGroup_ComesBackAsOne(bool streamed)
    {
        await using var probe = await RequestProbe.StartAsync(answer: request => ToolCallAnswers.Of(request, streamed, ("mcp__repl__patch", """{"input":"*** Begin"}""")));

        var sent = await probe.SendAsync("/v1/responses", $$"""{"model":"ant/claude-sonnet-4-5","stream":{{(streamed ? "true" : "false")}},"tools":[{{Group}}],"input":"go"}""");

        var call = Items(sent, streamed).Single(i => i.GetProperty("type").GetString() == "custom_tool_call");
        (call.GetProperty("name").GetString(), call.GetProperty("namespace").GetString(), call.GetProperty("input").GetString()).ShouldBe(("patch", "mcp__repl", "*** Begin"));
    }

    [Fact]
    public async Task AdditionalTools_AreOffered_AndTheirItemIsNoMessage()
    {
        await using var probe = await RequestProbe.StartAsync(answer: request => ToolCallAnswers.Of(request, false, ("mcp__repl__js", "{}")));

        var sent = await probe.SendAsync("/v1/responses", $$"""{"model":"compat/m","input":[{"type":"additional_tools","role":"developer","tools":[{{Group}}]},{"role":"user","content":"go"}]}""");

        sent["tools.0.function.name"].ShouldBe("mcp__repl__js", sent.Text);
        sent["messages.0.role"].ShouldBe("user");
        sent.Answer.ShouldContain("\"namespace\":\"mcp__repl\"");
        sent.Dropped.ShouldNotContain("input");
    }

    [Fact]
    public async Task NamesOfTwoGroups_ThatMeet_StayApart()
    {
        const string two = """{"type":"namespace","name":"a__b","description":"","tools":[{"type":"function","name":"c","parameters":{"type":"object","properties":{}}}]},{"type":"namespace","name":"a","description":"","tools":[{"type":"function","name":"b__c","parameters":{"type":"object","properties":{}}}]},{"type":"function","name":"a__b__c","parameters":{"type":"object","properties":{}}}""";
        string? second = null;
        await using var probe = await RequestProbe.StartAsync(answer: request =>
        {
            second = JsonDocument.Parse(request.Text).RootElement.GetProperty("tools")[1].GetProperty("function").GetProperty("name").GetString()!;
            return ToolCallAnswers.Of(request, false, (second, "{}"));
        });

        var sent = await probe.SendAsync("/v1/responses", $$"""{"model":"compat/m","tools":[{{two}}],"input":"go"}""");

        string[] names = [.. sent.Json.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("function").GetProperty("name").GetString()!)];
        names.Distinct().Count().ShouldBe(3, sent.Text);
        names[2].ShouldBe("a__b__c");
        var call = Items(sent, false).Single();
        (call.GetProperty("name").GetString(), call.GetProperty("namespace").GetString()).ShouldBe(("b__c", "a"));
    }

    [Theory]
    [InlineData("""{"type":"function","name":"js"}""", "mcp__repl__js")]
    [InlineData("""{"type":"function","name":"js","namespace":"mcp__repl"}""", "mcp__repl__js")]
    public async Task Choice_NamesTheOfferedTool(string choice, string name)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/responses", $$"""{"model":"compat/m","tools":[{{Group}}],"tool_choice":{{choice}},"input":"go"}""");

        sent["tool_choice.function.name"].ShouldBe(name, sent.Text);
        sent.Dropped.ShouldNotContain("tool_choice");
    }

    [Fact]
    public async Task ServersSearch_IsLeftOut_ForAllToolsAreInSight()
    {
        await using var probe = await RequestProbe.StartAsync();
        string group = Group.Replace("\"name\":\"js\"", "\"name\":\"js\",\"defer_loading\":true", StringComparison.Ordinal);

        var sent = await probe.SendAsync("/v1/responses", $$"""
            {"model":"ant/claude-sonnet-4-5","tools":[{{group}},{"type":"tool_search"}],"input":[{"role":"user","content":"go"},{"type":"tool_search_call","execution":"server","call_id":null,"id":"tsc_1","arguments":{"paths":["mcp__repl"]},"status":"completed"},
            {"type":"tool_search_output","execution":"server","call_id":null,"id":"tso_1","tools":[{{group}}],"status":"completed"},{"role":"user","content":"again"}]}
            """);

        sent.Json.GetProperty("tools").GetArrayLength().ShouldBe(2, sent.Text);
        sent["messages"]!.ShouldNotContain("search");
        sent.Dropped.ShouldNotContain("defer");
        sent.Dropped.ShouldNotContain("search");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientsSearch_IsAToolLikeOthers_AndWhatItFoundIsOffered(bool streamed)
    {
        await using var probe = await RequestProbe.StartAsync(answer: request => ToolCallAnswers.Of(request, streamed, ("tool_search", """{"query":"mail"}""")));

        var sent = await probe.SendAsync("/v1/responses", $$"""
            {"model":"compat/m","stream":{{(streamed ? "true" : "false")}},"tools":[{"type":"tool_search","execution":"client","description":"finds","parameters":{"type":"object","properties":{"query":{"type":"string"} } } }],
            "input":[{"role":"user","content":"go"},{"type":"tool_search_call","execution":"client","call_id":"call_0","arguments":{"query":"js"} },{"type":"tool_search_output","execution":"client","call_id":"call_0","tools":[{{Group}}]}]}
            """);

        sent.Json.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty(t.GetProperty("type").GetString()!).GetProperty("name").GetString()).ShouldBe(["mcp__repl__js", "mcp__repl__patch", "tool_search"], ignoreOrder: true);
        sent["messages.1.tool_calls.0.function.arguments"].ShouldBe("""{"query":"js"}""");
        sent["messages.2.content"].ShouldBe("Tools that can be called now: mcp__repl__js, mcp__repl__patch");
        var call = Items(sent, streamed).Single();
        call.GetProperty("type").GetString().ShouldBe("tool_search_call");
        call.GetProperty("execution").GetString().ShouldBe("client");
        call.GetProperty("arguments").GetProperty("query").GetString().ShouldBe("mail");
    }

    [Fact]
    public async Task OwnFormat_KeepsGroupsAsTheyAre()
    {
        await using var probe = await RequestProbe.StartAsync();
        string body = $$"""{"model":"both/m","tools":[{{Group}}],"input":[{{History}}]}""";

        (await probe.SendAsync("/v1/responses", body)).Text.ShouldBe(body.Replace("both/m", "m", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GroupWithoutAName_IsRefused_WithItsPlace()
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/responses", """{"model":"compat/m","tools":[{"type":"namespace","tools":[]}],"input":"go"}""");

        sent.Status.ShouldBe(400);
        sent.Answer.ShouldContain("tools[0].name");
    }

    private static IEnumerable<JsonElement> Items(Probed sent, bool streamed)
    {
        string json = streamed ? sent.Answer.Split("data: ").Single(e => e.StartsWith("{\"type\":\"response.completed\"", StringComparison.Ordinal)) : sent.Answer;
        var root = JsonDocument.Parse(json).RootElement;
        return [.. (streamed ? root.GetProperty("response") : root).GetProperty("output").EnumerateArray()];
    }
}
