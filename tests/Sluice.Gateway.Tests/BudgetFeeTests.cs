using System.Net;
using Sluice.Gateway.Hosting;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What a budget sets aside for a call beside the usual price of its tokens.</summary>
public sealed class BudgetFeeTests
{
    private const string Chat = """{"model":"openai/gpt-5.4","max_tokens":1000,"messages":[{"role":"user","content":"Hi"}]""";
    private const string Messages = """{"model":"anthropic/claude-sonnet-5","max_tokens":10,"messages":[{"role":"user","content":"Hi"}]""";
    private const string Gemini = """{"generationConfig":{"maxOutputTokens":10},"contents":[{"role":"user","parts":[{"text":"Hi"}]}]""";
    private const string Responses = """{"model":"openai/gpt-5.4","input":"Hi","max_output_tokens":10""";

    [Theory]
    // 1,000 tokens out cost 1.5 cents, and twice that in the priority class.
    [InlineData("/v1/chat/completions", Chat + "}", true)]
    [InlineData("/v1/chat/completions", Chat + ""","service_tier":"default"}""", true)]
    [InlineData("/v1/chat/completions", Chat + ""","service_tier":"priority"}""", false)]
    // A search costs a cent.
    [InlineData("/v1/messages", Messages + ""","tools":[{"type":"web_search_20250305","name":"web_search","max_uses":1}]}""", true)]
    [InlineData("/v1/messages", Messages + ""","tools":[{"type":"web_search_20250305","name":"web_search","max_uses":5}]}""", false)]
    [InlineData("/v1/messages", Messages + ""","tools":[{"type":"web_search_20250305","name":"web_search"}]}""", false)]
    [InlineData("/v1/messages", Messages + ""","tools":[{"name":"web_search","input_schema":{"type":"object"}}]}""", true)]
    [InlineData("/v1/responses", Responses + ""","tools":[{"type":"web_search"}],"max_tool_calls":1}""", true)]
    [InlineData("/v1/responses", Responses + ""","tools":[{"type":"web_search"}],"max_tool_calls":2}""", false)]
    // 3.5 cents by the prompt.
    [InlineData("/v1beta/models/gemini%2Fgemini-2.5-flash:generateContent", Gemini + ""","tools":[{"googleSearch":{}}]}""", false)]
    [InlineData("/v1beta/models/gemini%2Fgemini-2.5-flash:generateContent", Gemini + ""","tools":[{"functionDeclarations":[{"name":"googleSearch"}]}]}""", true)]
    public async Task Room_IsSetAsideForFeesAndClasses(string path, string body, bool fits)
    {
        using var answer = await PostAsync("", path, body);

        answer.StatusCode.ShouldBe(fits ? HttpStatusCode.OK : HttpStatusCode.PaymentRequired, await TextAsync(answer));
    }

    [Theory]
    [InlineData("", HttpStatusCode.Forbidden)]
    [InlineData("defaults: { unknown_price: allow }", HttpStatusCode.OK)]
    public async Task ToolWithoutAKnownFee_IsRefused_UnlessUnknownPricesAreAllowed(string settings, HttpStatusCode expected)
    {
        using var answer = await PostAsync(settings, "/v1/responses", Responses + ""","tools":[{"type":"code_interpreter","container":{"type":"auto"}}]}""");

        answer.StatusCode.ShouldBe(expected, await TextAsync(answer));
        if (expected != HttpStatusCode.OK) (await TextAsync(answer)).ShouldContain("hosted tool");
    }

    private static async Task<HttpResponseMessage> PostAsync(string settings, string path, string body)
    {
        await using var store = new FaultyStore();
        await using var fake = await FakeUpstream.StartAsync(request => FakeAnswer.Json(
            request.Target.Contains("messages", StringComparison.Ordinal) ? """{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}"""
            : request.Target.Contains("responses", StringComparison.Ordinal) ? """{"id":"r","object":"response","created_at":1,"status":"completed","model":"gpt-5.4","output":[],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}"""
            : request.Target.Contains("generateContent", StringComparison.Ordinal) ? """{"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"totalTokenCount":1}}"""
            : """{"id":"c","object":"chat.completion","created":1,"model":"gpt-5.4","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}"""));
        await fake.GatewayAsync(
            $$"""
            budgets: { total: 0.02 }
            {{settings}}
            providers:
              openai: { base_url: "URL/v1", api_key: k, formats: [openai-chat, openai-responses] }
              anthropic: { base_url: "URL", api_key: k }
              gemini: { base_url: "URL", api_key: k }
            """,
            new GatewayHostOptions { Store = store, Time = new SettableClock() });
        var answer = await fake.Client.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        await answer.Content.LoadIntoBufferAsync();
        return answer;
    }
}
