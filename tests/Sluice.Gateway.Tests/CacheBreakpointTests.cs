namespace Sluice.Gateway.Tests;

/// <summary>Prompt-cache markers reach the OpenAI models that know them, as OpenAI's own; no other model and no other vendor ever sees one.</summary>
public sealed class CacheBreakpointTests
{
    private const string Explicit = """{"mode":"explicit"}""";

    private const string Claude = """
        {"model":"MODEL","max_tokens":5,"system":[{"type":"text","text":"RULE","cache_control":{"type":"ephemeral"}}],
        "messages":[{"role":"user","content":[{"type":"text","text":"go","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{} }]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","cache_control":{"type":"ephemeral"},"content":"1"}]}]}
        """;

    [Fact]
    public async Task MessagesClient_ToChat()
    {
        var sent = await SendAsync("/v1/messages", Claude, "oai/gpt-5.6-sol");

        sent["messages.0.content.0.prompt_cache_breakpoint"].ShouldBe(Explicit, sent.Text);
        sent["messages.1.content.0.prompt_cache_breakpoint"].ShouldBe(Explicit);
        sent["messages.3.content.0.prompt_cache_breakpoint"].ShouldBe(Explicit);
        sent.Text.ShouldNotContain("cache_control");
        sent.Dropped.ShouldNotContain("cache");
    }

    [Fact]
    public async Task MessagesClient_ToResponses()
    {
        var sent = await SendAsync("/v1/messages", Claude, "res/gpt-5.6-sol");

        sent.Path.ShouldEndWith("/responses");
        sent["input.0.content.0.prompt_cache_breakpoint"].ShouldBe(Explicit, sent.Text);
        sent["input.1.content.0.prompt_cache_breakpoint"].ShouldBe(Explicit);
        sent["input.3.output.0.prompt_cache_breakpoint"].ShouldBe(Explicit);
        sent.Dropped.ShouldNotContain("cache");
    }

    [Theory]
    [InlineData("oai/gpt-4.1")]
    [InlineData("res/gpt-4.1")]
    [InlineData("compat/gpt-5.6-sol")]
    [InlineData("groq/gpt-5.6-sol")]
    public async Task ModelThatDoesNotKnowThem_GetsNone_AndItIsTold(string model)
    {
        var sent = await SendAsync("/v1/messages", Claude, model);

        sent.Text.ShouldNotContain("breakpoint");
        sent.Dropped.ShouldContain("cache");
    }

    [Theory]
    [InlineData("oai/gpt-5.6-sol", true)]
    [InlineData("oai/gpt-4.1", false)]
    public async Task ResponsesClient_ToChat(string model, bool knows)
    {
        var sent = await SendAsync("/v1/responses", """{"model":"MODEL","input":[{"role":"user","content":[{"type":"input_text","text":"go","prompt_cache_breakpoint":{"mode":"explicit"}}]}]}""", model);

        if (knows) sent["messages.0.content.0.prompt_cache_breakpoint"].ShouldBe(Explicit, sent.Text);
        else sent.Text.ShouldNotContain("breakpoint");
    }

    [Theory]
    [InlineData("res/gpt-5.6-sol", "input.0.content.0.prompt_cache_breakpoint", Explicit)]
    [InlineData("ant/claude-haiku-4-5", "messages.0.content.0.cache_control", """{"type":"ephemeral"}""")]
    public async Task ChatClient_ToOthers(string model, string place, string marker)
    {
        var sent = await SendAsync("/v1/chat/completions", """{"model":"MODEL","messages":[{"role":"user","content":[{"type":"text","text":"go","prompt_cache_breakpoint":{"mode":"explicit"}}]}]}""", model);

        sent[place].ShouldBe(marker, sent.Text);
        sent.Dropped.ShouldNotContain("cache");
    }

    private static async Task<Probed> SendAsync(string path, string body, string model)
    {
        await using var probe = await RequestProbe.StartAsync(providers: """
            providers:
              oai:    { type: openai, base_url: "URL/v1", api_key: k, formats: [openai-chat] }
              res:    { type: openai-responses, base_url: "URL/v1", api_key: k }
              compat: { type: openai-compatible, base_url: "URL/v1", api_key: k }
              groq:   { type: groq, base_url: "URL/v1", api_key: k }
              ant:    { type: anthropic, base_url: "URL", api_key: k }
            """);

        return await probe.SendAsync(path, body.Replace("MODEL", model, StringComparison.Ordinal));
    }
}
