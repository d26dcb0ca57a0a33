using Sluice.TestKit;

namespace Sluice.Cli.Tests;

/// <summary>HTTP_PROXY, HTTPS_PROXY and NO_PROXY.</summary>
public sealed class ProxyVariableTests : IDisposable
{
    private readonly CliProcess _cli = new();
    private readonly TunnelProxy _proxy = new(body: """{"object":"list","data":[{"id":"through-the-proxy","object":"model"}]}""");

    public ProxyVariableTests() => _cli.Set("HTTP_PROXY", $"http://127.0.0.1:{_proxy.Port}").Set("HTTPS_PROXY", $"http://127.0.0.1:{_proxy.Port}");

    public void Dispose()
    {
        _proxy.Dispose();
        _cli.Dispose();
    }

    [Fact]
    public void Provider_ByHttp_IsAskedThroughTheProxy()
    {
        _cli.Write("sluice.yaml", "providers: { lab: { type: openai-compatible, base_url: 'http://lab.test/v1' } }");

        _cli.Run("models").Output.ShouldBe("lab/through-the-proxy\n");
        _proxy.Heads.ShouldHaveSingleItem().ShouldStartWith("GET http://lab.test/v1/models HTTP/1.1\r\n");
    }

    [Fact]
    public void Provider_ByHttps_IsConnectedToThroughTheProxy()
    {
        _cli.Write("sluice.yaml", "providers: { lab: { type: openai-compatible, base_url: 'https://lab.test/v1' } }");

        _cli.Run("models").Code.ShouldBe(4);
        _proxy.Heads.ShouldAllBe(head => head.StartsWith("CONNECT lab.test:443 HTTP/1.1\r\n", StringComparison.Ordinal));
        _proxy.Heads.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("proxy: none", "http://lab.invalid/v1")]
    [InlineData("", "http://127.0.0.1:9/v1")]
    [InlineData("", "http://unproxied.invalid/v1")]
    public void Provider_ThatNeedsNoProxy_IsAskedItself(string setting, string address)
    {
        _cli.Set("NO_PROXY", "unproxied.invalid").Write("sluice.yaml", $"providers: {{ lab: {{ type: openai-compatible, base_url: '{address}', {setting} }} }}");

        _cli.Run("models").Code.ShouldBe(4);
        _proxy.Heads.ShouldBeEmpty();
    }
}
