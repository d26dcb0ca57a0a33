using System.Net;
using System.Text;
using Sluice.Gateway.Hosting;

namespace Sluice.Gateway.Tests;

/// <summary>Under a cap a request is reserved for at its dearest: whatever a server could take its members for. Nothing of it that goes over a cap reaches a provider.</summary>
public sealed class DearestReadingTests : IAsyncLifetime
{
    private const string Answer = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";
    private const string Chat = "/v1/chat/completions", Completions = "/v1/completions", Responses = "/v1/responses", Messages = "/v1/messages", Generate = "/v1beta/models/gem/m:generateContent", Ollama = "/api/chat", OllamaGenerate = "/api/generate";
    private readonly FaultyStore _store = new();
    private FakeUpstream? _fake;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_fake is not null) await _fake.DisposeAsync();
        await _store.DisposeAsync();
    }

    // 500 tokens fit under the cap.
    [Theory]
    [InlineData(Chat, "\"max_tokens\":100,\"n\":100")]
    [InlineData(Chat, "\"max_tokens\":100,\"n\":\"100\"")]
    [InlineData(Chat, "\"max_tokens\":100,\"n\":1e2")]
    [InlineData(Chat, "\"max_tokens\":100,\"n\":100.0")]
    [InlineData(Chat, "\"max_tokens\":100,\"n\":\" 100 \"")]
    [InlineData(Chat, "\"max_tokens\":1,\"n\":100000")]
    [InlineData(Chat, "\"max_tokens\":100,\"best_of\":100")]
    [InlineData(Chat, "\"max_tokens\":100,\"n\":[100]")]
    [InlineData(Chat, "\"max_tokens\":100,\"\\u006e\":100")]
    [InlineData(Chat, "\"max_tokens\":10,\"max_completion_tokens\":\"1000000\"")]
    [InlineData(Chat, "\"max_tokens\":10,\"max_completion_tokens\":1e6")]
    [InlineData(Chat, "\"max_tokens\":\"1000000\",\"max_completion_tokens\":10")]
    [InlineData(Chat, "\"max_tokens\":10,\"max\\u005fcompletion\\u005ftokens\":1000000")]
    [InlineData(Chat, "\"max_tokens\":10,\"n_predict\":1000000")]
    [InlineData(Chat, "\"n_predict\":1000000")]
    [InlineData(Chat, "\"max_tokens\":\"many\"")]
    [InlineData(Chat, "\"max_tokens\":{\"a\":1}")]
    [InlineData(Chat, "\"max_tokens\":true")]
    [InlineData(Completions, "\"max_tokens\":100,\"best_of\":\"100\"")]
    [InlineData(Completions, "\"max_tokens\":100,\"n\":1e2")]
    [InlineData(Responses, "\"max_output_tokens\":10,\"max_tokens\":\"1000000\"")]
    [InlineData(Responses, "\"max_output_tokens\":1e6")]
    [InlineData(Messages, "\"max_tokens\":\"1000000\"")]
    [InlineData(Messages, "\"max_tokens\":1e6")]
    [InlineData(Messages, "\"max_tokens\":10,\"max_tokens_to_sample\":1000000")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":10},\"generation_config\":{\"max_output_tokens\":1000000}")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":10,\"max_output_tokens\":1000000}")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":\"1000000\"}")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":100,\"c\\u0061ndid\\u0061teCount\":8}")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":100,\"candidate_count\":\"8\"}")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":100},\"generation_config\":{\"candidateCount\":8,\"maxOutputTokens\":100}")]
    [InlineData(Ollama, "\"options\":{\"num_predict\":\"1000000\"}")]
    [InlineData(Ollama, "\"options\":{\"num_predict\":1e6}")]
    [InlineData(OllamaGenerate, "\"options\":{\"num\\u005fpredict\":1000000}")]
    public async Task MoreThanTheCap_IsRefused_HoweverItIsSpelled(string path, string members)
    {
        await StartAsync("price: { input: 0, output: 1 }");

        using var answer = await AskAsync(path, members);

        ((int)answer.StatusCode).ShouldBeOneOf([400, 402], await answer.Content.ReadAsStringAsync(Cancel));
        _fake!.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Chat, "\"max_tokens\":100,\"n\":2")]
    [InlineData(Chat, "\"max_tokens\":\"100\",\"n\":null,\"max_completion_tokens\":null")]
    [InlineData(Chat, "\"max_tokens\":100,\"best_of\":1,\"n_predict\":50")]
    [InlineData(Chat, "\"temperature\":1")] // gets a limit that fits
    [InlineData(Messages, "\"max_tokens\":100")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":100,\"candidateCount\":4},\"systemInstruction\":{\"parts\":[{\"text\":\"candidates\"}]}")]
    [InlineData(Generate, "\"generation_config\":{\"max_output_tokens\":100}")]
    [InlineData(Ollama, "\"options\":{\"num_predict\":100}")]
    [InlineData(Responses, "\"max_output_tokens\":100")]
    public async Task WhatFits_Passes(string path, string members)
    {
        await StartAsync("price: { input: 0, output: 1 }");

        using var answer = await AskAsync(path, members);

        _fake!.Requests.Count.ShouldBe(1, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(Chat, "\"max_tokens\":10,\"n\":[100]", "n")]
    [InlineData(Messages, "\"max_tokens\":\"many\"", "max_tokens")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":{}}", "generationConfig.maxOutputTokens")]
    [InlineData(Ollama, "\"options\":{\"num_predict\":\"lots\"}", "options.num_predict")]
    public async Task WhatCannotBeRead_IsNamed_UnderACapAlone(string path, string members, string named)
    {
        await StartAsync("price: { input: 0, output: 1 }");
        using (var refused = await AskAsync(path, members))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadAsStringAsync(Cancel)).ShouldContain(named + ": a budget caps this call");
        }

        await _fake!.DisposeAsync();
        await StartAsync("price: { input: 0, output: 1 }", cap: "");
        using var passed = await AskAsync(path, members);
        _fake.Requests.Count.ShouldBe(1, await passed.Content.ReadAsStringAsync(Cancel));
    }

    // 5,000 tokens of input fit under the cap; what is not in the request may be a whole window.
    [Theory]
    [InlineData(Responses, "\"previous_response_id\":\"resp_1\"")]
    [InlineData(Responses, "\"conversation\":\"conv_1\"")]
    [InlineData(Responses, "\"conversation\":{\"id\":\"conv_1\"}")]
    [InlineData(Responses, "\"prompt\":{\"id\":\"pmpt_1\"}")]
    [InlineData(Responses, "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]")]
    [InlineData(Responses, "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"file-1\"}]}]")]
    [InlineData(Responses, "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file\\u005furl\":\"https://x.example/a.pdf\"}]}]")]
    [InlineData(Chat, "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]}]")]
    [InlineData(Messages, "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"https://x.example/a.pdf\"}}]}]")]
    [InlineData(Messages, "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"file_1\"}}]}]")]
    [InlineData(Generate, "\"cachedContent\":\"cachedContents/1\"")]
    [InlineData(Generate, "\"contents\":[{\"role\":\"user\",\"parts\":[{\"fileData\":{\"fileUri\":\"https://x.example/a.mp4\"}}]}]")]
    [InlineData(OllamaGenerate, "\"context\":[TOKENS]")]
    [InlineData(Completions, "\"prompt\":[TOKENS]")]
    public async Task InputThatIsNotInTheRequest_IsReservedFor(string path, string members)
    {
        await StartAsync("price: { input: 1, output: 0 }", cap: "budgets: { total: 0.005 }");
        members = members.Replace("TOKENS", string.Join(',', Enumerable.Range(1, 6000)), StringComparison.Ordinal);

        using var answer = await AskAsync(path, members);

        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired, await answer.Content.ReadAsStringAsync(Cancel));
        _fake!.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Chat, "\"Model\":\"forbidden\",\"MESSAGES\":[],\"Max_Tokens\":1000000,\"N\":100,\"Stream\":true,\"max_to\u212Aens\":7")]
    [InlineData(Responses, "\"Model\":\"forbidden\",\"Input\":\"forbidden\",\"Max_Output_Tokens\":1000000,\"Background\":true,\"PREVIOUS_RESPONSE_ID\":\"forbidden\"")]
    [InlineData(Messages, "\"Model\":\"forbidden\",\"Messages\":[],\"MAX_TOKENS\":1000000,\"System\":\"forbidden\"")]
    [InlineData(Generate, "\"Contents\":[],\"generationconfig\":{\"maxOutputTokens\":1000000},\"generationConfig\":{\"MaxOutputTokens\":1000000,\"candidatecount\":8}")]
    [InlineData(Ollama, "\"Model\":\"forbidden\",\"Messages\":[],\"Options\":{\"num_predict\":-1},\"options\":{\"Num_Predict\":1000000}")]
    [InlineData(OllamaGenerate, "\"\\u004dodel\":\"forbidden\",\"Prompt\":\"forbidden\"")]
    [InlineData("/api/embed", "\"Model\":\"forbidden\",\"Input\":\"forbidden\"")]
    [InlineData("/v1/embeddings", "\"Model\":\"forbidden\",\"Input\":\"forbidden\"")]
    public async Task MembersThatDifferInCaseAlone_DoNotGoUp_AndAreTold(string path, string members)
    {
        await StartAsync("price: { input: 0, output: 0 }", cap: "");

        using var answer = await AskAsync(path, members);

        string sent = _fake!.Requests.ShouldHaveSingleItem().Text;
        sent.ShouldNotContain("forbidden");
        sent.ShouldNotContain("1000000");
        sent.ShouldNotContain("\u212A");
        answer.Headers.GetValues("x-sluice-dropped").Single().ShouldNotBeEmpty();
        using var strict = await AskAsync(path, members, strict: true);
        strict.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(Chat, "\"model\":\"oai/forbidden\",\"model\":\"oai/m\",\"messages\":[{\"role\":\"user\",\"content\":\"forbidden\"}],\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":1000000,\"max_tokens\":5")]
    [InlineData(Generate, "\"generationConfig\":{\"maxOutputTokens\":1000000},\"generationConfig\":{\"maxOutputTokens\":1000000,\"maxOutputTokens\":5}")]
    [InlineData(Ollama, "\"options\":{\"num_predict\":1000000,\"num_predict\":5}")]
    public async Task MembersThatStandTwice_GoUpOnce(string path, string members)
    {
        await StartAsync("price: { input: 0, output: 1 }");

        using var answer = await AskAsync(path, members);

        string sent = _fake!.Requests.ShouldHaveSingleItem(await answer.Content.ReadAsStringAsync(Cancel)).Text;
        sent.ShouldNotContain("forbidden");
        sent.ShouldNotContain("1000000");
    }

    private async Task StartAsync(string price, string cap = "budgets: { total: 0.0005 }")
    {
        _fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await _fake.GatewayAsync(
            $$"""
            {{cap}}
            defaults: { retry: { max_attempts: 1 } }
            providers:
              oai: { type: openai, base_url: "URL/v1", api_key: k-0123456789, formats: [openai-chat, openai-responses, openai-completions, openai-embeddings], {{price}} }
              ant: { type: anthropic, base_url: "URL", api_key: k-0123456789, {{price}} }
              gem: { type: gemini, base_url: "URL", api_key: k-0123456789, {{price}} }
              oll: { type: ollama, base_url: "URL", {{price}} }
            """,
            new GatewayHostOptions { Store = _store });
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string members, bool strict = false)
    {
        string[] usual = path switch
        {
            Chat => ["\"model\":\"oai/m\"", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"],
            Completions => ["\"model\":\"oai/m\"", "\"prompt\":\"Hi\""],
            Responses => ["\"model\":\"oai/m\"", "\"input\":\"Hi\""],
            Messages => ["\"model\":\"ant/m\"", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"],
            Generate => ["\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]"],
            Ollama => ["\"model\":\"oll/m\"", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]", "\"stream\":false"],
            OllamaGenerate => ["\"model\":\"oll/m\"", "\"prompt\":\"Hi\"", "\"stream\":false"],
            "/api/embed" => ["\"model\":\"oll/m\"", "\"input\":\"Hi\""],
            _ => ["\"model\":\"oai/m\"", "\"input\":\"Hi\""],
        };
        // What a case writes itself is not written for it.
        string body = "{" + string.Join(',', usual.Where(u => !members.Contains(u[..(u.IndexOf(':') + 1)], StringComparison.Ordinal)).Append(members)) + "}";
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (strict) request.Headers.Add("x-sluice-strict", "true");
        return await _fake!.Client.SendAsync(request, Cancel);
    }
}
