using System.Net;
using System.Security.Cryptography.X509Certificates;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;

namespace Sluice.Gateway.Tests;

/// <summary><c>server.https</c>: a client that trusts the private authority alone gets an answer.</summary>
public sealed class HttpsListenerTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("certificate: server.pem, key: server.key")]
    [InlineData("certificate: server.pem, key: locked.key, password: PASSWORD")]
    [InlineData("certificate: server.pfx, password: PASSWORD")]
    [InlineData("certificate: chain.crt")]
    public async Task Listener_WithACertificateOfAnyKind_AnswersOverTls(string https)
    {
        string settings = string.Join(", ", https.Split(", ").Select(pair => pair.Split(": ") is [var key, var value] ? $"{key}: {(value == "PASSWORD" ? TestCertificates.Password : _certificates.PathOf(value))}" : pair));
        var result = ConfigurationLoader.LoadText($"server: {{ listen: \"127.0.0.1:0\", https: {{ {settings} }} }}\nproviders: {{}}", "test", new ProcessEnvironment());
        result.Faults.ShouldBeEmpty();
        await using var gateway = await GatewayHost.StartAsync(result.Config!, cancellationToken: TestContext.Current.CancellationToken);
        X509Certificate2? seen = null;
        using var handler = new HttpClientHandler
        {
            CheckCertificateRevocationList = false,
#pragma warning disable MA0039 // the private authority of the test is trusted here and nowhere else
            ServerCertificateCustomValidationCallback = (_, certificate, chain, _) => _certificates.IsTrusted(seen = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.RawData), chain),
#pragma warning restore MA0039
        };
        using var client = new HttpClient(handler) { BaseAddress = gateway.Address };

        gateway.Address.Scheme.ShouldBe("https");
        using var answer = await client.GetAsync("/health/live", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        seen.ShouldNotBeNull().Subject.ShouldBe("CN=localhost");
        await gateway.StopAsync();
    }
}
