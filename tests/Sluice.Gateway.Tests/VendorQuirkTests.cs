namespace Sluice.Gateway.Tests;

/// <summary>What a vendor's servers refuse though their format has it is mended before it is sent, on the same-format lane too, and told.</summary>
public sealed class VendorQuirkTests
{
    private const string Providers = """
        providers:
          ds:     { type: deepseek, base_url: "URL/v1", api_key: k }
          din:    { type: deepinfra, base_url: "URL", api_key: k }
          mis:    { type: mistral, base_url: "URL/v1", api_key: k }
          oai:    { type: openai, base_url: "URL/v1", api_key: k }
          both:   { type: openai, base_url: "URL/v1", api_key: k, formats: [openai-chat, openai-responses] }
          compat: { type: openai-compatible, base_url: "URL/v1", api_key: k }
          strict: { type: openai-compatible, base_url: "URL/v1", api_key: k, quirks: { roles: { developer: user }, lengths: { user: 20 } } }
          tamed:  { type: deepseek, base_url: "URL/v1", api_key: k, quirks: { roles: { developer: developer } } }
          ortr:   { type: openrouter, base_url: "URL/v1", api_key: k }
          ant:    { type: anthropic, base_url: "URL", api_key: k }
          gem:    { type: gemini, base_url: "URL", api_key: k }
        """;

    private static readonly string Long = new('u', 300);

    [Theory]
    [InlineData("ds/deepseek-chat", "system")]
    [InlineData("din/m", "system")]
    [InlineData("mis/m", "system")]
    [InlineData("strict/m", "user")]
    [InlineData("compat/m", "developer")]
    [InlineData("tamed/m", "developer")]
    [InlineData("oai/gpt-4.1", "developer")]
    public async Task RefusedRole_IsReplaced_AndNothingElseIsTouched(string model, string role)
    {
        await using var probe = await StartAsync();
        string body = $$"""{"model":"{{model}}", "messages":[ {"content":"the role is \"developer\"", "role":"developer"},{"role":"user","content":[{"type":"text","text":"developer"}]}]}""";

        var sent = await probe.SendAsync("/v1/chat/completions", body);

        sent["messages.0.role"].ShouldBe(role, sent.Text);
        sent["messages.0.content"].ShouldBe("the role is \"developer\"");
        if (!model.StartsWith("mis", StringComparison.Ordinal)) sent.Text.ShouldBe(body.Replace(model, model.Split('/', 2)[1], StringComparison.Ordinal).Replace("\"role\":\"developer\"", $"\"role\":\"{role}\"", StringComparison.Ordinal));
        sent.Dropped.Contains("role", StringComparison.Ordinal).ShouldBe(role == "user");
    }

    [Theory]
    [InlineData("ds/deepseek-chat")]
    [InlineData("compat/m")]
    [InlineData("mis/m")]
    public async Task RefusedRole_OfAnotherFormat_IsSystem(string model)
    {
        await using var probe = await StartAsync();

        var sent = await probe.SendAsync("/v1/responses", $$"""{"model":"{{model}}","input":[{"role":"developer","content":"RULE"},{"role":"user","content":"hi"}]}""");

        sent["messages.0.role"].ShouldBe("system", sent.Text);
    }

    [Theory]
    [InlineData("/v1/messages", "oai/gpt-4.1", """{"model":"MODEL","max_tokens":5,"metadata":{"user_id":"LONG"},"messages":[{"role":"user","content":"hi"}]}""", "user", 64)]
    [InlineData("/v1/messages", "ortr/x/y", """{"model":"MODEL","max_tokens":5,"metadata":{"user_id":"LONG"},"messages":[{"role":"user","content":"hi"}]}""", "user", 64)]
    [InlineData("/v1/messages", "compat/m", """{"model":"MODEL","max_tokens":5,"metadata":{"user_id":"LONG"},"messages":[{"role":"user","content":"hi"}]}""", "user", 64)]
    [InlineData("/v1/messages", "ant/m", """{"model":"MODEL","max_tokens":5,"metadata":{"user_id":"LONG"},"messages":[{"role":"user","content":"hi"}]}""", "metadata.user_id", 64)]
    [InlineData("/v1/chat/completions", "oai/gpt-4.1", """{"model":"MODEL","user":"LONG","messages":[{"role":"user","content":"hi"}]}""", "user", 64)]
    [InlineData("/v1/chat/completions", "oai/gpt-4.1", """{"model":"MODEL","prompt_cache_key":"LONG","messages":[{"role":"user","content":"hi"}]}""", "prompt_cache_key", 64)]
    [InlineData("/v1/chat/completions", "oai/gpt-4.1", """{"model":"MODEL","safety_identifier":"LONG","messages":[{"role":"user","content":"hi"}]}""", "safety_identifier", 64)]
    [InlineData("/v1/responses", "both/gpt-4.1", """{"model":"MODEL","prompt_cache_key":"LONG","input":"hi"}""", "prompt_cache_key", 64)]
    [InlineData("/v1/responses", "compat/m", """{"model":"MODEL","user":"LONG","input":"hi"}""", "user", 64)]
    [InlineData("/v1/chat/completions", "compat/m", """{"model":"MODEL","user":"LONG","messages":[{"role":"user","content":"hi"}]}""", "user", 300)]
    [InlineData("/v1/chat/completions", "strict/m", """{"model":"MODEL","user":"LONG","messages":[{"role":"user","content":"hi"}]}""", "user", 20)]
    public async Task TooLongText_IsItsDigest_AndTold(string path, string model, string body, string place, int length)
    {
        await using var probe = await StartAsync();

        var sent = await probe.SendAsync(path, body.Replace("MODEL", model, StringComparison.Ordinal).Replace("LONG", Long, StringComparison.Ordinal));
        var other = await probe.SendAsync(path, body.Replace("MODEL", model, StringComparison.Ordinal).Replace("LONG", Long + "2", StringComparison.Ordinal));

        sent[place]!.Length.ShouldBe(length, sent.Text);
        if (length == 300) sent.Dropped.ShouldBeEmpty();
        else sent.Dropped.ShouldContain(place == "metadata.user_id" ? "user" : place);
        other[place].ShouldNotBe(sent[place]);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"oai/gpt-4.1","metadata":{"a":"1","b":"LONG","LONGKEY":"3"},"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/responses", """{"model":"both/gpt-4.1","metadata":{"a":"1","b":"LONG","LONGKEY":"3"},"input":"hi"}""")]
    [InlineData("/v1/responses", """{"model":"oai/gpt-4.1","metadata":{"a":"1","b":"LONG","LONGKEY":"3"},"input":"hi"}""")]
    public async Task TooLongLabels_AreLeftOut(string path, string body)
    {
        await using var probe = await StartAsync();

        var sent = await probe.SendAsync(path, body.Replace("LONGKEY", new string('k', 65), StringComparison.Ordinal).Replace("LONG", new string('v', 513), StringComparison.Ordinal));

        sent["metadata"].ShouldBe("""{"a":"1"}""", sent.Text);
        sent.Dropped.ShouldContain("metadata");
    }

    [Theory]
    [InlineData("/v1/messages", """{"model":"oai/gpt-4o","max_tokens":32000,"messages":[{"role":"user","content":"hi"}]}""", "max_completion_tokens", "16384")]
    [InlineData("/v1/messages", """{"model":"both/gpt-4o-mini","max_tokens":32000,"messages":[{"role":"user","content":"hi"}]}""", "max_completion_tokens", "16384")]
    [InlineData("/v1/chat/completions", """{"model":"oai/gpt-4o","max_tokens":32000,"messages":[{"role":"user","content":"hi"}]}""", "max_tokens", "16384")]
    [InlineData("/v1/chat/completions", """{"model":"oai/gpt-4o","max_completion_tokens":32000,"messages":[{"role":"user","content":"hi"}]}""", "max_completion_tokens", "16384")]
    [InlineData("/v1/chat/completions", """{"model":"oai/gpt-5","max_tokens":999999,"messages":[{"role":"user","content":"hi"}]}""", "max_completion_tokens", "128000")]
    [InlineData("/v1/responses", """{"model":"both/gpt-4o","max_output_tokens":32000,"input":"hi"}""", "max_output_tokens", "16384")]
    [InlineData("/v1/chat/completions", """{"model":"ant/claude-haiku-4-5","max_tokens":100000,"messages":[{"role":"user","content":"hi"}]}""", "max_tokens", "64000")]
    [InlineData("/v1/messages", """{"model":"ant/claude-haiku-4-5","max_tokens":100000,"messages":[{"role":"user","content":"hi"}]}""", "max_tokens", "64000")]
    [InlineData("/v1beta/models/gem/gemini-2.5-flash:generateContent", """{"generation_config":{"max_output_tokens":999999},"contents":[{"role":"user","parts":[{"text":"hi"}]}]}""", "generation_config.max_output_tokens", "65536")]
    [InlineData("/v1/chat/completions", """{"model":"gem/gemini-2.5-flash","max_tokens":999999,"messages":[{"role":"user","content":"hi"}]}""", "generationConfig.maxOutputTokens", "65536")]
    public async Task LimitAboveTheModels_IsLowered_AndTold(string path, string body, string place, string limit)
    {
        await using var probe = await StartAsync();

        var sent = await probe.SendAsync(path, body);

        sent[place].ShouldBe(limit, sent.Text);
        sent.Dropped.ShouldContain("max_tokens");
    }

    [Theory]
    [InlineData("oai/gpt-4o", 16384)]
    [InlineData("oai/unheard-of", 9_000_000)]
    [InlineData("compat/gpt-4o", 32000)]
    public async Task LimitThatIsTaken_OrOfAnUnknownModel_Stays(string model, long limit)
    {
        await using var probe = await StartAsync();

        var sent = await probe.SendAsync("/v1/chat/completions", $$"""{"model":"{{model}}","max_tokens":{{limit}},"messages":[{"role":"user","content":"hi"}]}""");

        sent["max_tokens"].ShouldBe(limit.ToString(System.Globalization.CultureInfo.InvariantCulture), sent.Text);
        sent.Dropped.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/messages", """{"model":"ant/claude-haiku-4-5","max_tokens":100000,"thinking":{"type":"enabled","budget_tokens":90000},"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"ant/claude-haiku-4-5","max_tokens":63000,"reasoning":{"max_tokens":64000},"messages":[{"role":"user","content":"hi"}]}""")]
    public async Task BudgetOfThinking_StaysBelowTheLimit(string path, string body)
    {
        await using var probe = await StartAsync();

        var sent = await probe.SendAsync(path, body);

        sent["max_tokens"].ShouldBe("64000", sent.Text);
        long.Parse(sent["thinking.budget_tokens"]!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeLessThan(64000);
    }

    [Fact]
    public async Task DefaultLimit_AboveTheModels_IsLoweredInSilence()
    {
        await using var probe = await StartAsync("defaults: { params: { max_tokens: 32000 } }");

        foreach (string path in (string[])["/v1/chat/completions", "/v1/responses"])
        {
            var sent = await probe.SendAsync(path, """{"model":"oai/gpt-4o","messages":[{"role":"user","content":"hi"}],"input":"hi"}""");
            (sent["max_tokens"] ?? sent["max_completion_tokens"]).ShouldBe("16384", sent.Text);
            sent.Dropped.ShouldNotContain("max_tokens");
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"oai/gpt-4.1","tools":[],"tool_choice":"auto","parallel_tool_calls":false,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"ant/claude-haiku-4-5","tools":[],"tool_choice":"auto","parallel_tool_calls":false,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"gem/gemini-2.5-flash","tools":[],"tool_choice":"auto","parallel_tool_calls":false,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"gem/gemini-2.5-flash","tool_choice":"none","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/messages", """{"model":"compat/m","max_tokens":5,"tools":[],"tool_choice":{"type":"auto","disable_parallel_tool_use":true},"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/messages", """{"model":"oai/gpt-4.1","max_tokens":5,"tools":[{"type":"computer_20250124","name":"computer"}],"tool_choice":{"type":"any","disable_parallel_tool_use":true},"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v1/responses", """{"model":"ant/claude-haiku-4-5","tools":[{"type":"image_generation"}],"tool_choice":"required","parallel_tool_calls":false,"input":"hi"}""")]
    [InlineData("/v1/responses", """{"model":"gem/gemini-2.5-flash","tools":[],"tool_choice":"auto","parallel_tool_calls":true,"input":"hi"}""")]
    public async Task ChoiceWithoutTools_IsNotSent(string path, string body)
    {
        await using var probe = await StartAsync();

        var sent = await probe.SendAsync(path, body);

        sent.Status.ShouldBe(200, sent.Answer);
        foreach (string member in (string[])["tools", "tool_choice", "toolConfig", "parallel_tool_calls", "functionCallingConfig"]) sent.Text.ShouldNotContain($"\"{member}\"");
    }

    [Fact]
    public async Task GoogleSearchAlone_HasNoChoice_AndNoneStaysNone()
    {
        await using var probe = await StartAsync();

        var search = await probe.SendAsync("/v1/messages", """{"model":"gem/gemini-2.5-flash","max_tokens":5,"tools":[{"type":"web_search_20250305","name":"web_search"}],"tool_choice":{"type":"auto"},"messages":[{"role":"user","content":"hi"}]}""");
        var none = await probe.SendAsync("/v1/chat/completions", """{"model":"ant/claude-haiku-4-5","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}],"tool_choice":"none","messages":[{"role":"user","content":"hi"}]}""");

        search["toolConfig"].ShouldBeNull(search.Text);
        search["tools.0.googleSearch"].ShouldBe("{}");
        none["tool_choice.type"].ShouldBe("none", none.Text);
    }

    private static Task<RequestProbe> StartAsync(string defaults = "") => RequestProbe.StartAsync(defaults, providers: Providers);
}
