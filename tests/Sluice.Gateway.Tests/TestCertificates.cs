using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Gateway.Tests;

/// <summary>A private authority with an intermediate, certificates of a server and a client, all made now and written into a folder of their own.</summary>
internal sealed class TestCertificates : IDisposable
{
    public const string Password = "correct horse";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sluice-tls-");
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _intermediate;

    public TestCertificates()
    {
        _root = Authority("Sluice test root", null);
        _intermediate = Authority("Sluice test intermediate", _root);
        Server = Leaf("localhost", _root, "1.3.6.1.5.5.7.3.1");
        OtherName = Leaf("elsewhere.test", _root, "1.3.6.1.5.5.7.3.1", loopback: false);
        Below = Leaf("localhost", _intermediate, "1.3.6.1.5.5.7.3.1");
        ClientSubject = "CN=gateway";
        using var client = Leaf("gateway", _root, "1.3.6.1.5.5.7.3.2");
        Write("ca.pem", _root.ExportCertificatePem());
        Write("server.pem", Server.ExportCertificatePem());
        Write("server.key", Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Write("locked.key", Server.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        Write("chain.crt", $"{Below.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n{Below.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}");
        File.WriteAllBytes(PathOf("server.pfx"), Server.Export(X509ContentType.Pkcs12, Password));
        File.WriteAllBytes(PathOf("client.pfx"), client.Export(X509ContentType.Pkcs12, Password));
        Write("client.pem", $"{client.ExportCertificatePem()}\n{client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}");
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 OtherName { get; }

    public X509Certificate2 Below { get; }

    public string ClientSubject { get; }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    /// <summary>Whether a chain ends in the private authority, with what the other side has sent along.</summary>
    public bool IsTrusted(X509Certificate2? certificate, X509Chain? sent)
    {
        if (certificate is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(_root);
        foreach (var element in sent?.ChainPolicy.ExtraStore ?? []) chain.ChainPolicy.ExtraStore.Add(element);
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        foreach (var certificate in (X509Certificate2[])[_root, _intermediate, Server, OtherName, Below]) certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return issuer is null ? request.CreateSelfSigned(From, From.AddDays(3)) : request.Create(issuer, From, From.AddDays(2), Serial()).CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Leaf(string name, X509Certificate2 issuer, string use, bool loopback = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (loopback) names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(issuer, From, From.AddDays(1), Serial()).CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static DateTimeOffset From => DateTimeOffset.UtcNow.AddHours(-1);

    private static byte[] Serial() => RandomNumberGenerator.GetBytes(8);
}
