using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats;
using Sluice.Wire;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A prompt that does not fit is told in the words of the client's dialect, on which agents compact, whatever the vendor said. The vendor's own words stay in it.</summary>
public sealed class OverflowTests
{
    private const string Settings = """
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers:
          chat: { type: openai-compatible, base_url: "URL/v1", api_key: test, formats: [openai-chat] }
          responses: { type: openai-compatible, base_url: "URL/v1", api_key: test, formats: [openai-responses] }
          anthropic: { type: anthropic, base_url: "URL", api_key: test }
          gemini: { type: gemini, base_url: "URL", api_key: test }
          ollama: { type: ollama, base_url: "URL" }
          cohere: { type: cohere, base_url: "URL", api_key: test }
        """;

    /// <summary>Provider, status, body, the vendor's words, and the counts as Claude Code reads them where the vendor tells both.</summary>
    public static TheoryData<string, int, string, string, string?> Vendors => new()
    {
        { "chat", 400, """{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 10,000 tokens (9,000 in the messages).","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", "your messages resulted in", "10000 tokens > 8192 maximum" },
        { "responses", 400, """{"error":{"message":"Your input exceeds the context window of this model. Please adjust your input and try again.","type":"invalid_request_error","param":"input","code":"context_length_exceeded"}}""", "Please adjust your input", null },
        { "chat", 400, """{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.","type":"BadRequestError","param":null,"code":400}""", "you requested 5000", "5000 tokens > 4096 maximum" },
        { "chat", 400, """{"error":{"message":"The decoder prompt (length 5000) is longer than the maximum model length of 4096.","type":"BadRequestError","param":null,"code":400}}""", "decoder prompt", "5000 tokens > 4096 maximum" },
        { "chat", 400, """{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","param":null,"code":"3051"}""", "draft tokens", "40000 tokens > 32768 maximum" },
        { "chat", 400, """{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", "reduce the length", null },
        { "chat", 400, """{"error":{"message":"This model's maximum context length is 65536 tokens. However, you requested 70000 tokens.","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""", "you requested 70000", "70000 tokens > 65536 maximum" },
        { "chat", 400, """{"error":{"code":400,"message":"the request exceeds the available context size. try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":8192}}""", "available context size", null },
        { "chat", 400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"Input is too long for requested model.","provider_name":"Amazon Bedrock"}}}""", "Input is too long for requested model", null },
        { "chat", 400, """{"code":"invalid-argument","error":"This model's maximum prompt length is 131072 but the request contains 140000 tokens."}""", "request contains 140000", "140000 tokens > 131072 maximum" },
        { "chat", 413, """{"error":{"message":"Request body too large for gpt-4o model. Max size: 8000 tokens.","code":"tokens_limit_reached"}}""", "Max size: 8000", null },
        { "chat", 422, """{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens","type":"validation"}""", "must be <= 4096", "5000 tokens > 4096 maximum" },
        { "chat", 400, """{"error":{"message":"Invalid request: Your request exceeded model token limit: 131072","type":"invalid_request_error"}}""", "exceeded model token limit", null },
        { "chat", 500, """{"error":{"message":"Trying to keep the first 5000 tokens when context overflows. However, the model is loaded with context length of only 4096 tokens"}}""", "when context overflows", "5000 tokens > 4096 maximum" },
        { "anthropic", 400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"},"request_id":"req_1"}""", "prompt is too long", "210000 tokens > 200000 maximum" },
        { "anthropic", 400, """{"type":"error","error":{"type":"invalid_request_error","message":"Input is too long for requested model."}}""", "Input is too long for", null },
        { "gemini", 400, """{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}""", "(1200000) exceeds", "1200000 tokens > 1048576 maximum" },
        { "ollama", 400, """{"error":"the input length exceeds the context length"}""", "input length exceeds", null },
        { "cohere", 400, """{"id":"x","message":"too many tokens: total number of tokens in the prompt cannot exceed 128000"}""", "cannot exceed 128000", null },
    };

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Refusal_OfAnyVendor_IsToldInTheClientsWords(string provider, int status, string body, string words, string? counts)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(body, status));
        await upstream.GatewayAsync(Settings);
        foreach (string dialect in Dialects)
        {
            foreach (bool stream in new[] { false, true })
            {
                var (path, ask) = Ask(dialect, provider + "/m", "Hi", stream);
                using var answer = await upstream.Client.PostAsync(path, new StringContent(ask, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
                answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, dialect);
                var root = await JsonAsync(answer);
                ShouldBeTold(dialect, root, words);
                if (dialect == "anthropic-messages" && counts is not null) root.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("prompt is too long: " + counts);
            }
        }
    }

    [Theory]
    [InlineData("chat", "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n", "data: {\"error\":{\"message\":\"This model's maximum context length is 4096 tokens.\",\"code\":400}}\n\n")]
    [InlineData("anthropic", "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"a\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"maximum context length is 4096\"}}\n\n")]
    public async Task ErrorEvent_OfAStream_IsToldInTheClientsWords(string provider, string begin, string error)
    {
        foreach (string dialect in Dialects)
        {
            var begun = new TaskCompletionSource();
            await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Events(begin) with
            {
                Rest = async (output, cancelled) =>
                {
                    await begun.Task.WaitAsync(cancelled);
                    await output.WriteAsync(Encoding.UTF8.GetBytes(error), cancelled);
                    return true;
                },
            });
            await upstream.GatewayAsync(Settings);
            var (path, ask) = Ask(dialect, provider + "/m", "Hi", stream: true);
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(ask, Encoding.UTF8, "application/json") };
            using var answer = await upstream.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            begun.SetResult();
            string last = (await TextAsync(answer)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Last(line => line.Contains("error", StringComparison.Ordinal) && line.Contains('{', StringComparison.Ordinal));
            ShouldBeTold(dialect, JsonDocument.Parse(last.StartsWith("data: ", StringComparison.Ordinal) ? last[6..] : last).RootElement, "context length is 4096");
        }
    }

    [Theory]
    [InlineData(429, "Too many tokens, please wait before trying again.")]
    [InlineData(403, "Your plan has no long context window.")]
    [InlineData(400, "max_tokens is too large: 200000. This model supports at most 128000 completion tokens.")]
    public void OtherRefusals_AreNoOverflow(int status, string message)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { error = new { message } });
        foreach (var format in new[] { WireFormatId.OpenAIChat, WireFormatId.OpenAIResponses, WireFormatId.AnthropicMessages, WireFormatId.GeminiGenerate, WireFormatId.OllamaChat })
        {
            WireFormats.Find(format)!.DecodeError(status, body).Kind.ShouldNotBe(ErrorKind.ContextTooLong, format.Value);
        }
    }

    [Theory]
    [InlineData("Input is too long for requested model.")]
    [InlineData("Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.")]
    [InlineData("400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: 9000 ")]
    public void Bedrock_IsUnderstood(string message) =>
        WireFormats.Find(WireFormatId.BedrockConverse)!.DecodeError(400, JsonSerializer.SerializeToUtf8Bytes(new { message })).Kind.ShouldBe(ErrorKind.ContextTooLong);

    private static void ShouldBeTold(string dialect, JsonElement root, string words)
    {
        var error = root.TryGetProperty("error", out var inner) ? inner : root.TryGetProperty("response", out var response) ? response.GetProperty("error") : root;
        string message = (error.ValueKind == JsonValueKind.String ? error.GetString() : error.GetProperty("message").GetString())!;
        message.ShouldContain(words);
        switch (dialect)
        {
            case "anthropic-messages":
                message.ShouldStartWith("prompt is too long");
                error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
                break;
            case "gemini-generate":
                message.ShouldStartWith("The input token count");
                error.GetProperty("status").GetString().ShouldBe("INVALID_ARGUMENT");
                break;
            case "ollama-chat":
                message.ShouldStartWith("the input length exceeds the context length");
                break;
            default:
                error.GetProperty("code").GetString().ShouldBe("context_length_exceeded");
                break;
        }
    }
}
