using Sluice.Chat;
using Sluice.Gateway.Hosting;
using Sluice.Storage;

namespace Sluice.Gateway.Tests;

/// <summary>What a provider writes into its usage is bounded when it is read, and estimated where it is no count: reports and caps hold whatever it is.</summary>
public sealed class UsageBoundTests : IAsyncLifetime
{
    private readonly FaultyStore _store = new();
    private FakeUpstream? _fake;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Format of the upstream, its answer, the client's path and body, and whether it streams.</summary>
    public static TheoryData<string, string, bool> Answers
    {
        get
        {
            var all = new TheoryData<string, string, bool>();
            foreach (string format in (string[])["openai-chat", "anthropic-messages", "gemini-generate", "ollama-chat", "cohere-chat"])
            {
                foreach (string client in (string[])["openai-chat", "anthropic-messages", format == "cohere-chat" ? "openai-responses" : format]) all.Add(format, client, false);
            }
            all.Add("openai-responses", "openai-responses", false);
            all.Add("openai-chat", "openai-chat", true);
            all.Add("openai-chat", "anthropic-messages", true);
            return all;
        }
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_fake is not null) await _fake.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task LargeCount_IsBounded_AndReportsGoOn(string format, string client, bool stream)
    {
        var entry = await CallAsync(format, client, stream, "9223372036854775807");

        (entry.InputTokens, entry.OutputTokens, entry.Estimated).ShouldBe((Usage.MostTokens, Usage.MostTokens, false));
        entry.CostUsd.ShouldBe(3000m);
        (await _store.SpendAsync(new SpendQuery(new LedgerFilter(), null), Cancel)).Value!.Total.InputTokens.ShouldBe(Usage.MostTokens);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task UnreadableCount_IsEstimated_AndMarked(string format, string client, bool stream)
    {
        foreach (string count in (string[])["1e30", "1.5", "-7", "\"12\"", "true"])
        {
            var entry = await CallAsync(format, client, stream, count);

            entry.Estimated.ShouldBeTrue(count);
            entry.InputTokens!.Value.ShouldBeInRange(5, 100, count);
            entry.OutputTokens!.Value.ShouldBeInRange(1, 100, count);
            entry.CostUsd.ShouldBe((entry.InputTokens + (2 * entry.OutputTokens)) / 1_000_000m, count);
        }
    }

    private async Task<LedgerEntry> CallAsync(string format, string client, bool stream, string count)
    {
        if (_fake is not null) await _fake.DisposeAsync();
        _fake = await FakeUpstream.StartAsync(_ => stream ? FakeAnswer.Events(Stream(count)) : FakeAnswer.Json(Whole(format, count)));
        string type = format switch { "anthropic-messages" => "anthropic", "gemini-generate" => "gemini", "ollama-chat" => "ollama", "cohere-chat" => "cohere", _ => "openai-compatible" };
        string formats = type == "openai-compatible" ? ", formats: [openai-chat, openai-responses]" : "";
        await _fake.GatewayAsync($"providers: {{ up: {{ type: {type}, base_url: \"URL\", api_key: sk-0123456789{formats}, price: {{ input: 1, output: 2 }} }} }}", new GatewayHostOptions { Store = _store });
        var (path, body) = SimulatedGateway.Ask(client, "up/m", "Tell me of the sea, and of all that swims in it.", stream);
        using var answer = await _fake.Client.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancel));
        return (await _store.EntriesAsync())[^1];
    }

    private static string Whole(string format, string n) => (format switch
    {
        "openai-chat" => """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Whales and herrings."},"finish_reason":"stop"}],"usage":{"prompt_tokens":COUNT,"completion_tokens":COUNT,"total_tokens":COUNT}}""",
        "openai-responses" => """{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Whales and herrings.","annotations":[]}]}],"usage":{"input_tokens":COUNT,"output_tokens":COUNT,"total_tokens":COUNT}}""",
        "anthropic-messages" => """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Whales and herrings."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":COUNT,"output_tokens":COUNT}}""",
        "gemini-generate" => """{"candidates":[{"content":{"role":"model","parts":[{"text":"Whales and herrings."}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":COUNT,"candidatesTokenCount":COUNT,"totalTokenCount":COUNT},"modelVersion":"m"}""",
        "ollama-chat" => """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Whales and herrings."},"done":true,"done_reason":"stop","prompt_eval_count":COUNT,"eval_count":COUNT}""",
        _ => """{"id":"c","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"Whales and herrings."}]},"usage":{"billed_units":{"input_tokens":COUNT,"output_tokens":COUNT},"tokens":{"input_tokens":COUNT,"output_tokens":COUNT}}}""",
    }).Replace("COUNT", n, StringComparison.Ordinal);

    private static string Stream(string n) => string.Concat(
        """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Whales and herrings."},"finish_reason":null}]}""", "\n\n",
        """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", "\n\n",
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":", n, ",\"completion_tokens\":", n, ",\"total_tokens\":", n, "}}\n\n",
        "data: [DONE]\n\n");
}
