using System.Text;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A gateway before one server that speaks every format: what a request becomes on its way up. Over real sockets.</summary>
internal sealed class RequestProbe : IAsyncDisposable
{
    private const string Providers = """
        providers:
          oai:    { type: openai, base_url: "URL/v1", api_key: k, formats: [openai-chat, openai-embeddings] }
          both:   { type: openai, base_url: "URL/v1", api_key: k, formats: [openai-chat, openai-responses] }
          compat: { type: openai-compatible, base_url: "URL/v1", api_key: k }
          groq:   { type: groq, base_url: "URL/v1", api_key: k }
          cere:   { type: cerebras, base_url: "URL/v1", api_key: k }
          ortr:   { type: openrouter, base_url: "URL/v1", api_key: k }
          mis:    { type: mistral, base_url: "URL/v1", api_key: k }
          coh:    { type: cohere, base_url: "URL", api_key: k }
          ant:    { type: anthropic, base_url: "URL", api_key: k }
          gem:    { type: gemini, base_url: "URL", api_key: k }
          oll:    { type: ollama, base_url: "URL" }
          bed:    { type: bedrock, base_url: "URL", api_key: k, region: us-east-1 }
        """;

    private readonly FakeUpstream _fake;

    private RequestProbe(FakeUpstream fake) => _fake = fake;

    /// <summary>Starts it; <paramref name="defaults"/> is YAML beside the providers.</summary>
    public static async Task<RequestProbe> StartAsync(string defaults = "", Func<FakeRequest, FakeAnswer?>? answer = null, string providers = Providers)
    {
        var fake = await FakeUpstream.StartAsync(request => answer?.Invoke(request) ?? Usual(request));
        await fake.GatewayAsync($"{providers}\n{defaults}");
        return new RequestProbe(fake);
    }

    /// <summary>Sends a request and gives what came up, and what the client was told.</summary>
    public async Task<Probed> SendAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) message.Headers.TryAddWithoutValidation(name, value);
        int before = _fake.Requests.Count;
        using var answer = await _fake.Client.SendAsync(message, TestContext.Current.CancellationToken);
        string text = await TextAsync(answer);
        var up = _fake.Requests.Count > before ? _fake.Requests[^1] : null;
        return new Probed((int)answer.StatusCode, text, Header(answer, "x-sluice-dropped") ?? "", up?.Target ?? "", up?.Text ?? "{}");
    }

    public ValueTask DisposeAsync() => _fake.DisposeAsync();

    private static FakeAnswer Usual(FakeRequest request)
    {
        string path = request.Target.Split('?')[0];
        return FakeAnswer.Json(path switch
        {
            _ when path.EndsWith("/count_tokens", StringComparison.Ordinal) || path.EndsWith("/input_tokens", StringComparison.Ordinal) => """{"input_tokens":7}""",
            _ when path.EndsWith(":countTokens", StringComparison.Ordinal) => """{"totalTokens":7}""",
            _ when path.EndsWith(":embedContent", StringComparison.Ordinal) => """{"embedding":{"values":[0.5]}}""",
            _ when path.EndsWith("/embeddings", StringComparison.Ordinal) => """{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":1,"total_tokens":1}}""",
            _ when path.EndsWith("/api/embed", StringComparison.Ordinal) => """{"model":"m","embeddings":[[0.5]]}""",
            _ when path.EndsWith("/messages", StringComparison.Ordinal) =>
                """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""",
            _ when path.EndsWith("/responses", StringComparison.Ordinal) =>
                """{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"ok","annotations":[]}]}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}""",
            _ when path.EndsWith("/v2/chat", StringComparison.Ordinal) => """{"id":"1","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"ok"}]}}""",
            _ when path.EndsWith("/api/chat", StringComparison.Ordinal) => """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"ok"},"done":true,"done_reason":"stop"}""",
            _ when path.EndsWith("/converse", StringComparison.Ordinal) => """{"output":{"message":{"role":"assistant","content":[{"text":"ok"}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}""",
            _ when path.Contains(":generateContent", StringComparison.Ordinal) => """{"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP"}]}""",
            _ => """{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}""",
        });
    }
}

/// <summary>What became of a request.</summary>
/// <param name="Status">The client's status.</param>
/// <param name="Answer">The client's answer.</param>
/// <param name="Dropped">What the client was told of losses.</param>
/// <param name="Path">The path that was asked upstream; empty where nothing was.</param>
/// <param name="Text">The body that came up.</param>
internal sealed record Probed(int Status, string Answer, string Dropped, string Path, string Text)
{
    /// <summary>The body that came up.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>A value in it, as JSON without spaces; <see langword="null"/> where there is none.</summary>
    public string? this[string path]
    {
        get
        {
            var at = Json;
            foreach (string step in path.Split('.'))
            {
                if (int.TryParse(step, out int index))
                {
                    if (at.ValueKind != JsonValueKind.Array || index >= at.GetArrayLength()) return null;
                    at = at[index];
                }
                else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at)) return null;
            }
            return at.ValueKind == JsonValueKind.String ? at.GetString() : JsonSerializer.Serialize(at);
        }
    }
}
