using System.Collections.Concurrent;
using Sluice.Engine;
using Sluice.Gateway.Hosting;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What a key may use is decided on the model that a call really goes to, whoever chose it.</summary>
public sealed class ScopeTests
{
    private const string Answer = """{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""";

    private const string Settings = """
        defaults: { retry: { max_attempts: 1 } }
        providers:
          a: { type: openai-compatible, base_url: "URL/a/v1", api_key: k }
          us: { type: openai-compatible, base_url: "URL/us/v1", api_key: k }
          ork: { type: openai-compatible, base_url: "URL/ork/v1", api_key: k }
          router: { type: openrouter, base_url: "URL/router/v1", api_key: k }
        models:
          shadowed: { targets: [a/m1], shadow: { model: us/copy, percent: 100 } }
          nested: { targets: [a/m1], shadow: { model: abroad, percent: 100 } }
          abroad: { targets: [us/x, us/y] }
          mixed: { targets: [a/m1], shadow: { model: both, percent: 100 } }
          both: { targets: [us/x, a/m2] }
          a/cheap: { targets: [us/x] }
        keys: { required: true, groups: { eu: { providers: [a, ork] }, one: { models: ["a/*"] } } }
        """;

    [Theory]
    [InlineData("""["a/*"]""", "a/m1", true)]
    [InlineData("""["a/*"]""", "ork/a/m1", false)]
    [InlineData("""["a/*"]""", "us/a/m1", false)]
    [InlineData("""["a/m1"]""", "ork/a/m1", false)]
    [InlineData("""["a/m1"]""", "a/m1", true)]
    [InlineData("""["a*/m1"]""", "ork/a/m1", true)]
    [InlineData("""["*/m1"]""", "ork/a/m1", true)]
    [InlineData("""["m*"]""", "us/m7", true)]
    [InlineData("""["a/*"]""", "a/cheap", false)]
    [InlineData("""["a/cheap"]""", "a/cheap", true)]
    public async Task PatternForOneProvider_OpensNoOther(string models, string model, bool may)
    {
        foreach (string settings in new[] { $$"""{"models":{{models}}}""", "group" })
        {
            if (settings == "group" && models != """["a/*"]""") continue;
            await using var gateway = await KeyedUpstream.StartAsync(Settings, _ => FakeAnswer.Json(Answer));
            string key = await gateway.KeyAsync(settings == "group" ? """{"group":"one"}""" : settings);

            using var answer = await ChatAsync(gateway, model, key);

            ((int)answer.StatusCode).ShouldBe(may ? 200 : 403, await TextAsync(answer));
            gateway.Upstream.Requests.Count.ShouldBe(may ? 1 : 0);
        }
    }

    [Theory]
    [InlineData("a/m1", 200)]
    [InlineData("ork/a/m1", 403)]
    [InlineData("us/special", 200)]
    [InlineData("ork/special", 200)]
    public async Task AllowedModels_OfTheConfiguration_FollowTheSameRule(string model, int status)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await upstream.GatewayAsync(Settings[..Settings.IndexOf("models:", StringComparison.Ordinal)] + "allow: { models: [\"a/*\", special] }");

        using var answer = await upstream.ChatAsync(model);

        ((int)answer.StatusCode).ShouldBe(status, await TextAsync(answer));
    }

    [Theory]
    [InlineData("""{"providers":["a"]}""", "shadowed", 0)]
    [InlineData("""{"models":["a/m1"]}""", "shadowed", 0)]
    [InlineData("""{"group":"eu"}""", "shadowed", 0)]
    [InlineData("""{"group":"eu"}""", "nested", 0)]
    [InlineData("""{"group":"one"}""", "nested", 0)]
    [InlineData("""{"providers":["a"]}""", "mixed", 1)]
    [InlineData("""{"models":["shadowed"]}""", "shadowed", 1)]
    [InlineData("{}", "shadowed", 1)]
    public async Task Shadow_IsShownOnlyWhatTheCallerMayAskIt(string settings, string route, int copies)
    {
        var shadows = new Shadows();
        await using var gateway = await KeyedUpstream.StartAsync(Settings, _ => FakeAnswer.Json(Answer), new GatewayHostOptions { Observers = [shadows] });
        string key = await gateway.KeyAsync(settings), free = await gateway.KeyAsync("""{"models":["shadowed"]}""");

        using var answer = await ChatAsync(gateway, route, key);
        // A call that is copied for certain: what its copy comes after would have come before it.
        using var last = await ChatAsync(gateway, "shadowed", free);
        await shadows.SawAsync(copies + 1);

        ((int)answer.StatusCode).ShouldBe(200, await TextAsync(answer));
        var abroad = gateway.Upstream.Requests.Where(r => r.Target.StartsWith("/us/", StringComparison.Ordinal)).ToArray();
        abroad.Length.ShouldBe(route == "mixed" ? 1 : copies + 1);
    }

    [Fact]
    public async Task ListForOpenRouter_NamesOnlyWhatTheKeyMayUseThere()
    {
        await using var gateway = await KeyedUpstream.StartAsync(Settings, _ => FakeAnswer.Json(Answer));
        string key = await gateway.KeyAsync("""{"models":["router/openai/*"]}"""), free = await gateway.KeyAsync();
        string Body(string other) => $$"""{"model":"router/openai/x","models":["openai/y","{{other}}"],"messages":[{"role":"user","content":"Hi"}]}""";

        using var refused = await gateway.PostAsync("/v1/chat/completions", Body("anthropic/z"), key);
        using var passed = await gateway.PostAsync("/v1/chat/completions", Body("openai/z"), key);
        using var open = await gateway.PostAsync("/v1/chat/completions", Body("anthropic/z"), free);

        ((int)refused.StatusCode).ShouldBe(403, await TextAsync(refused));
        ((int)passed.StatusCode).ShouldBe(200, await TextAsync(passed));
        ((int)open.StatusCode).ShouldBe(200, await TextAsync(open));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("%2e")]
    [InlineData("a%2fb")]
    [InlineData("a\\b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("ada\u202e")]
    [InlineData("a\u200bda")]
    [InlineData("a\u2028b")]
    [InlineData("a\u0007b")]
    [InlineData("..")]
    public async Task NameOfAKey_ThatCannotBeReadOrAddressed_IsRefused(string name)
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string json = $"{{\"name\":{System.Text.Json.JsonSerializer.Serialize(name)}}}";

        using var answer = await gateway.AdminAsync("POST", "keys", json);

        ((int)answer.StatusCode).ShouldBe(400, await TextAsync(answer));
        (await TextAsync(answer)).ShouldContain("name");
    }

    private static Task<HttpResponseMessage> ChatAsync(KeyedUpstream gateway, string model, string key) =>
        gateway.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}""", key);

    private sealed class Shadows : ICallObserver
    {
        private readonly ConcurrentQueue<CallRecord> _seen = new();
        private readonly SemaphoreSlim _one = new(0);

        public void Completed(CallRecord record)
        {
            if (record.ShadowOf is null) return;
            _seen.Enqueue(record);
            _one.Release();
        }

        public async Task SawAsync(int count)
        {
            for (int i = 0; i < count; i++) (await _one.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBeTrue();
            _seen.Count.ShouldBe(count);
        }
    }
}
