namespace Sluice.Gateway.Tests;

/// <summary>A vendor with several formats is asked in the one that can carry the call: Responses where tools meet reasoning, and for tools that OpenAI runs.</summary>
public sealed class RicherFormatTests
{
    private const string Tool = """{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}""";
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    [Theory]
    [InlineData("/v1/messages", """{"model":"both/gpt-5.4","max_tokens":5,"tools":[{"type":"web_search_20250305","name":"web_search"}],MESSAGES}""")]
    [InlineData("/v1/messages", """{"model":"both/gpt-5.4","max_tokens":5,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"},"tools":[{"name":"f","input_schema":{"type":"object"}}],MESSAGES}""")]
    [InlineData("/v1/messages", """{"model":"both/gpt-5.6-luna","max_tokens":5,"tools":[{"name":"f","input_schema":{"type":"object"}}],MESSAGES}""")]
    [InlineData("/v1/chat/completions", """{"model":"both/gpt-5.4","reasoning_effort":"low","tools":[TOOL],MESSAGES}""")]
    [InlineData("/v1/chat/completions", """{"model":"both/gpt-5.4","stream":true,"reasoning_effort":"low","tools":[TOOL],MESSAGES}""")]
    [InlineData("/v1beta/models/both/gpt-4.1:generateContent", """{"tools":[{"googleSearch":{}}],"contents":[{"role":"user","parts":[{"text":"hi"}]}]}""")]
    public async Task CallThatChatCompletionsCannotCarry_GoesToResponses(string path, string body)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync(path, Filled(body));

        sent.Path.ShouldBe("/v1/responses", sent.Answer);
        sent["tools.0.type"].ShouldBe(body.Contains("earch", StringComparison.Ordinal) ? "web_search" : "function", sent.Text);
        if (body.Contains("effort", StringComparison.Ordinal)) sent["reasoning.effort"].ShouldNotBeNull();
        sent.Dropped.ShouldNotContain("reasoning");
    }

    [Theory]
    [InlineData("/v1/messages", """{"model":"both/gpt-5.4","max_tokens":5,"tools":[{"name":"f","input_schema":{"type":"object"}}],MESSAGES}""")]
    [InlineData("/v1/messages", """{"model":"both/gpt-5.4","max_tokens":5,"thinking":{"type":"adaptive"},MESSAGES}""")]
    [InlineData("/v1/messages", """{"model":"both/gpt-5.1","max_tokens":5,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"},"tools":[{"name":"f","input_schema":{"type":"object"}}],MESSAGES}""")]
    [InlineData("/v1/chat/completions", """{"model":"both/gpt-5.4","tools":[TOOL],MESSAGES}""")]
    [InlineData("/v1/chat/completions", """{"model":"both/gpt-5.4","reasoning_effort":"none","tools":[TOOL],MESSAGES}""")]
    [InlineData("/v1/chat/completions", """{"model":"both/gpt-5.4","reasoning_effort":"low",MESSAGES}""")]
    [InlineData("/v1/messages", """{"model":"oai/gpt-5.4","max_tokens":5,"tools":[{"type":"web_search_20250305","name":"web_search"}],MESSAGES}""")]
    public async Task OtherCalls_GoToChatCompletions(string path, string body)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync(path, Filled(body));

        sent.Path.ShouldBe("/v1/chat/completions", sent.Answer);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"oai/gpt-5.4","reasoning_effort":"low","tools":[TOOL],MESSAGES}""")]
    [InlineData("/v1/messages", """{"model":"oai/gpt-5.4","max_tokens":5,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"},"tools":[{"name":"f","input_schema":{"type":"object"}}],MESSAGES}""")]
    public async Task ServerWithoutResponses_GetsNoReasoning_AndThatIsTold(string path, string body)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync(path, Filled(body));

        sent["reasoning_effort"].ShouldBe("none", sent.Text);
        sent.Dropped.ShouldContain("reasoning.effort");
    }

    private static string Filled(string body) => body.Replace("TOOL", Tool, StringComparison.Ordinal).Replace("MESSAGES", Messages, StringComparison.Ordinal);
}
