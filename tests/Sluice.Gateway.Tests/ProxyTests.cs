using System.Net;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A forward proxy by setting; the environment's is tested with the command, whose variables are its own.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Answer = """{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""";
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Proxy_OfAProvider_IsTunnelledThroughWithItsCredentials()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer), https => https.ServerCertificate = _certificates.OtherName);
        using var proxy = new TunnelProxy(new Uri(upstream.Address).Port, "lab user:pass word");
        await upstream.GatewayAsync($$"""
            providers:
              lab: { type: openai, base_url: "https://elsewhere.test/v1", api_key: sk-secret, proxy: "http://lab%20user:pass%20word@127.0.0.1:{{proxy.Port}}", tls: { ca_file: {{_certificates.PathOf("ca.pem")}} } }
            """);

        using var answer = await upstream.ChatAsync("lab/m");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        proxy.Heads.ShouldAllBe(head => head.StartsWith("CONNECT elsewhere.test:443 HTTP/1.1\r\n", StringComparison.Ordinal));
        // The name in the certificate was checked, and the proxy has not seen the key.
        proxy.Heads.ShouldAllBe(head => !head.Contains("sk-secret", StringComparison.Ordinal));
        upstream.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer sk-secret");
    }

    [Fact]
    public async Task Proxy_ThatRefuses_IsAnErrorWithoutItsPassword()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        using var proxy = new TunnelProxy(credentials: "user:right");
        await upstream.GatewayAsync($$"""
            defaults: { retry: { max_attempts: 1 } }
            providers: { lab: { type: openai, base_url: "https://elsewhere.test/v1", api_key: sk-secret, proxy: "http://user:wrong-password@127.0.0.1:{{proxy.Port}}" } }
            """);

        using var answer = await upstream.ChatAsync("lab/m");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await TextAsync(answer)).ShouldNotContain("wrong-password");
    }
}
