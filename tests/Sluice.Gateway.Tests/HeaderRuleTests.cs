using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Rules for headers, there and back, and the bounds of what a request may be.</summary>
public sealed class HeaderRuleTests : IAsyncLifetime
{
    private const string Settings = """
        server: { listen: "127.0.0.1:0", max_nesting: 8, max_headers: 20, max_stream_line: 4KiB }
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers:
          plain: { type: openai, base_url: "URL/openai/v1", api_key: test }
          claude: { type: anthropic, base_url: "URL/anthropic", api_key: test }
          ruled:
            type: openai
            base_url: "URL/openai/v1"
            api_key: test
            headers:
              forward: [X-Trace-*, X-Team, "*-Note"]
              drop: [X-Trace-Secret]
              add: { X-Team: search, X-Origin: sluice }
              set: { User-Agent: lab, X-Note: ours }
            response_headers:
              forward: [openai-organization]
              drop: [x-ratelimit-*, x-sluice-provider]
              add: { X-Sluice-Model: other, X-Served-By: gateway }
              set: { X-Sluice-Lane: hidden }
          closed: { type: anthropic, base_url: "URL/anthropic", api_key: test, headers: { forward: ["*"], allow_only: [anthropic-version] }, response_headers: { forward: ["*"], allow_only: [] } }
          listed: { type: openai, base_url: "URL/openai/v1", api_key: test, headers: { allow_only: [X-Team, Authorization] }, response_headers: { allow_only: [openai-organization] } }
          open: { type: openai, base_url: "URL/openai/v1", api_key: test, headers: { forward: ["*"] }, response_headers: { forward: ["*"] } }
        models:
          near: { targets: [{ model: ruled/large, headers: { set: { X-Note: the target's } } }] }
        """;

    private SimulatorServer _simulator = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        var result = ConfigurationLoader.LoadText(Settings.Replace("URL", _simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal), "test", new ProcessEnvironment());
        _gateway = await GatewayHost.StartAsync(result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults)));
        _client = new HttpClient { BaseAddress = _gateway.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Request_WithoutRules_ForwardsNothingOfTheClient()
    {
        using var answer = await AskAsync("plain", ("X-Team", "a"), ("User-Agent", "mine"), ("Cookie", "a=b"));

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Names(Sent().Keys).ShouldBe("authorization content-length content-type host");
    }

    [Fact]
    public async Task Request_WithRules_ForwardsThenDropsThenAddsThenSets()
    {
        using var answer = await AskAsync("ruled", ("X-Trace-Id", "7"), ("X-Trace-Secret", "s"), ("X-Team", "client"), ("X-Note", "client"), ("X-Other", "o"));

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        var sent = Sent();
        sent["X-Trace-Id"].ShouldBe("7");
        sent["X-Team"].ShouldBe("client");
        sent["X-Origin"].ShouldBe("sluice");
        sent["X-Note"].ShouldBe("ours");
        sent["User-Agent"].ShouldBe("lab");
        sent.ContainsKey("X-Trace-Secret").ShouldBeFalse();
        sent.ContainsKey("X-Other").ShouldBeFalse();
    }

    [Fact]
    public async Task Request_OfATargetWithRulesOfItsOwn_TakesTheTargetsOverTheProviders()
    {
        using var answer = await AskAsync(null, ("X-Trace-Id", "7"));

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Sent()["X-Note"].ShouldBe("the target's");
        Sent()["X-Trace-Id"].ShouldBe("7");
    }

    [Fact]
    public async Task Request_ForwardingAll_KeepsCredentialsAndTheConnectionBack()
    {
        using var answer = await AskAsync("open", ("Authorization", "Bearer mine"), ("x-api-key", "mine"), ("Cookie", "mine"), ("TE", "trailers"), ("Connection", "X-Hop"), ("X-Hop", "mine"), ("x-sluice-strict", "false"), ("X-Fine", "yes"));

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        var sent = Sent();
        sent["X-Fine"].ShouldBe("yes");
        sent["Authorization"].ShouldBe("Bearer test");
        Names(sent.Keys).ShouldBe("authorization content-length content-type host x-fine");
    }

    [Fact]
    public async Task Request_AllowingOnlySome_KeepsTheCredentialAndTheBodysHeaders()
    {
        using var answer = await AskAsync("closed", ("X-Fine", "yes"));

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Names(Sent("anthropic").Keys).ShouldBe("anthropic-version content-length content-type host x-api-key");
    }

    [Fact]
    public async Task AllowOnly_WithoutForward_LetsWhatItListsPassBothWays()
    {
        using var answer = await AskAsync("listed", ("X-Team", "a"), ("X-Other", "o"), ("Authorization", "Bearer mine"));

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Sent()["X-Team"].ShouldBe("a");
        Sent()["Authorization"].ShouldBe("Bearer test");
        Names(Sent().Keys).ShouldBe("authorization content-length content-type host x-team");
        Header(answer, "openai-organization").ShouldNotBeNull();
        Header(answer, "x-ratelimit-limit-requests").ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_WithoutRules_CarriesLimitsAndTheProvidersId(bool stream)
    {
        using var answer = await AskAsync("plain", stream);

        Header(answer, "x-ratelimit-limit-requests").ShouldBe("10000");
        Header(answer, "openai-processing-ms").ShouldBe("12");
        Header(answer, "x-sluice-upstream-request-id").ShouldNotBeNull().ShouldNotBe(Header(answer, "x-request-id"));
        Header(answer, "openai-organization").ShouldBeNull();
    }

    [Fact]
    public async Task Answer_OfAnthropic_CarriesItsLimits()
    {
        using var answer = await AskAsync("claude");

        Header(answer, "anthropic-ratelimit-requests-limit").ShouldNotBeNull();
        Header(answer, "anthropic-organization-id").ShouldBeNull();
    }

    [Fact]
    public async Task Answer_WithRules_ForwardsThenDropsThenAddsThenSets()
    {
        using var answer = await AskAsync("ruled");

        Header(answer, "openai-processing-ms").ShouldBe("12");
        Header(answer, "x-ratelimit-limit-requests").ShouldBeNull();
        Header(answer, "x-sluice-provider").ShouldBeNull();
        Header(answer, "x-sluice-model").ShouldBe("large");
        Header(answer, "x-served-by").ShouldBe("gateway");
        Header(answer, "x-sluice-lane").ShouldBe("hidden");
    }

    [Fact]
    public async Task Answer_AllowingNothing_CarriesOnlyTheIdAndTheBody()
    {
        using var answer = await AskAsync("closed");

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Names(answer.Headers.Select(h => h.Key)).ShouldBe("date x-request-id");
    }

    [Fact]
    public async Task Answer_ThatFails_CarriesLimitsAndTheRules()
    {
        _simulator.Script("openai", Fault.WithStatus(429, retryAfterSeconds: 30));

        using var answer = await AskAsync("ruled");

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Header(answer, "Retry-After").ShouldBe("30");
        Header(answer, "x-served-by").ShouldBe("gateway");
        Header(answer, "x-sluice-provider").ShouldBeNull();
    }

    [Theory]
    [InlineData("set: { X-A: \"a\\r\\nX-B: b\" }")]
    [InlineData("set: { \"X-A\\r\\nX-B\": b }")]
    [InlineData("set: { \"X A\": b }")]
    [InlineData("add: { X-A: \"\\u00e9\" }")]
    [InlineData("add: { \"X-*\": b }")]
    [InlineData("set: { Content-Length: 5 }")]
    [InlineData("set: { Content-Type: text/plain }")]
    [InlineData("add: { Transfer-Encoding: chunked }")]
    [InlineData("forward: [Authorization]")]
    public void Rule_ThatNoHeaderMayFollow_IsRefusedAtLoad(string rule)
    {
        var result = ConfigurationLoader.LoadText($"providers: {{ openai: {{ api_key: test, headers: {{ {rule} }} }} }}", "test", new ProcessEnvironment());

        result.Config.ShouldBeNull();
        result.Faults.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public async Task Body_ThatNestsTooDeeply_IsRefused(int depth, bool taken)
    {
        string nested = new string('[', depth - 1) + new string(']', depth - 1);
        using var answer = await PostAsync($$"""{"model":"plain/large","metadata":{{nested}},"messages":[{"role":"user","content":"x"}]}""");

        string text = await TextAsync(answer);
        text.Contains("8 levels are allowed", StringComparison.Ordinal).ShouldBe(!taken);
        if (!taken) answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    [InlineData("/api/chat")]
    public async Task Request_WithTooManyHeaders_Is431InTheDialect(string path)
    {
        var headers = Enumerable.Range(0, 25).Select(i => ($"X-N{i}", "v")).ToArray();

        using var answer = await PostAsync("{}", path, headers);

        ((int)answer.StatusCode).ShouldBe(431);
        var error = (await JsonAsync(answer)).GetProperty("error");
        (error.ValueKind == JsonValueKind.String ? error : error.GetProperty("message")).GetString().ShouldNotBeNull().ShouldContain("server.max_headers");
    }

    // A test beside this one that listens to spans makes every call carry its trace on.
    private static string Names(IEnumerable<string> names) => string.Join(' ', names.Select(n => n.ToLowerInvariant()).Where(n => n is not ("traceparent" or "tracestate")).Order(StringComparer.Ordinal));

    private IReadOnlyDictionary<string, string> Sent(string provider = "openai") => _simulator.Requests.For(provider)[^1].Headers;

    private Task<HttpResponseMessage> AskAsync(string? provider, params (string Name, string Value)[] headers) => AskAsync(provider, false, headers);

    private Task<HttpResponseMessage> AskAsync(string? provider, bool stream, params (string Name, string Value)[] headers)
    {
        var (path, body) = Ask("openai-chat", provider is null ? "near" : $"{provider}/large", "Hi", stream);
        return PostAsync(body, path, headers);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string path = "/v1/chat/completions", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
