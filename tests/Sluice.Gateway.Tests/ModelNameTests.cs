using System.Net;
using System.Text;
using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>Names of models that no route and no provider's prefix settle: by the providers' lists, then by the catalogue.</summary>
public sealed class ModelNameTests
{
    private const string TwoVendors = """
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers:
          a: { type: openai-compatible, base_url: "URL/a/v1", api_key: k }
          b: { type: openai-compatible, base_url: "URL/b/v1", api_key: k }
        """;

    [Fact]
    public async Task A_bare_name_is_looked_for_in_the_lists_before_it_is_unknown()
    {
        await using var fake = await StartAsync("""{"data":[{"id":"only-a"},{"id":"both"}]}""", """{"data":[{"id":"only-b"},{"id":"both"}]}""");
        await fake.GatewayAsync(TwoVendors);
        using var found = await fake.ChatAsync("only-b");
        found.StatusCode.ShouldBe(HttpStatusCode.OK);
        fake.Requests[^1].Target.ShouldBe("/b/v1/chat/completions");
        using var several = await fake.ChatAsync("both");
        several.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await MessageAsync(several)).ShouldContain("'a/both' or 'b/both'");
        using var unknown = await fake.ChatAsync("neither");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Lists(fake).ShouldBe(2, "each provider is asked once");
    }

    [Fact]
    public async Task Calls_at_the_same_time_ask_once()
    {
        var gate = new TaskCompletionSource();
        await using var fake = await FakeUpstream.StartAsync(async request =>
        {
            if (request.Method != "GET") return Chat();
            await gate.Task;
            return FakeAnswer.Json(request.Target.StartsWith("/a", StringComparison.Ordinal) ? """{"data":[{"id":"m"}]}""" : """{"data":[]}""");
        });
        await fake.GatewayAsync(TwoVendors);
        var calls = Enumerable.Range(0, 12).Select(_ => fake.ChatAsync("m")).ToArray();
        while (Lists(fake) < 2) await Task.Yield();
        gate.SetResult();
        foreach (var call in calls) (await call).StatusCode.ShouldBe(HttpStatusCode.OK);
        Lists(fake).ShouldBe(2);
    }

    [Fact]
    public async Task A_provider_whose_list_fails_harms_no_other_and_is_left_alone_for_a_while()
    {
        await using var fake = await FakeUpstream.StartAsync(request => request.Method != "GET" ? Chat()
            : request.Target.StartsWith("/a", StringComparison.Ordinal) ? FakeAnswer.Json("""{"error":{"message":"down"}}""", 500) : FakeAnswer.Json("""{"data":[{"id":"m"}]}"""));
        await fake.GatewayAsync(TwoVendors);
        using var found = await fake.ChatAsync("m");
        found.StatusCode.ShouldBe(HttpStatusCode.OK);
        for (int i = 0; i < 3; i++) (await fake.ChatAsync($"unknown-{i}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Lists(fake).ShouldBe(2);
    }

    [Theory]
    [InlineData("claude-haiku-4-5", "/ant/v1/messages")]
    [InlineData("claude-haiku-4-5-20251001", "/ant/v1/messages")]
    [InlineData("gpt-4.1-2025-04-14", "/oai/v1/chat/completions")]
    [InlineData("gemini-2.5-flash", "/gem/v1beta/models/gemini-2.5-flash:generateContent")]
    public async Task A_name_that_nobody_lists_goes_to_its_vendor_by_the_catalogue(string model, string target)
    {
        await using var fake = await FakeUpstream.StartAsync(Answer);
        await fake.GatewayAsync("""
            providers:
              ant: { type: anthropic, base_url: "URL/ant", api_key: k }
              oai: { type: openai, base_url: "URL/oai", api_key: k }
              gem: { type: gemini, base_url: "URL/gem", api_key: k }
              local: { type: ollama, base_url: "URL/oll" }
            """);
        using var answer = await fake.ChatAsync(model);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        fake.Requests[^1].Target.ShouldBe(target);
        using var again = await fake.ChatAsync(model);
        Lists(fake).ShouldBe(4, "lists are kept");
        // The single model, in the dialects.
        (await OneAsync(fake, $"/v1/models/{model}")).GetProperty("id").GetString().ShouldBe(model);
    }

    [Fact]
    public async Task Two_accounts_of_one_vendor_are_not_guessed_between()
    {
        await using var fake = await FakeUpstream.StartAsync(Answer);
        await fake.GatewayAsync("""
            providers:
              one: { type: anthropic, base_url: "URL/one", api_key: k }
              two: { type: anthropic, base_url: "URL/two", api_key: k }
            """);
        using var answer = await fake.ChatAsync("claude-haiku-4-5");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await MessageAsync(answer)).ShouldContain("'one/claude-haiku-4-5' or 'two/claude-haiku-4-5'");
    }

    [Theory]
    [InlineData("/v1beta/gem/gemini-2.5-flash:generateContent", "/gem/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("/v1beta/gem%2Fgemini-2.5-flash:generateContent", "/gem/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("/v1beta/models/gem%2Fgemini-2.5-flash:generateContent", "/gem/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("/v1beta/gem/gemini-2.5-flash:streamGenerateContent?alt=sse", "/gem/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("/v1beta/gem/gemini-2.5-flash:countTokens", "/gem/v1beta/models/gemini-2.5-flash:countTokens")]
    [InlineData("/v1beta/gem/gemini-embedding-001:embedContent", "/gem/v1beta/models/gemini-embedding-001:embedContent")]
    [InlineData("/v1beta/gem/gemini-embedding-001:batchEmbedContents", "/gem/v1beta/models/gemini-embedding-001:batchEmbedContents")]
    [InlineData("/v1/gem/gemini-2.5-flash:generateContent", "/gem/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("/v1beta/route:generateContent", "/gem/v1beta/models/gemini-2.5-flash:generateContent")]
    public async Task Geminis_paths_may_leave_out_models(string path, string target)
    {
        await using var fake = await FakeUpstream.StartAsync(Answer);
        await fake.GatewayAsync("""
            providers: { gem: { type: gemini, base_url: "URL/gem", api_key: k } }
            models: { route: { targets: [gem/gemini-2.5-flash] } }
            """);
        string body = path.Contains("batch", StringComparison.Ordinal) ? """{"requests":[{"content":{"parts":[{"text":"a"}]}}]}"""
            : path.Contains("embed", StringComparison.Ordinal) ? """{"content":{"parts":[{"text":"a"}]}}""" : """{"contents":[{"parts":[{"text":"a"}]}]}""";
        using var answer = await fake.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        fake.Requests[^1].Target.ShouldBe(target);
    }

    private static Task<FakeUpstream> StartAsync(string a, string b) => FakeUpstream.StartAsync(request =>
        request.Method != "GET" ? Chat() : FakeAnswer.Json(request.Target.StartsWith("/a", StringComparison.Ordinal) ? a : b));

    private static FakeAnswer Answer(FakeRequest request) => request switch
    {
        { Method: "GET" } => FakeAnswer.Json("""{"data":[],"models":[]}"""),
        { Target: var t } when t.Contains("/messages", StringComparison.Ordinal) => FakeAnswer.Json("""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"""),
        { Target: var t } when t.Contains(":stream", StringComparison.Ordinal) => FakeAnswer.Events("data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"ok\"}]},\"finishReason\":\"STOP\",\"index\":0}]}\n\n"),
        { Target: var t } when t.Contains(":countTokens", StringComparison.Ordinal) => FakeAnswer.Json("""{"totalTokens":3}"""),
        { Target: var t } when t.Contains(":batchEmbed", StringComparison.Ordinal) => FakeAnswer.Json("""{"embeddings":[{"values":[0.5]}]}"""),
        { Target: var t } when t.Contains(":embed", StringComparison.Ordinal) => FakeAnswer.Json("""{"embedding":{"values":[0.5]}}"""),
        { Target: var t } when t.Contains(":generate", StringComparison.Ordinal) => FakeAnswer.Json("""{"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP","index":0}]}"""),
        _ => Chat(),
    };

    private static FakeAnswer Chat() => FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""");

    private static int Lists(FakeUpstream fake)
    {
        lock (fake.Requests) return fake.Requests.Count(r => r.Method == "GET");
    }

    private static async Task<JsonElement> OneAsync(FakeUpstream fake, string path) => JsonDocument.Parse(await fake.Client.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;

    private static async Task<string> MessageAsync(HttpResponseMessage answer) =>
        (await SimulatedGateway.JsonAsync(answer)).GetProperty("error").GetProperty("message").GetString()!;
}
