using System.Text;
using Sluice.Gateway.Hosting;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>No key of the gateway goes to a provider, no key of a provider comes back.</summary>
public sealed class BorderTests
{
    private const string Admin = "hunter22-of-the-house";
    private const string Planted = "PLANTED/key+1=for-the-provider";

    private const string Settings = """
        admin: { key: "hunter22-of-the-house" }
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers:
          own: { type: openai, base_url: "URL/own/v1", auth: passthrough, headers: { forward: ["*"] }, formats: [openai-chat, openai-responses] }
          ant: { type: anthropic, base_url: "URL/ant", auth: passthrough, headers: { forward: ["*"] } }
          res: { type: openai-responses, base_url: "URL/res/v1", api_key: "PLANTED/key+1=for-the-provider" }
          chat: { type: openai-compatible, base_url: "URL/chat/v1", api_key: "PLANTED/key+1=for-the-provider", response_headers: { forward: [x-note] } }
          clade: { type: anthropic, base_url: "URL/clade", api_key: "PLANTED/key+1=for-the-provider", response_headers: { forward: [x-note] } }
          gem: { type: gemini, base_url: "URL/gem", api_key: "PLANTED/key+1=for-the-provider", auth: query, response_headers: { forward: [x-note] } }
          emb: { type: openai-compatible, base_url: "URL/emb/v1", api_key: "PLANTED/key+1=for-the-provider" }
        keys: { required: true }
        """;

    public static TheoryData<string> Carriers =>
    [
        "Token KEY", "Bearer KEY", "bearer  KEY", "KEY", "\"KEY\"", "Bearer \"KEY\"", "x,KEY", "KEY,x", "sk-real KEY", "Basic BASE64", "Basic BASE64:", "Basic BASE64x", "Key=KEY", "ApiKey KEY", "Bearer PERCENT", "Digest username=\"KEY\"",
    ];

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task KeyOfTheGateway_GoesUpInNoHeader(string carrier)
    {
        await using var gateway = await KeyedUpstream.StartAsync(Settings, _ => FakeAnswer.Json("{}"));
        string virtualKey = await gateway.KeyAsync();
        foreach (string secret in new[] { virtualKey, Admin })
        {
            foreach (string header in new[] { "authorization", "x-api-key", "api-key", "x-goog-api-key", "x-note", "anthropic-beta", "openai-beta", "baggage", "user-agent", "referer" })
            {
                foreach (var (path, model) in new[] { ("/v1/chat/completions", "own/m"), ("/v1/messages", "ant/m") })
                {
                    var request = new HttpRequestMessage(HttpMethod.Post, path)
                    {
                        Content = new StringContent($$"""{"model":"{{model}}","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json"),
                    };
                    request.Headers.TryAddWithoutValidation("x-sluice-key", virtualKey);
                    request.Headers.TryAddWithoutValidation(header, Carry(carrier, secret));

                    using var answer = await gateway.Upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);

                    ((int)answer.StatusCode).ShouldNotBe(401, $"{header}: {await TextAsync(answer)}");
                }
            }
            Spoken(gateway.Upstream).ShouldNotContain(secret);
            Spoken(gateway.Upstream).ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..24]);
        }
        gateway.Upstream.Requests.Count.ShouldBe(40);
    }

    [Fact]
    public async Task ClientsOwnCredential_StillPasses()
    {
        await using var gateway = await KeyedUpstream.StartAsync(Settings, _ => FakeAnswer.Json("{}"));
        string key = await gateway.KeyAsync();

        using var answer = await gateway.PostAsync("/v1/chat/completions", """{"model":"own/m","messages":[]}""", "sk-theirs-0123456789", ("x-sluice-key", key), ("x-note", "sluice is fine"));

        var sent = gateway.Upstream.Requests.ShouldHaveSingleItem();
        sent.Headers["authorization"].ShouldBe("Bearer sk-theirs-0123456789");
        sent.Headers["x-note"].ShouldBe("sluice is fine");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/input_items")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/cancel")]
    public async Task StoredResponse_IsAskedForWithoutTheClientsCredential_AndTellsNoKey(string method, string rest)
    {
        await using var gateway = await KeyedUpstream.StartAsync(Settings, Quote);
        string key = await gateway.KeyAsync();
        using var made = await gateway.PostAsync("/v1/responses", """{"model":"res/m","input":"Hi"}""", key);
        made.EnsureSuccessStatusCode();
        gateway.Upstream.Requests.Clear();
        foreach (string query in new[] { "key=KEY", "api_key=KEY", "api-key=x", "Access_Token=x", "k%65y=x", "after=KEY", "after=PERCENT", "order=asc&x=BASE64", "token=HUNTER", "after=HUNTER", "KEY", "KEY=1", "a=1&key=KEY&limit=5" })
        {
            string spelled = Carry(query, key).Replace("HUNTER", Admin, StringComparison.Ordinal);

            using var answer = await gateway.SendAsync(method, $"/v1/responses/resp_1{rest}?{spelled}", null, key);

            string text = await TextAsync(answer) + string.Join('\n', answer.Headers) + answer.Content.Headers;
            Secrets.ShouldAllBe(s => !text.Contains(s, StringComparison.OrdinalIgnoreCase), text);
            if (method == "DELETE") break;
        }
        string spoken = Spoken(gateway.Upstream);
        spoken.ShouldNotContain(key);
        spoken.ShouldNotContain(Admin);
        spoken.ShouldNotContain("=x");
        if (method != "DELETE") spoken.ShouldContain("limit=5");
    }

    [Theory]
    [InlineData("/v1/chat/completions", "chat/m", false)]
    [InlineData("/v1/chat/completions", "chat/m", true)]
    [InlineData("/v1/chat/completions", "clade/m", false)]
    [InlineData("/v1/chat/completions", "clade/m", true)]
    [InlineData("/v1/messages", "clade/m", false)]
    [InlineData("/v1/messages", "clade/m", true)]
    [InlineData("/v1/messages", "chat/m", false)]
    [InlineData("/v1/messages", "chat/m", true)]
    [InlineData("/v1/chat/completions", "gem/m", false)]
    [InlineData("/v1/responses", "res/m", false)]
    [InlineData("/v1/responses", "res/m", true)]
    [InlineData("/v1/embeddings", "emb/m", false)]
    [InlineData("/v1/messages/count_tokens", "clade/m", false)]
    [InlineData("/v1/chat/completions", "chat/scn-401", false)]
    [InlineData("/v1/chat/completions", "chat/scn-401", true)]
    public async Task KeyOfTheProvider_ComesBackInNothing(string path, string model, bool stream)
    {
        await using var gateway = await KeyedUpstream.StartAsync(Settings, Quote);
        string key = await gateway.KeyAsync();
        string body = $$"""{"model":"{{model}}","max_tokens":50,"stream":{{(stream ? "true" : "false")}},"input":"Hi","messages":[{"role":"user","content":"Hi"}]}""";

        using var answer = await gateway.PostAsync(path, body, key);

        string text = await TextAsync(answer) + "\n" + string.Join('\n', answer.Headers.Select(h => $"{h.Key}: {string.Join(',', h.Value)}")) + answer.Content.Headers;
        Secrets.ShouldAllBe(s => !text.Contains(s, StringComparison.OrdinalIgnoreCase), text);
        if (model.EndsWith("/m", StringComparison.Ordinal)) ((int)answer.StatusCode).ShouldBe(200, text);
        text.ShouldContain("***");
    }

    [Fact]
    public async Task KeyAsTheNameOfAModel_IsRefused_AndKeptNowhere()
    {
        using var log = new MemoryStream();
        await using var gateway = await KeyedUpstream.StartAsync(Settings + "\nlogging: { level: trace, bodies: headers }\n", _ => FakeAnswer.Json("{}"), new GatewayHostOptions { LogOutput = log });
        string key = await gateway.KeyAsync();
        foreach (string name in new[] { key, $"res/{key}", $"nowhere/{key}", Admin, $"chat/{Admin}", $"x{key}y" })
        {
            using var answer = await gateway.PostAsync("/v1/chat/completions", $$"""{"model":"{{name}}","messages":[{"role":"user","content":"Hi"}]}""", key);

            ((int)answer.StatusCode).ShouldBe(400, await TextAsync(answer));
            (await TextAsync(answer)).ShouldNotContain(key);
        }
        gateway.Upstream.Requests.ShouldBeEmpty();
        await gateway.Upstream.StopAsync();
        string kept = string.Join('\n', (await gateway.Store.EntriesAsync()).Select(e => e.ToString())) + Encoding.UTF8.GetString(log.ToArray());
        kept.ShouldNotContain(key);
        kept.ShouldNotContain(Admin);
    }

    private static IEnumerable<string> Secrets => [Planted, Uri.EscapeDataString(Planted), "PLANTED", "for-the-provider"];

    private static string Carry(string carrier, string key) => carrier
        .Replace("KEY", key, StringComparison.Ordinal)
        .Replace("PERCENT", string.Concat(key.Select(c => c == '-' ? "%2D" : c == 'u' ? "%75" : c.ToString())), StringComparison.Ordinal)
        .Replace("BASE64:", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")), StringComparison.Ordinal)
        .Replace("BASE64x", Convert.ToBase64String(Encoding.UTF8.GetBytes("ab:" + key)), StringComparison.Ordinal)
        .Replace("BASE64", Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + key)), StringComparison.Ordinal);

    private static string Spoken(FakeUpstream upstream) => string.Join('\n', upstream.Requests.Select(r => Uri.UnescapeDataString(r.Target) + " " + string.Join(' ', r.Headers.Select(h => Uri.UnescapeDataString(h.Value)))));

    // Says back whatever key it got, in every place and spelling.
    private static FakeAnswer Quote(FakeRequest request)
    {
        string quoted = System.Text.Json.JsonSerializer.Serialize($"{Planted} {Uri.EscapeDataString(Planted)}")[1..^1];
        string slashed = Planted.Replace("/", "\\/", StringComparison.Ordinal);
        string answer = request.Target.Split('/')[1] switch
        {
            "chat" => $$$"""{"id":"{{{quoted}}}","object":"chat.completion","model":"{{{slashed}}}","choices":[{"index":0,"message":{"role":"assistant","content":"I was called with {{{quoted}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""",
            "clade" when request.Target.Contains("count_tokens", StringComparison.Ordinal) => $$$"""{"input_tokens":5,"note":"{{{quoted}}}"}""",
            "clade" => $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"{{{slashed}}}","content":[{"type":"text","text":"I was called with {{{quoted}}}"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""",
            "gem" => $$$$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"I was called with {{{{quoted}}}}"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1}}""",
            "emb" => $$$"""{"object":"list","model":"{{{quoted}}}","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":1,"total_tokens":1}}""",
            _ => $$$"""{"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"{{{quoted}}}","annotations":[]}]}]}""",
        };
        bool stream = request.Text.Contains("\"stream\":true", StringComparison.Ordinal) && !request.Text.Contains("scn-401", StringComparison.Ordinal);
        var told = request.Text.Contains("scn-401", StringComparison.Ordinal) ? FakeAnswer.Json($$$"""{"error":{"message":"no {{{quoted}}}","type":"{{{slashed}}}","code":"{{{quoted}}}"}}""", 401)
            : stream ? FakeAnswer.Events(Events(request.Target.Split('/')[1], quoted, answer))
            : FakeAnswer.Json(answer);
        return told with { Headers = new Dictionary<string, string> { ["x-ratelimit-key"] = $"Bearer {Planted}", ["anthropic-ratelimit-note"] = Uri.EscapeDataString(Planted), ["x-request-id"] = Planted, ["x-note"] = $"k={Planted};" } };
    }

    private static string Events(string provider, string quoted, string answer) => provider switch
    {
        "chat" => $$$"""
            : quoted {{{Planted}}}

            data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"{{{quoted}}}"},"finish_reason":null}]}

            data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """.ReplaceLineEndings("\n"),
        "clade" => $$$$"""
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{{quoted}}}}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}

            event: message_stop
            data: {"type":"message_stop"}


            """.ReplaceLineEndings("\n"),
        _ => $"event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{answer}}}\n\n",
    };
}
