using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sluice.Configuration;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>TLS towards providers, with real certificates over real sockets.</summary>
public sealed class UpstreamTlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Authority_ThatIsPrivate_IsTrustedOnlyByItsFile()
    {
        await using var upstream = await StartAsync(_certificates.Server);
        await GatewayAsync(upstream, $$"""
              strict: { TYPE }
              trusting: { TYPE, tls: { ca_file: {{_certificates.PathOf("ca.pem")}} } }
              careless: { TYPE, tls: { verify: false } }
            """);

        await ShouldBeRefusedAsync(upstream, "strict");
        await ShouldAnswerAsync(upstream, "trusting");
        await ShouldAnswerAsync(upstream, "careless");
    }

    [Fact]
    public async Task Name_ThatIsNotInTheCertificate_IsRefusedInSpiteOfItsAuthority()
    {
        await using var upstream = await StartAsync(_certificates.OtherName);
        await GatewayAsync(upstream, $$"""  lab: { TYPE, tls: { ca_file: {{_certificates.PathOf("ca.pem")}} } }""");

        await ShouldBeRefusedAsync(upstream, "lab");
    }

    [Fact]
    public async Task ClientCertificate_OfEitherKind_IsShownToTheProvider()
    {
        await using var upstream = await StartAsync(_certificates.Server, askForOne: true);
        string ca = _certificates.PathOf("ca.pem");
        await GatewayAsync(upstream, $$"""
              pem: { TYPE, tls: { ca_file: {{ca}}, client_certificate: { certificate: {{_certificates.PathOf("client.pem")}} } } }
              pfx: { TYPE, tls: { ca_file: {{ca}}, client_certificate: { certificate: {{_certificates.PathOf("client.pfx")}}, password: {{TestCertificates.Password}} } } }
              none: { TYPE, tls: { ca_file: {{ca}} } }
            """);

        await ShouldAnswerAsync(upstream, "pem");
        await ShouldAnswerAsync(upstream, "pfx");
        upstream.Requests.Select(r => r.ClientCertificate).ShouldBe([_certificates.ClientSubject, _certificates.ClientSubject]);
        using var refused = await upstream.ChatAsync("none/m");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public void Verification_SwitchedOff_IsWarnedOfAtEveryLoad()
    {
        var result = ConfigurationLoader.LoadText("providers: { lab: { type: vllm, base_url: \"https://lab.test\", tls: { verify: false } } }", "sluice.yaml", new ProcessEnvironment());

        result.Warnings.ShouldHaveSingleItem().ToString().ShouldBe("sluice.yaml:1:78: warning: certificates of 'lab' are not verified: anyone on the way can read its key and its answers");
    }

    [Theory]
    [InlineData("tls: { ca_file: FILE }", "hello", "providers.lab.tls.ca_file cannot be used: it holds no certificate in PEM form; write a PEM file of certificates")]
    [InlineData("tls: { client_certificate: { certificate: FILE } }", "hello", "providers.lab.tls.client_certificate.certificate cannot be used: ")]
    [InlineData("tls: { client_certificate: { certificate: PFX, password: wrong } }", "", "providers.lab.tls.client_certificate.certificate cannot be used: ")]
    [InlineData("tls: { client_certificate: { certificate: CERT } }", "", "providers.lab.tls.client_certificate.certificate cannot be used: ")]
    public void File_ThatCannotBeUsed_IsAFaultOfTheConfiguration(string tls, string content, string message)
    {
        _certificates.Write("odd", content);
        string yaml = $"providers: {{ lab: {{ type: vllm, base_url: \"https://lab.test\", {tls} }} }}"
            .Replace("FILE", _certificates.PathOf("odd"), StringComparison.Ordinal).Replace("PFX", _certificates.PathOf("client.pfx"), StringComparison.Ordinal).Replace("CERT", _certificates.PathOf("server.pem"), StringComparison.Ordinal);

        ConfigurationLoader.LoadText(yaml, "sluice.yaml", new ProcessEnvironment()).Faults.ShouldHaveSingleItem().ToString().ShouldContain(message);
    }

    private static async Task ShouldAnswerAsync(FakeUpstream upstream, string provider)
    {
        using var answer = await upstream.ChatAsync($"{provider}/m");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
    }

    private static async Task ShouldBeRefusedAsync(FakeUpstream upstream, string provider)
    {
        using var answer = await upstream.ChatAsync($"{provider}/m");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await JsonAsync(answer)).GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("failed the TLS handshake; check its certificate or tls.ca_file");
        upstream.Requests.ShouldBeEmpty();
    }

    private Task<FakeUpstream> StartAsync(X509Certificate2 certificate, bool askForOne = false) => FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer), https =>
    {
        https.ServerCertificate = certificate;
        if (!askForOne) return;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (shown, chain, _) => _certificates.IsTrusted(shown, chain);
    });

    private static Task GatewayAsync(FakeUpstream upstream, string providers) =>
        upstream.GatewayAsync($"defaults: {{ retry: {{ max_attempts: 1 }}, breaker: {{ enabled: false }} }}\nproviders:\n{providers.Replace("TYPE", "type: openai, base_url: \"URL/v1\", api_key: test", StringComparison.Ordinal)}");

    private const string Answer = """{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""";
}
