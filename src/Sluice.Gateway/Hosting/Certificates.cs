using System.Security.Cryptography.X509Certificates;
using Sluice.Configuration;

namespace Sluice.Gateway.Hosting;

/// <summary>Loads the certificate of an HTTPS listener.</summary>
internal static class Certificates
{
    public static X509Certificate2 Load(CertificateConfig config) =>
        config.Key is not null || config.Certificate.EndsWith(".pem", StringComparison.OrdinalIgnoreCase) || config.Certificate.EndsWith(".crt", StringComparison.OrdinalIgnoreCase)
            ? X509Certificate2.CreateFromPemFile(config.Certificate, config.Key)
            : X509CertificateLoader.LoadPkcs12FromFile(config.Certificate, config.Password?.Reveal());
}
