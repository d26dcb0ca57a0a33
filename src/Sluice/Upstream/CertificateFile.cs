using System.Security.Cryptography.X509Certificates;
using Sluice.Configuration;

namespace Sluice.Upstream;

/// <summary>Loads a certificate with its private key: PEM (the key in the same file or another, encrypted or not) or PKCS#12. What the file holds decides, not its name.</summary>
internal static class CertificateFile
{
    private const int Head = 4096;

    /// <summary>The certificate with its key.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The file holds no certificate, or no key that fits, or the password is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static X509Certificate2 Load(CertificateConfig config)
    {
        if (!IsPem(config.Certificate)) return X509CertificateLoader.LoadPkcs12FromFile(config.Certificate, config.Password?.Reveal());
        return config.Password is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(config.Certificate, password.Reveal(), config.Key)
            : X509Certificate2.CreateFromPemFile(config.Certificate, config.Key);
    }

    /// <summary>The intermediate certificates that stand in the same file, for the other side to find its way to an authority that it trusts.</summary>
    public static X509Certificate2Collection Chain(CertificateConfig config, X509Certificate2 own)
    {
        var all = new X509Certificate2Collection();
        if (IsPem(config.Certificate)) all.ImportFromPemFile(config.Certificate);
        else all = X509CertificateLoader.LoadPkcs12CollectionFromFile(config.Certificate, config.Password?.Reveal());
        foreach (var same in all.Where(c => c.Thumbprint == own.Thumbprint).ToArray()) all.Remove(same);
        return all;
    }

    // PEM files begin with any text before their first block.
    private static bool IsPem(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[Head];
        return head[..file.ReadAtLeast(head, Head, throwOnEndOfStream: false)].IndexOf("-----BEGIN "u8) >= 0;
    }
}
