using System.Net;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Gateway.Hosting;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Routes whose names are patterns: which one a name finds, and what its target gets.</summary>
public sealed class RoutePatternTests
{
    private const string Settings = """
        providers:
          openai: { type: openai-compatible, base_url: "URL/openai/v1", api_key: k }
          anthropic: { type: openai-compatible, base_url: "URL/anthropic/v1", api_key: k }
          local: { type: openai-compatible, base_url: "URL/local/v1", api_key: k, models: [small, large] }
        models:
          claude-exact: local/small
          "claude-*": anthropic/claude-*
          "claude-sonnet-*": { targets: [openai/sonnet-*-eu] }
          "eu/*/*": openai/*:*
          "openai/gpt-*": anthropic/mine-*
          "l-*": local/*
          "*": local/large
        """;

    private const string Whole = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}""";

    [Theory]
    [InlineData("claude-exact", "/local/v1/", "small")]
    [InlineData("CLAUDE-EXACT", "/local/v1/", "small")]
    [InlineData("claude-haiku-4-5", "/anthropic/v1/", "claude-haiku-4-5")]
    [InlineData("Claude-Haiku", "/anthropic/v1/", "claude-Haiku")]
    [InlineData("claude-sonnet-5", "/openai/v1/", "sonnet-5-eu")]
    [InlineData("claude-sonnet-", "/anthropic/v1/", "claude-sonnet-")]
    [InlineData("eu/a/b/c", "/openai/v1/", "a:b/c")]
    [InlineData("openai/gpt-x", "/anthropic/v1/", "mine-x")]
    [InlineData("openai/other", "/openai/v1/", "other")]
    [InlineData("l-small", "/local/v1/", "small")]
    [InlineData("whatever", "/local/v1/", "large")]
    [InlineData("nobody/model", "/local/v1/", "large")]
    public async Task Name_GoesToTheRouteThatFitsBest(string asked, string path, string model)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Whole));
        await fake.GatewayAsync(Settings);

        for (int i = 0; i < 2; i++)
        {
            using var answer = await fake.ChatAsync(asked);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        }

        fake.Requests.ShouldAllBe(r => r.Target.StartsWith(path, StringComparison.Ordinal) && JsonDocument.Parse(r.Text, default).RootElement.GetProperty("model").GetString() == model);
    }

    [Fact]
    public async Task Name_WithoutATargetThatHasIt_Is404()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Whole));
        await fake.GatewayAsync(Settings);

        using var answer = await fake.ChatAsync("l-huge");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await TextAsync(answer)).ShouldContain("no target of route 'l-*' has 'l-huge'");
        // Lists of models are asked for before it is said that a name is nobody's.
        fake.Requests.ShouldAllBe(r => r.Method == "GET");
    }

    [Fact]
    public async Task AllowedModels_HoldForWhatAPatternGives()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Whole));
        await fake.GatewayAsync("""
            allow: { models: ["lab/a*"] }
            providers: { lab: { type: openai-compatible, base_url: "URL/v1", api_key: k } }
            models: { "x-*": lab/* }
            """);

        using var good = await fake.ChatAsync("x-abc");
        using var bad = await fake.ChatAsync("x-bcd");

        good.StatusCode.ShouldBe(HttpStatusCode.OK);
        bad.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task ModelList_LeavesPatternsOut_AndTheLedgerCallsThemByTheirName()
    {
        var watch = new Watch();
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Method == "GET" ? """{"object":"list","data":[{"id":"m","object":"model"}]}""" : Whole));
        await fake.GatewayAsync(Settings, new GatewayHostOptions { Guards = [watch] });

        using var list = await fake.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        using var call = await fake.ChatAsync("claude-haiku");

        string text = await TextAsync(list);
        text.ShouldContain("claude-exact");
        text.ShouldNotContain("*");
        var record = watch.Records.ShouldHaveSingleItem();
        record.Route.ShouldBe("claude-*");
        record.RequestedModel.ShouldBe("claude-haiku");
        record.Model.ShouldBe("claude-haiku");
    }

    [Theory]
    [InlineData("models: { a: lab/* }", "test:2:14: 'lab/*' has more '*' than 'a'")]
    [InlineData("models: { \"a-*\": { targets: [lab/*-*] } }", "has more '*' than 'a-*'")]
    [InlineData("models: { \"a-*\": { targets: [lab/m], shadow: { model: lab/**, percent: 5 } } }", "has more '*' than 'a-*'")]
    [InlineData("models: { a: lab/m, A: lab/n }", "test:2:21: 'A' and 'a' differ by upper and lower case alone")]
    public void Load_StarsThatStandForNothing_AreRefused(string models, string message)
    {
        var result = ConfigurationLoader.LoadText($"providers: {{ lab: {{ type: openai, api_key: k }} }}\n{models}\n", "test", new ProcessEnvironment());

        result.Faults.ShouldHaveSingleItem().ToString().ShouldContain(message);
    }

    private sealed class Watch : ICallGuard
    {
        public List<CallRecord> Records { get; } = [];

        public ValueTask<GatewayError?> AdmitAsync(CallContext call, CancellationToken cancellationToken) => default;

        public ValueTask SettleAsync(CallContext call, CallRecord record, CancellationToken cancellationToken)
        {
            Records.Add(record);
            return default;
        }
    }
}
