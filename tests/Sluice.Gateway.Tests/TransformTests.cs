using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Transforms on real connections: every dialect, there and back, streamed and whole.</summary>
public sealed class TransformTests : IAsyncLifetime
{
    private const string Card = CardAnswers.Card;

    private const string Settings = """
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers:
          openai: { type: openai, base_url: "URL/v1", api_key: test, formats: [openai-chat, openai-responses, openai-completions, openai-embeddings] }
          chat: { type: openai-compatible, base_url: "URL/v1", api_key: test }
          anthropic: { type: anthropic, base_url: "URL", api_key: test }
          gemini: { type: gemini, base_url: "URL", api_key: test }
          ollama: { type: ollama, base_url: "URL" }
          broken: { type: openai, base_url: "URL/broken/v1", api_key: test }
          plain: { type: openai, base_url: "URL/v1", api_key: test }
        models:
          cascade: { targets: [broken/m, plain/m] }
          tagged: { targets: [plain/m] }
        transforms:
          - { name: mask-out, on: response, where: { providers: [openai, chat, anthropic, gemini, ollama] }, regex: { pattern: '\b\d{16}\b', replace: "[card]", window: 24 } }
          - { name: mask-in, on: request, where: { models: ["openai/*", "chat/*", "anthropic/*", "gemini/*", "ollama/*", "broken/m"] }, regex: { pattern: '\b\d{16}\b', replace: "[card]" } }
          - { name: no-shell, on: request, drop: "$.tools[?(@.function.name=='shell')]" }
          - { name: no-shell-flat, on: request, where: { dialects: [openai-responses, anthropic-messages] }, drop: "$.tools[?(@.name=='shell')]" }
          - { name: no-shell-gemini, on: request, where: { dialects: ["gemini-*"] }, drop: "$.tools[*].functionDeclarations[?(@.name=='shell')]" }
          - { name: tag, on: request, where: { routes: [tagged] }, add: { path: "$.metadata.team", value: search } }
          - { name: stop, on: request, where: { routes: [tagged] }, set: { path: "$.stop[-]", value: END } }
          - { name: cool, on: request, where: { models: ["*/cool"] }, params: { force: { temperature: 0, max_tokens: 7 }, default: { top_p: 0.5 }, drop: [seed] } }
          - { name: impossible, on: request, where: { models: ["*/impossible"] }, set: { path: "$.model.name", value: x } }
        """;

    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["openai-chat"] = "openai", ["openai-completions"] = "openai", ["openai-responses"] = "openai", ["anthropic-messages"] = "anthropic", ["gemini-generate"] = "gemini", ["ollama-chat"] = "ollama", ["ollama-generate"] = "ollama",
    };

    private FakeUpstream _fake = null!;
    private int _piece = int.MaxValue / 2;

    public static TheoryData<string, bool> Answers => [.. CardAnswers.Dialects.SelectMany(d => new[] { (d, false), (d, true) })];

    // Ollama's generate is asked as chat: its own bytes go nowhere.
    public static TheoryData<string, bool> Requested => [.. CardAnswers.Dialects.Where(d => d != "ollama-generate").SelectMany(d => new[] { (d, false), (d, true) })];

    public static TheoryData<string, string> Translations =>
    [
        .. from client in CardAnswers.Dialects
           from upstream in new[] { "openai-chat", "anthropic-messages", "gemini-generate", "ollama-chat" }
           where client != upstream && (client, upstream) != ("ollama-generate", "ollama-chat")
           select (client, upstream),
    ];

    public async ValueTask InitializeAsync()
    {
        _fake = await FakeUpstream.StartAsync(Answer);
        await _fake.GatewayAsync(Settings);
    }

    public ValueTask DisposeAsync() => _fake.DisposeAsync();

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_SameDialect_IsMaskedHoweverItsBytesArrive(string dialect, bool stream)
    {
        string unmasked = stream ? CardAnswers.Stream(dialect) : CardAnswers.Whole(dialect);
        string? whole = null;
        foreach (int piece in (int[])[int.MaxValue / 2, 1, 7, 64])
        {
            _piece = piece;
            using var answer = await AskAsync(dialect, $"{Providers[dialect]}/m", "Hi", stream);
            string text = await TextAsync(answer);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
            // Ollama's generate is answered by its chat: it has no place for calls, and times of its own.
            if (dialect != "ollama-generate") Header(answer, "x-sluice-dropped").ShouldBeNull();
            Pieces(dialect, text).ShouldBe(Pieces(dialect, unmasked).Replace(Card, "[card]", StringComparison.Ordinal));
            Arguments(text).ShouldNotContain(Card);
            if (dialect != "ollama-generate") text.ShouldBe(whole ??= text, $"in pieces of {piece} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public async Task Answer_Translated_IsMaskedStreamedAndWhole(string client, string upstream)
    {
        string model = $"{(upstream == "openai-chat" ? "chat" : Providers[upstream])}/m";
        foreach (bool stream in (bool[])[false, true])
        {
            _piece = stream ? 5 : int.MaxValue / 2;
            using var answer = await AskAsync(client, model, "Hi", stream);
            string text = await TextAsync(answer);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
            Pieces(client, text).ShouldBe(CardAnswers.Text.Replace(Card, "[card]", StringComparison.Ordinal), text);
            Arguments(text).ShouldNotContain(Card);
        }
    }

    [Theory]
    [InlineData("openai-chat", "openai/cut")]
    [InlineData("anthropic-messages", "anthropic/cut")]
    [InlineData("anthropic-messages", "chat/cut")]
    [InlineData("ollama-chat", "chat/cut")]
    public async Task Answer_BrokenOff_GivesWhatWasHeldBackBeforeTheError(string dialect, string model)
    {
        using var answer = await AskAsync(dialect, model, "Hi", stream: true);
        string text = await TextAsync(answer);

        string[] lines = text.Split('\n');
        int error = Array.FindIndex(lines, l => l.Contains("ended before the answer was complete", StringComparison.Ordinal));
        error.ShouldBeGreaterThan(0, text);
        Pieces(dialect, string.Join('\n', lines[..error])).ShouldBe("The card is [card]", text);
    }

    [Fact]
    public async Task Answer_ThatIsNoJson_DoesNotPassByTheRules()
    {
        using var answer = await AskAsync("openai-chat", "openai/spoiled", "Hi", stream: false);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await TextAsync(answer)).ShouldNotContain(Card);
    }

    [Fact]
    public async Task Call_FromCode_TellsThatNoRuleActs()
    {
        var client = new Sluice.Client.SluiceRuntime(_fake.State, new Sluice.Client.RuntimeOptions()).Client;

        var answer = await client.CompleteAsync(new Sluice.Chat.ChatRequest { Model = "chat/m", Messages = [new(Sluice.Chat.Role.User, [new Sluice.Chat.TextPart($"x {Card} x")])] }, TestContext.Current.CancellationToken);

        answer.Candidates.ShouldNotBeEmpty();
        _fake.Requests[^1].Text.ShouldContain($"x {Card} x");
    }

    [Fact]
    public async Task Answer_GeminiArray_StaysOneArray()
    {
        foreach (string model in (string[])["gemini/m", "chat/m"])
        {
            using var answer = await _fake.Client.PostAsync($"/v1beta/models/{model}:streamGenerateContent", Json("""{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"""), TestContext.Current.CancellationToken);
            string text = await TextAsync(answer);

            var chunks = JsonNode.Parse(text).ShouldBeOfType<JsonArray>();
            string said = string.Concat(chunks.SelectMany(c => (JsonArray)c!["candidates"]![0]!["content"]!["parts"]!).Where(p => p!["thought"] is null).Select(p => (string?)p!["text"]));
            said.ShouldBe(CardAnswers.Text.Replace(Card, "[card]", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Requested))]
    public async Task Request_EveryDialect_IsMaskedInTextAndKeepsEveryOtherByte(string dialect, bool stream)
    {
        string body = Requests(dialect, stream).Replace("MODEL", "m", StringComparison.Ordinal);
        using var answer = await PostAsync(dialect, $"{Providers[dialect]}/m", Requests(dialect, stream), stream);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        string sent = _fake.Requests[^1].Text;
        // Usage is asked for in streams of Chat Completions: that is no transform.
        sent = sent.Replace(""","stream_options":{"include_usage":true}""", "", StringComparison.Ordinal);
        sent.ShouldBe(body.Replace($"x {Card} x", "x [card] x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_ToAnotherDialect_IsMaskedBeforeItIsTranslated()
    {
        using var answer = await PostAsync("anthropic-messages", "chat/m", Requests("anthropic-messages", stream: false), stream: false);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        string sent = _fake.Requests[^1].Text;
        sent.ShouldContain("x [card] x");
        sent.Replace($"toolu_{Card}", "", StringComparison.Ordinal).Split(Card).Length.ShouldBe(3); // a name in arguments and a URL keep it
        sent.ShouldNotContain("shell");
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"openai/m","input":["x 4111111111111111 x","y"]}""", """["x [card] x","y"]""")]
    [InlineData("/v1/embeddings", """{"model":"openai/m","input":"x 4111111111111111 x"}""", "\"x [card] x\"")]
    [InlineData("/v1beta/models/gemini/m:countTokens", """{"contents":[{"parts":[{"text":"x 4111111111111111 x"}]}]}""", "x [card] x")]
    [InlineData("/v1/messages/count_tokens", """{"model":"anthropic/m","system":"x 4111111111111111 x","messages":[{"role":"user","content":"a"}]}""", "x [card] x")]
    [InlineData("/api/embed", """{"model":"ollama/m","input":["x 4111111111111111 x"]}""", "x [card] x")]
    public async Task Request_ThatIsNoChat_IsMaskedToo(string path, string body, string expected)
    {
        using var answer = await _fake.Client.PostAsync(path, Json(body), TestContext.Current.CancellationToken);

        await TextAsync(answer);
        _fake.Requests[^1].Text.ShouldContain(expected);
        _fake.Requests[^1].Text.ShouldNotContain(Card);
    }

    [Fact]
    public async Task Request_NextTarget_GetsWhatTheClientSentAndItsOwnRules()
    {
        using var answer = await AskAsync("openai-chat", "cascade", $"x {Card} x", stream: false);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        _fake.Requests[0].Text.ShouldContain("x [card] x");
        _fake.Requests[1].Text.ShouldContain($"x {Card} x");
    }

    [Theory]
    [InlineData("""{"model":"tagged","messages":[]}""", """{"model":"m","messages":[],"metadata":{"team":"search"},"stop":["END"]}""")]
    [InlineData("""{"model":"tagged","metadata": {"a" : 1.0},"stop":["x"],"messages":[]}""", """{"model":"m","metadata": {"a" : 1.0,"team":"search"},"stop":["x","END"],"messages":[]}""")]
    [InlineData("""{"model":"tagged","metadata":{"team":"mine"},"stop":[],"messages":[]}""", """{"model":"m","metadata":{"team":"mine"},"stop":["END"],"messages":[]}""")]
    [InlineData("""{"model":"plain/m","messages":[],"tools":[{"function":{"name":"shell"}},{"function":{"name":"ls"}}]}""", """{"model":"m","messages":[],"tools":[{"function":{"name":"ls"}}]}""")]
    [InlineData("""{"model":"plain/cool","seed":1,"messages":[]}""", """{"model":"cool","messages":[],"temperature":0,"max_tokens":7,"top_p":0.5}""")]
    [InlineData("""{"model":"plain/cool","temperature":1,"max_completion_tokens":9,"top_p":1,"messages":[]}""", """{"model":"cool","temperature":0,"max_completion_tokens":7,"top_p":1,"messages":[]}""")]
    public async Task Request_RulesByPathAndParameter_EditTheBody(string body, string expected)
    {
        using var answer = await _fake.Client.PostAsync("/v1/chat/completions", Json(body), TestContext.Current.CancellationToken);

        await TextAsync(answer);
        _fake.Requests[^1].Text.ShouldBe(expected);
    }

    [Theory]
    [InlineData("/v1/responses", """{"model":"openai/cool","input":"a"}""", """{"model":"cool","input":"a","temperature":0,"max_output_tokens":7,"top_p":0.5}""")]
    [InlineData("/v1/messages", """{"model":"anthropic/cool","max_tokens":9,"messages":[]}""", """{"model":"cool","max_tokens":7,"messages":[],"temperature":0,"top_p":0.5}""")]
    [InlineData("/v1beta/models/gemini/cool:generateContent", """{"contents":[],"generation_config":{"top_p":0.1,"max_output_tokens":9}}""", """{"contents":[],"generation_config":{"top_p":0.1,"max_output_tokens":7,"temperature":0}}""")]
    [InlineData("/api/chat", """{"model":"ollama/cool","stream":false,"messages":[]}""", """{"model":"cool","stream":false,"messages":[],"options":{"temperature":0,"num_predict":7,"top_p":0.5}}""")]
    public async Task Request_Parameters_StandWhereTheDialectHasThem(string path, string body, string expected)
    {
        using var answer = await _fake.Client.PostAsync(path, Json(body), TestContext.Current.CancellationToken);

        await TextAsync(answer);
        _fake.Requests[^1].Text.ShouldBe(expected);
    }

    /// <summary>What <c>sluice explain</c> says is what is sent.</summary>
    [Theory]
    [MemberData(nameof(Requested))]
    public async Task Request_AsItWasExplained_IsSent(string dialect, bool stream)
    {
        foreach (string model in (string[])["openai/m", "anthropic/m", "gemini/cool", "ollama/m", "chat/m"])
        {
            using var answer = await PostAsync(dialect, model, Requests(dialect, stream), stream);
            await TextAsync(answer);
            var sent = _fake.Requests[^1];

            var explained = _fake.Explain(answer.RequestMessage!.RequestUri!.PathAndQuery, Requests(dialect, stream).Replace("MODEL", model, StringComparison.Ordinal));

            var target = explained.Targets.ShouldHaveSingleItem();
            if (!answer.IsSuccessStatusCode)
            {
                target.Refusal.ShouldNotBeNull();
                continue;
            }
            var request = target.Request.ShouldNotBeNull();
            request.Url.ShouldBe(_fake.Address + sent.Target);
            request.Body.ShouldBe(sent.Text);
            foreach (var (name, value) in request.Headers.Where(h => !h.Value.Contains("***", StringComparison.Ordinal))) sent.Headers[name].ShouldBe(value);
        }
    }

    [Fact]
    public async Task Request_RuleThatCannotApply_IsReported()
    {
        using var answer = await AskAsync("openai-chat", "plain/impossible", "Hi", stream: false);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        Header(answer, "x-sluice-dropped").ShouldBe("impossible");
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private Task<HttpResponseMessage> AskAsync(string dialect, string model, string text, bool stream)
    {
        string content = dialect switch
        {
            "openai-completions" => $$"""{"model":"MODEL","stream":{{(stream ? "true" : "false")}},"prompt":"{{text}}"}""",
            "ollama-generate" => $$"""{"model":"MODEL","stream":{{(stream ? "true" : "false")}},"prompt":"{{text}}"}""",
            _ => Ask(dialect, "MODEL", text, stream).Body,
        };
        return PostAsync(dialect, model, content, stream);
    }

    private Task<HttpResponseMessage> PostAsync(string dialect, string model, string body, bool stream)
    {
        string path = dialect switch { "openai-completions" => "/v1/completions", "ollama-generate" => "/api/generate", _ => Ask(dialect, model, "", stream).Path };
        return _fake.Client.PostAsync(path, Json(body.Replace("MODEL", model, StringComparison.Ordinal)), TestContext.Current.CancellationToken);
    }

    private FakeAnswer Answer(FakeRequest request)
    {
        if (request.Target.StartsWith("/broken", StringComparison.Ordinal)) return FakeAnswer.Json("""{"error":{"message":"down"}}""", 503);
        string dialect = request.Target.Split('?')[0] switch
        {
            "/v1/chat/completions" => "openai-chat",
            "/v1/completions" => "openai-completions",
            "/v1/responses" => "openai-responses",
            "/v1/messages" => "anthropic-messages",
            "/api/chat" => "ollama-chat",
            "/api/generate" => "ollama-generate",
            var gemini when gemini.Contains("enerateContent", StringComparison.Ordinal) => "gemini-generate",
            _ => "",
        };
        if (dialect.Length == 0) return FakeAnswer.Json("{}");
        bool stream = dialect == "gemini-generate" ? request.Target.Contains("stream", StringComparison.Ordinal) : JsonNode.Parse(request.Text)!["stream"]?.GetValue<bool>() ?? dialect.StartsWith("ollama", StringComparison.Ordinal);
        if (request.Text.Contains("\"spoiled\"", StringComparison.Ordinal)) return FakeAnswer.Json($"{{\"choices\":[ {Card} }}");
        if (request.Text.Contains("\"cut\"", StringComparison.Ordinal)) return FakeAnswer.Events(Cut(dialect));
        if (!stream) return FakeAnswer.Json(CardAnswers.Whole(dialect)) with { Piece = _piece };
        return new FakeAnswer(200, dialect.StartsWith("ollama", StringComparison.Ordinal) ? "application/x-ndjson" : "text/event-stream", Encoding.UTF8.GetBytes(CardAnswers.Stream(dialect))) { Piece = _piece };
    }

    // A stream that stops after the first number of its text.
    private static string Cut(string dialect) => dialect == "anthropic-messages"
        ? "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"The card is 4111111111111111\"}}\n\n"
        : "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"The card is 4111111111111111\"},\"finish_reason\":null}]}\n\n";

    // The text as a client of the dialect puts it together, without reasoning and arguments.
    private static string Pieces(string dialect, string body)
    {
        bool stream = !body.StartsWith('{') || dialect.StartsWith("ollama", StringComparison.Ordinal);
        var events = stream ? body.Split('\n').Select(l => l.StartsWith("data: ", StringComparison.Ordinal) ? l[6..] : l).Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!).ToArray() : [JsonNode.Parse(body)!];
        return string.Concat(events.Select(e => dialect switch
        {
            "openai-chat" => string.Concat(e["choices"]!.AsArray().Select(c => (string?)(c!["delta"] ?? c["message"])!["content"])),
            "openai-completions" => string.Concat(e["choices"]!.AsArray().Select(c => (string?)c!["text"])),
            "openai-responses" => e["output"] is JsonArray output ? string.Concat(output.Where(o => (string?)o!["type"] == "message").Select(o => (string?)o!["content"]![0]!["text"])) : (string?)e["type"] == "response.output_text.delta" ? (string?)e["delta"] : "",
            "anthropic-messages" => e["content"] is JsonArray content ? string.Concat(content.Where(b => (string?)b!["type"] == "text").Select(b => (string?)b!["text"])) : (string?)e["delta"]?["type"] == "text_delta" ? (string?)e["delta"]!["text"] : "",
            "gemini-generate" => string.Concat((e["candidates"]?[0]?["content"]?["parts"]?.AsArray() ?? []).Where(p => p!["thought"] is null).Select(p => (string?)p!["text"])),
            "ollama-chat" => (string?)e["message"]!["content"],
            _ => (string?)e["response"],
        }));
    }

    // All that is in strings of the body but the arguments' number.
    private static string Arguments(string body) => body.Replace("n\\\":4111111111111111", "", StringComparison.Ordinal).Replace("\"n\":4111111111111111", "", StringComparison.Ordinal);

    private static string Requests(string dialect, bool stream)
    {
        string body = dialect switch
        {
            "openai-chat" => """
                {"model":"MODEL","stream":FLAG, "user":"4111111111111111","temperature":1.0,"stop":"\u00e9","messages":[{"role":"system","content":"x 4111111111111111 x"},{"role":"user","content":[{"type":"text","text":"x 4111111111111111 x é"},{"type":"image_url","image_url":{"url":"http://h/4111111111111111"}}]},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"4111111111111111","type":"function","function":{"name":"f","arguments":"{\"4111111111111111\":\"x 4111111111111111 x\"}"}}]},{"role":"tool","tool_call_id":"4111111111111111","content":"x 4111111111111111 x"}]}
                """,
            "openai-completions" => """{"model":"MODEL","stream":FLAG,"prompt":["x 4111111111111111 x","y"],"suffix":"x 4111111111111111 x","user":"4111111111111111"}""",
            "openai-responses" => """
                {"model":"MODEL","stream":FLAG,"instructions":"x 4111111111111111 x","input":[{"role":"user","content":"x 4111111111111111 x"},{"type":"message","role":"user","content":[{"type":"input_text","text":"x 4111111111111111 x"}]},
                 {"type":"function_call","call_id":"4111111111111111","name":"f","arguments":"{\"a\":\"x 4111111111111111 x\"}"},{"type":"function_call_output","call_id":"4111111111111111","output":"x 4111111111111111 x"}],"user":"4111111111111111"}
                """,
            "anthropic-messages" => """
                {"model":"MODEL","stream":FLAG,"max_tokens":100,"system":[{"type":"text","text":"x 4111111111111111 x"}],"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"x 4111111111111111 x"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"toolu_4111111111111111","name":"f","input":{"4111111111111111":1,"a":["x 4111111111111111 x"]}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_4111111111111111","content":[{"type":"text","text":"x 4111111111111111 x"}]},{"type":"image","source":{"type":"url","url":"http://h/4111111111111111"}}]}]}
                """,
            "gemini-generate" => """
                {"system_instruction":{"parts":[{"text":"x 4111111111111111 x"}]},"contents":[{"role":"user","parts":[{"text":"x 4111111111111111 x"},{"inlineData":{"mimeType":"image/png","data":"4111111111111111"}}]},
                 {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":"x 4111111111111111 x"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"4111111111111111":"x 4111111111111111 x"}}}]}]}
                """,
            "ollama-chat" => """
                {"model":"MODEL","stream":FLAG,"messages":[{"role":"user","content":"x 4111111111111111 x","images":["/9j/4111111111111111"]},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":"x 4111111111111111 x"}}}]},{"role":"tool","tool_name":"f","content":"x 4111111111111111 x"}]}
                """,
            _ => """{"model":"MODEL","stream":FLAG,"prompt":"x 4111111111111111 x","system":"x 4111111111111111 x","context":[1]}""",
        };
        return body.Replace("FLAG", stream ? "true" : "false", StringComparison.Ordinal);
    }
}
