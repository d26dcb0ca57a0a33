using System.Net;
using System.Text;
using Sluice.Configuration;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Web pages and a gateway on loopback: without keys none but its own and the listed may call, whatever name they use for it.</summary>
public sealed class BrowserGuardTests
{
    private const string Provider = "providers: { up: { type: openai-compatible, base_url: \"URL/v1\" } }\n";
    private const string Body = """{"model":"up/m","messages":[{"role":"user","content":"spend"}]}""";
    private static readonly FakeAnswer Ok = FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}""");

    [Theory]
    [InlineData("Host", "evil.example", 421)]
    [InlineData("Host", "evil.example:4000", 421)]
    [InlineData("Host", "127.0.0.1.evil.example", 421)]
    [InlineData("Host", "localhost.evil.example", 421)]
    [InlineData("Host", "192.168.1.7:4000", 421)]
    [InlineData("Host", "[fd00::1]:4000", 421)]
    [InlineData("Host", "localhost:4000", 200)]
    [InlineData("Host", "localhost.:4000", 200)]
    [InlineData("Host", "sluice.localhost", 200)]
    [InlineData("Host", "127.8.9.10:4000", 200)]
    [InlineData("Host", "[::1]:4000", 200)]
    [InlineData("Host", "Gateway.Example", 200)]
    [InlineData("Host", "a.lan.example", 200)]
    [InlineData("Host", "lan.example", 421)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "http://localhost.evil.example", 403)]
    [InlineData("Origin", "http://localhost@evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "chrome-extension://abcdef", 403)]
    [InlineData("Origin", "http://localhost:3000", 200)]
    [InlineData("Origin", "http://127.0.0.1:4000", 200)]
    [InlineData("Origin", "https://gateway.example", 200)]
    [InlineData("Origin", "vscode-webview://0abc", 200)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    public async Task Call_WithoutKeys_IsServedToItsOwnPagesAndNames(string header, string value, int status)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => Ok);
        await upstream.GatewayAsync(Provider, server: "hosts: [gateway.example, \"*.lan.example\"], cors: { origins: [\"vscode-webview://*\"] }");
        foreach (string path in new[] { "/v1/chat/completions", "/health", "/health/live", "/metrics", "/v1/models", "/openapi.json", "/admin/api/health", "/nowhere" })
        {
            bool isCall = path == "/v1/chat/completions";
            using var request = new HttpRequestMessage(isCall ? HttpMethod.Post : HttpMethod.Get, path) { Content = isCall ? new StringContent(Body, Encoding.UTF8, "text/plain") : null };
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);
            if (status == 200) ((int)answer.StatusCode).ShouldNotBeOneOf(403, 421);
            else ((int)answer.StatusCode).ShouldBe(status, path);
            if (isCall) ((int)answer.StatusCode).ShouldBe(status);
            if (status != 200) (await JsonAsync(answer)).GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull().ShouldContain(status == 421 ? "server.hosts" : "server.cors.origins");
        }
        upstream.Requests.Count(r => r.Method == "POST").ShouldBe(status == 200 ? 1 : 0);
    }

    [Fact]
    public async Task Link_FromAnotherSite_OpensThePage()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => Ok);
        await upstream.GatewayAsync(Provider);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        (await upstream.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("anthropic-messages", "\"type\":\"permission_error\"")]
    [InlineData("gemini-generate", "\"PERMISSION_DENIED\"")]
    [InlineData("ollama-chat", "{\"error\":\"")]
    [InlineData("openai-responses", "\"code\":\"foreign_origin\"")]
    public async Task ForeignPage_IsRefusedInTheDialect(string dialect, string expected)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => Ok);
        await upstream.GatewayAsync(Provider);
        var (path, body) = Ask(dialect, "up/m", "Hi");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
        request.Headers.Add("Origin", "https://evil.example");
        using var answer = await upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TextAsync(answer)).ShouldContain(expected);
        Header(answer, "Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Fact]
    public async Task Preflight_OfAListedOrigin_IsGranted()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => Ok);
        await upstream.GatewayAsync(Provider, server: "cors: { origins: [\"https://chat.example\"] }");
        using var answer = await PreflightAsync(upstream.Client, "https://chat.example");
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Header(answer, "Access-Control-Allow-Origin").ShouldBe("https://chat.example");
        Header(answer, "Access-Control-Allow-Methods").ShouldNotBeNull().ShouldContain("POST");
        Header(answer, "Access-Control-Allow-Headers").ShouldBe("authorization,content-type,x-stainless-os");
        Header(answer, "Access-Control-Allow-Credentials").ShouldBeNull();
        Header(answer, "Vary").ShouldNotBeNull().ShouldContain("Origin");
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Call_OfAListedOrigin_MayReadWhatSdksRead()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => Ok);
        await upstream.GatewayAsync(Provider, server: "cors: { origins: [\"https://chat.example\"] }");
        foreach (var (path, body) in new[] { ("/v1/chat/completions", Body), ("/v1/chat/completions", "{"), ("/v1/chat/nothing", Body) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("Origin", "https://chat.example");
            using var answer = await upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Header(answer, "Access-Control-Allow-Origin").ShouldBe("https://chat.example");
            var exposed = Header(answer, "Access-Control-Expose-Headers")!.Split(", ");
            exposed.ShouldContain("x-request-id");
            exposed.ShouldContain("retry-after");
            if (answer.IsSuccessStatusCode) exposed.ShouldContain("x-sluice-provider");
        }
    }

    [Fact]
    public async Task Keys_CorsHoldsForListedOriginsOnly()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        var key = await gateway.CreateAsync();
        using (var answer = await gateway.CallAsync(key.Secret, headers: ("Origin", "https://other.example")))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            Header(answer, "Access-Control-Allow-Origin").ShouldBeNull();
        }
        using var refused = await PreflightAsync(gateway.Client, "https://other.example");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        Header(refused, "Access-Control-Allow-Origin").ShouldBeNull();
        using var named = await gateway.CallAsync(key.Secret, headers: ("Host", "gateway.example"));
        named.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void EveryOrigin_WithoutKeys_IsAFault()
    {
        foreach (string origins in new[] { "[\"*\"]", "[\"https://*\"]" })
        {
            var result = ConfigurationLoader.LoadText($"server: {{ cors: {{ origins: {origins} }} }}", "test", new ProcessEnvironment());
            result.Config.ShouldBeNull();
            result.Faults.ShouldContain(f => f.ToString().Contains("server.cors.origins", StringComparison.Ordinal));
        }
        ConfigurationLoader.LoadText("server: { cors: { origins: [\"*\"] } }\nkeys: { required: true }", "test", new ProcessEnvironment()).Config.ShouldNotBeNull();
    }

    private static async Task<HttpResponseMessage> PreflightAsync(HttpClient client, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/chat/completions");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-stainless-os");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
