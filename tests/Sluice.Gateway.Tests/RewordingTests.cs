namespace Sluice.Gateway.Tests;

/// <summary>What agents say in their vendor's own words reaches other vendors in theirs; what is malformed is refused with its place.</summary>
public sealed class RewordingTests
{
    [Theory]
    [InlineData("compat/m")]
    [InlineData("gem/gemini-2.5-flash")]
    [InlineData("both/gpt-4.1")]
    public async Task ClaudeCodesOwnWords_BecomePlainOnes(string model)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/messages", $$"""
            {"model":"{{model}}","max_tokens":5,"system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=1"},{"type":"text","text":"RULE"}],"tools":[{"name":"mail","defer_loading":true,"input_schema":{"type":"object"} }],
            "messages":[{"role":"user","content":"go"},{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"ToolSearch","input":{} }]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"tool_reference","tool_name":"mail"},{"type":"tool_reference","tool_name":"post"}]}]}]}
            """);

        sent.Status.ShouldBe(200, sent.Answer);
        sent.Text.ShouldContain("Tools that can be called now: mail, post");
        sent.Text.ShouldContain("RULE");
        sent.Text.ShouldNotContain("billing");
        foreach (string word in (string[])["tool_reference", "defer_loading", "messages["]) sent.Dropped.ShouldNotContain(word);
    }

    [Fact]
    public async Task OwnVendor_GetsItsOwnWords()
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/messages", """{"model":"ant/claude-haiku-4-5","max_tokens":5,"system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=1"}],"messages":[{"role":"user","content":"go"}]}""");

        sent.Text.ShouldContain("x-anthropic-billing-header");
    }

    [Fact]
    public async Task CacheMarkers_BesideContentAndInCalls_ReachAnthropic()
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/chat/completions", """
            {"model":"ant/claude-haiku-4-5","messages":[{"role":"system","content":"RULE","cache_control":{"type":"ephemeral"}},{"role":"user","content":"go","cache_control":{"type":"ephemeral","ttl":"1h"}},
            {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","cache_control":{"type":"ephemeral"},"function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"1","cache_control":{"type":"ephemeral"}}]}
            """);

        sent["system.0.cache_control.type"].ShouldBe("ephemeral", sent.Text);
        sent["messages.0.content.0.cache_control.ttl"].ShouldBe("1h");
        sent["messages.1.content.0.cache_control.type"].ShouldBe("ephemeral");
        sent["messages.2.content.0.cache_control.type"].ShouldBe("ephemeral");
        sent.Dropped.ShouldNotContain("cache_control");
    }

    [Theory]
    [InlineData("compat/m", "tools.0.function.parameters", "response_format.json_schema.schema")]
    [InlineData("oll/m", "tools.0.function.parameters", "format")]
    public async Task TypesInUpperCase_AreLowered(string model, string tool, string answer)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync($"/v1beta/models/{model}:generateContent", """
            {"contents":[{"role":"user","parts":[{"text":"hi"}]}],"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}}]}],
            "generationConfig":{"responseMimeType":"application/json","responseJsonSchema":{"type":"OBJECT","properties":{"b":{"type":["STRING","NULL"]}}}}}
            """);

        sent[tool].ShouldBe("""{"type":"object","properties":{"a":{"type":"string"}}}""", sent.Text);
        sent[answer].ShouldBe("""{"type":"object","properties":{"b":{"type":["string","null"]}}}""");
    }

    [Theory]
    [InlineData("ant/claude-haiku-4-5", """ "presence_penalty":0,"frequency_penalty":0,"n":1,"logprobs":false,"logit_bias":{},"metadata":{} """)]
    [InlineData("mis/m", """ "logprobs":false,"logit_bias":{},"metadata":{} """)]
    [InlineData("coh/m", """ "n":1,"logit_bias":{},"metadata":{} """)]
    public async Task NeutralValues_AreNoLosses(string model, string settings)
    {
        await using var probe = await RequestProbe.StartAsync();
        string body = $$"""{"model":"{{model}}",{{settings}},"max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""";

        var sent = await probe.SendAsync("/v1/chat/completions", body, ("x-sluice-strict", "true"));

        sent.Status.ShouldBe(200, sent.Answer);
        foreach (string name in (string[])["penalty", "n,", "logprobs", "logit_bias", "metadata"]) (sent.Dropped + ",").ShouldNotContain(name);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("0.0", true)]
    [InlineData("0.5", false)]
    public async Task NeutralPenalty_OfTheSameFormat_IsNoLoss(string penalty, bool passes)
    {
        await using var probe = await RequestProbe.StartAsync();
        string body = $$"""{"model":"oai/o3","presence_penalty":{{penalty}},"frequency_penalty":{{penalty}},"logprobs":false,"logit_bias":{ },"messages":[{"role":"user","content":"hi"}]}""";

        var sent = await probe.SendAsync("/v1/chat/completions", body, ("x-sluice-strict", "true"));

        sent.Status.ShouldBe(passes ? 200 : 400, sent.Answer);
        foreach (string name in (string[])["penalty", "logprobs", "logit_bias"]) sent.Text.ShouldNotContain(name);
    }

    [Theory]
    [InlineData("""{"type":"base64","data":"aGk="}""", "messages[0].content[0].source.media_type")]
    [InlineData("""{"type":"ftp","url":"x"}""", "messages[0].content[0].source.type")]
    [InlineData("""{"type":"url"}""", "messages[0].content[0].source.url")]
    public async Task MalformedPicture_IsRefused_WithItsPlace(string source, string place)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/messages", $$"""{"model":"both/gpt-4.1","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{{source}} }]}]}""");

        sent.Status.ShouldBe(400, sent.Text);
        sent.Answer.ShouldContain(place);
        sent.Path.ShouldBeEmpty();
    }
}
