using System.Net;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Bodies that are JSON and not what the dialect asks for: refused before anything is sent, with the path of the field.</summary>
public sealed class BodyFaultTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private const string Messages = """ "messages":[{"role":"user","content":"Hi"}] """;
    private const string Contents = """ "contents":[{"role":"user","parts":[{"text":"Hi"}]}] """;

    /// <summary>The members beside the model, and the path that the error must name.</summary>
    public static TheoryData<string, string, string> Bodies => new()
    {
        { "openai-chat", """ "stream":false """, "messages" },
        { "openai-chat", """ "messages":"Hi" """, "messages" },
        { "openai-chat", """ "messages":["Hi"] """, "messages[0]" },
        { "openai-chat", """ "messages":[{"content":"Hi"}] """, "messages[0].role" },
        { "openai-chat", """ "messages":[{"role":"user","content":5}] """, "messages[0].content" },
        { "openai-chat", """ "messages":[{"role":"user","content":[{"text":"Hi"}]}] """, "messages[0].content[0].type" },
        { "openai-chat", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}] """, "messages[0].content[0].image_url.url" },
        { "openai-chat", """ "messages":[{"role":"user","content":"Hi"},{"role":"tool","content":"x"}] """, "messages[1].tool_call_id" },
        { "openai-chat", Messages + """ ,"temperature":"hot" """, "temperature" },
        { "openai-chat", Messages + """ ,"max_tokens":1.5 """, "max_tokens" },
        { "openai-chat", Messages + """ ,"tools":[{"type":"function","function":{}}] """, "tools[0].function.name" },
        { "openai-responses", """ "stream":false """, "input" },
        { "openai-responses", """ "input":5 """, "input" },
        { "openai-responses", """ "input":["Hi"] """, "input[0]" },
        { "openai-responses", """ "input":[{"content":"Hi"}] """, "input[0].role" },
        { "openai-responses", """ "input":[{"role":"user","content":[{"text":"Hi"}]}] """, "input[0].content[0].type" },
        { "openai-responses", """ "input":[{"type":"function_call","call_id":"a","arguments":"{}"}] """, "input[0].name" },
        { "openai-responses", """ "input":[{"type":"function_call_output","output":"x"}] """, "input[0].call_id" },
        { "openai-responses", """ "input":"Hi","instructions":4 """, "instructions" },
        { "openai-responses", """ "input":"Hi","max_output_tokens":"many" """, "max_output_tokens" },
        { "openai-responses", """ "input":"Hi","tools":[{"type":"function"}] """, "tools[0].name" },
        { "anthropic-messages", """ "max_tokens":5 """, "messages" },
        { "anthropic-messages", """ "messages":"Hi" """, "messages" },
        { "anthropic-messages", """ "messages":[{"content":"Hi"}] """, "messages[0].role" },
        { "anthropic-messages", """ "messages":[{"role":"user","content":[{"type":"text","text":4}]}] """, "messages[0].content[0].text" },
        { "anthropic-messages", """ "messages":[{"role":"user","content":[{"type":"image"}]}] """, "messages[0].content[0].source" },
        { "anthropic-messages", """ "messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","input":{}}]}] """, "messages[0].content[0].name" },
        { "anthropic-messages", """ "messages":[{"role":"user","content":[{"type":"tool_result","content":"x"}]}] """, "messages[0].content[0].tool_use_id" },
        { "anthropic-messages", Messages + """ ,"max_tokens":"5" """, "max_tokens" },
        { "anthropic-messages", Messages + """ ,"system":5 """, "system" },
        { "anthropic-messages", Messages + """ ,"tools":[{"input_schema":{}}] """, "tools[0].name" },
        { "anthropic-messages", Messages + """ ,"tool_choice":"auto" """, "tool_choice" },
        { "gemini-generate", """ "generationConfig":{} """, "contents" },
        { "gemini-generate", """ "contents":"Hi" """, "contents" },
        { "gemini-generate", """ "contents":["Hi"] """, "contents[0]" },
        { "gemini-generate", """ "contents":[{"role":4,"parts":[]}] """, "contents[0].role" },
        { "gemini-generate", """ "contents":[{"parts":["Hi"]}] """, "contents[0].parts[0]" },
        { "gemini-generate", """ "contents":[{"parts":[{"text":5}]}] """, "contents[0].parts[0].text" },
        { "gemini-generate", """ "contents":[{"parts":[{"functionCall":{"args":{}}}]}] """, "contents[0].parts[0].functionCall.name" },
        { "gemini-generate", Contents + """ ,"generationConfig":{"temperature":"hot"} """, "generationConfig.temperature" },
        { "gemini-generate", Contents + """ ,"generationConfig":{"stopSequences":"x"} """, "generationConfig.stopSequences" },
        { "gemini-generate", Contents + """ ,"tools":[{"functionDeclarations":[{}]}] """, "tools[0].functionDeclarations[0].name" },
        { "gemini-generate", Contents + """ ,"systemInstruction":5 """, "systemInstruction" },
        { "ollama-chat", """ "messages":"Hi" """, "messages" },
        { "ollama-chat", """ "messages":["Hi"] """, "messages[0]" },
        { "ollama-chat", """ "messages":[{"content":"Hi"}] """, "messages[0].role" },
        { "ollama-chat", """ "messages":[{"role":"user","content":5}] """, "messages[0].content" },
        { "ollama-chat", """ "messages":[{"role":"user","content":"Hi","images":[5]}] """, "messages[0].images[0]" },
        { "ollama-chat", """ "messages":[{"role":"assistant","tool_calls":[{}]}] """, "messages[0].tool_calls[0].function" },
        { "ollama-chat", Messages + """ ,"options":{"num_predict":"x"} """, "options.num_predict" },
        { "ollama-chat", Messages + """ ,"format":5 """, "format" },
        { "ollama-chat", Messages + """ ,"think":5 """, "think" },
        { "ollama-chat", Messages + """ ,"tools":[{"type":"function","function":{}}] """, "tools[0].function.name" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_WithAFieldThatIsWrong_IsRefusedWithItsPath(string dialect, string members, string path)
    {
        string model = dialect.StartsWith("openai", StringComparison.Ordinal) ? "sim-anthropic/large" : "sim-cohere/large";
        string address = Ask(dialect, model, "").Path;
        string body = dialect == "gemini-generate" ? $"{{{members}}}" : $"{{\"model\":\"{model}\",{members}}}";
        long before = gateway.Simulator.Requests.Received;

        using var answer = await gateway.PostAsync(address, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await JsonAsync(answer)).GetProperty("error");
        string message = (error.ValueKind == JsonValueKind.String ? error : error.GetProperty("message")).GetString()!;
        message.ShouldStartWith(path + ": ");
        if (dialect.StartsWith("openai", StringComparison.Ordinal)) error.GetProperty("param").GetString().ShouldBe(path);
        gateway.Simulator.Requests.Received.ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"model":5,"messages":[]}""")]
    [InlineData("""{"model":"","messages":[]}""")]
    public async Task Model_ThatIsNoName_SaysSo(string body)
    {
        using var answer = await gateway.PostAsync("/v1/chat/completions", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(answer)).GetProperty("error").GetProperty("message").GetString().ShouldBe("model: must be a string that is not empty: name a route, a provider/model or a model");
    }
}
