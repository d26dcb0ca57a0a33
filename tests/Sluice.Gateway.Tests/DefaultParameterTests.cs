namespace Sluice.Gateway.Tests;

/// <summary>Default parameters of the configuration: each stands where the format of the upstream has it, and nowhere else.</summary>
public sealed class DefaultParameterTests
{
    private const string Defaults = "defaults: { params: { temperature: 0.7, max_tokens: 1000, stop: END } }";
    private const string Chat = """{"model":"MODEL","messages":[{"role":"user","content":"Hi"}]}""";
    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""";

    [Theory]
    [InlineData("/v1/chat/completions", Chat, "oai/m", "temperature", "max_tokens", "stop", "END")]
    [InlineData("/v1/messages", """{"model":"MODEL","messages":[{"role":"user","content":"Hi"}]}""", "ant/m", "temperature", "max_tokens", "stop_sequences", "[\"END\"]")]
    [InlineData("/v1beta/models/gem/m:generateContent", Gemini, "gem/m", "generationConfig.temperature", "generationConfig.maxOutputTokens", "generationConfig.stopSequences", "[\"END\"]")]
    [InlineData("/api/chat", """{"model":"MODEL","stream":false,"messages":[{"role":"user","content":"Hi"}]}""", "oll/m", "options.temperature", "options.num_predict", "options.stop", "END")]
    [InlineData("/v1/chat/completions", Chat, "gem/m", "generationConfig.temperature", "generationConfig.maxOutputTokens", "generationConfig.stopSequences", "[\"END\"]")]
    [InlineData("/v1/chat/completions", Chat, "oll/m", "options.temperature", "options.num_predict", "options.stop", "[\"END\"]")]
    [InlineData("/v1/chat/completions", Chat, "coh/m", "temperature", "max_tokens", "stop_sequences", "[\"END\"]")]
    public async Task Default_StandsWhereTheFormatHasIt(string path, string body, string model, string temperature, string limit, string stop, string stopValue)
    {
        await using var probe = await RequestProbe.StartAsync(Defaults);

        var sent = await probe.SendAsync(path, body.Replace("MODEL", model, StringComparison.Ordinal));

        sent[temperature].ShouldBe("0.7", sent.Text);
        sent[limit].ShouldBe("1000");
        sent[stop].ShouldBe(stopValue);
        sent.Dropped.ShouldBeEmpty();
    }

    [Fact]
    public async Task Default_OfAResponsesCall_HasItsNames()
    {
        await using var probe = await RequestProbe.StartAsync("defaults: { params: { max_tokens: 1000, reasoning_effort: low, verbosity: low, stop: END } }");

        var sent = await probe.SendAsync("/v1/responses", """{"model":"both/gpt-5.4","input":"Hi","reasoning":{"summary":"auto"}}""");

        sent["max_output_tokens"].ShouldBe("1000", sent.Text);
        sent["reasoning"].ShouldBe("""{"summary":"auto","effort":"low"}""");
        sent["text.verbosity"].ShouldBe("low");
        sent["stop"].ShouldBeNull();
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"oai/m","max_completion_tokens":5,"temperature":0,"stop":["X"],"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("/v1beta/models/gem/m:generateContent", """{"generation_config":{"max_output_tokens":5,"temperature":0,"stopSequences":["X"]},"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""")]
    [InlineData("/v1beta/models/gem/m:generateContent", """{"generationConfig":{"maxOutputTokens":5,"temperature":0,"stop_sequences":["X"]},"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""")]
    [InlineData("/api/chat", """{"model":"oll/m","stream":false,"options":{"num_predict":5,"temperature":0,"stop":["X"]},"messages":[{"role":"user","content":"Hi"}]}""")]
    public async Task WhatTheClientGives_Stays(string path, string body)
    {
        await using var probe = await RequestProbe.StartAsync(Defaults);

        var sent = await probe.SendAsync(path, body);

        sent.Text.ShouldBe(body.Replace("oai/m", "m", StringComparison.Ordinal).Replace("oll/m", "m", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"oai/m","input":"Hi"}""")]
    [InlineData("/v1/embeddings", """{"model":"gem/m","input":"Hi"}""")]
    [InlineData("/api/embed", """{"model":"oll/m","input":"Hi"}""")]
    [InlineData("/v1beta/models/gem/m:embedContent", """{"content":{"parts":[{"text":"Hi"}]}}""")]
    [InlineData("/v1/messages/count_tokens", """{"model":"ant/m","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("/v1/messages/count_tokens", """{"model":"gem/m","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("/v1beta/models/gem/m:countTokens", Gemini)]
    [InlineData("/v1beta/models/ant/m:countTokens", Gemini)]
    public async Task ChatDefaults_AreNotSentToOtherOperations(string path, string body)
    {
        await using var probe = await RequestProbe.StartAsync("defaults: { params: { temperature: 0.7, max_tokens: 1000, stop: END, repetition_penalty: 1.1 } }");

        var sent = await probe.SendAsync(path, body);

        sent.Status.ShouldBe(200, sent.Answer);
        sent.Path.ShouldNotBeEmpty();
        foreach (string word in (string[])["temperature", "okens\":", "top", "onfig", "options", "penalty"]) sent.Text.ShouldNotContain(word);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Chat, "compat/m", "repetition_penalty")]
    [InlineData("/v1/messages", """{"model":"compat/m","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""", "", "repetition_penalty")]
    [InlineData("/api/chat", """{"model":"oll/m","stream":false,"messages":[{"role":"user","content":"Hi"}]}""", "", "options.repetition_penalty")]
    [InlineData("/v1/chat/completions", Chat, "oll/m", "options.repetition_penalty")]
    public async Task UnknownName_IsSentAsItIs(string path, string body, string model, string place)
    {
        await using var probe = await RequestProbe.StartAsync("defaults: { params: { repetition_penalty: 1.1 } }");

        var sent = await probe.SendAsync(path, body.Replace("MODEL", model, StringComparison.Ordinal));

        sent[place].ShouldBe("1.1", sent.Text);
    }

    [Fact]
    public async Task Dimensions_AreADefaultOfEmbeddingsAlone()
    {
        await using var probe = await RequestProbe.StartAsync("defaults: { params: { dimensions: 256 } }");

        (await probe.SendAsync("/v1/embeddings", """{"model":"oai/m","input":"Hi"}"""))["dimensions"].ShouldBe("256");
        (await probe.SendAsync("/v1beta/models/gem/m:embedContent", """{"content":{"parts":[{"text":"Hi"}]}}"""))["outputDimensionality"].ShouldBe("256");
        (await probe.SendAsync("/v1/embeddings", """{"model":"gem/m","input":"Hi"}""")).Text.ShouldContain("256");
        (await probe.SendAsync("/v1/chat/completions", Chat.Replace("MODEL", "oai/m", StringComparison.Ordinal)))["dimensions"].ShouldBeNull();
    }

    [Fact]
    public async Task RuleForParameters_SpellsThemForTheDialect_AndDefaultAndRuleMeet()
    {
        await using var probe = await RequestProbe.StartAsync("""
            defaults: { params: { top_p: 0.5 } }
            transforms: [{ on: request, params: { force: { temperature: 0 }, default: { max_tokens: 9 } } }]
            """);

        var sent = await probe.SendAsync("/v1beta/models/gem/gemini-2.5-flash:generateContent", """{"generationConfig":{"presencePenalty":1},"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""");

        sent["generationConfig"].ShouldBe("""{"temperature":0,"maxOutputTokens":9,"topP":0.5}""", sent.Text);
        sent.Dropped.ShouldContain("presence_penalty");
    }
}
