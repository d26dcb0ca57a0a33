namespace Sluice.Simulator.Tests;

public sealed class StrictTests
{
    [Theory]
    [InlineData("/openai/v1/chat/completions", """{"model":"m","top_k":4,"messages":[{"role":"user","content":"x"}]}""", 400, "Unrecognized request argument supplied: top_k")]
    [InlineData("/openai/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x","cache_control":{}}]}""", 400, "Unknown parameter: 'messages[0].cache_control'.")]
    [InlineData("/openai/v1/chat/completions", """{"model":"m","response_format":{"type":"json_object"},"messages":[{"role":"user","content":"x"}]}""", 400, "'messages' must contain the word 'json'")]
    [InlineData("/openai/v1/responses", """{"model":"m","input":"x","max_tokens":5}""", 400, "Unknown parameter: 'max_tokens'.")]
    [InlineData("/openai/v1/embeddings", """{"model":"m","input":"x","input_type":"query"}""", 400, "Unrecognized request argument supplied: input_type")]
    [InlineData("/anthropic/v1/messages", """{"model":"m","max_tokens":5,"n":2,"messages":[{"role":"user","content":"x"}]}""", 400, "n: Extra inputs are not permitted")]
    [InlineData("/anthropic/v1/messages", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x","name":"y"}]}""", 400, "messages.0.name: Extra inputs are not permitted")]
    [InlineData("/anthropic/v1/messages", """{"model":"m","max_tokens":5,"tools":[{"name":"f","input_schema":{},"parameters":{}}],"messages":[{"role":"user","content":"x"}]}""", 400, "tools.0.custom.parameters: Extra inputs are not permitted")]
    [InlineData("/gemini/v1beta/models/g:generateContent", """{"contents":[{"parts":[{"text":"x"}]}],"temperature":1}""", 400, "Unknown name \\u0022temperature\\u0022: Cannot find field.")]
    [InlineData("/gemini/v1beta/models/g:generateContent", """{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object","additionalProperties":false}}]}]}""", 400, "at 'tools[0].function_declarations[0].parameters'")]
    [InlineData("/mistral/v1/chat/completions", """{"model":"m","seed":4,"messages":[{"role":"user","content":"x"}]}""", 422, "extra_forbidden")]
    public async Task Member_Unknown_IsRefusedOnlyWhenStrict(string path, string body, int status, string expected)
    {
        await using var strict = await Simulated.StartAsync(new SimulatorOptions { Strict = true });
        var error = await strict.SendAsync(path, body, status);
        error.ToString().ShouldContain(expected.Replace("\\u0022", "\\\"", StringComparison.Ordinal));
        await using var lax = await Simulated.StartAsync();
        await lax.SendAsync(path, body);
    }

    [Fact]
    public async Task Model_NamedStrict_IsCheckedByItself()
    {
        await using var simulated = await Simulated.StartAsync();
        await simulated.SendAsync("/openai/v1/chat/completions", """{"model":"gpt-strict","own":1,"messages":[{"role":"user","content":"x"}]}""", 400);
    }
}
