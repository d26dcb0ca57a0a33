using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Configuration;
using Sluice.Configuration.Rendering;
using Sluice.Configuration.Yaml;
using Sluice.TestKit;

namespace Sluice.Tests.Configuration;

/// <summary>The files that ship as examples load as they are, and editors find their schema.</summary>
public sealed class ExampleTests : IDisposable
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "config", "llms");
    private readonly ConfigurationFolder environment = new();

    public static TheoryData<string> Examples { get; } = [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose() => environment.Dispose();

    [Theory]
    [MemberData(nameof(Examples))]
    public void Load_Example_IsValidWithoutWarnings(string name)
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        environment.Write("file.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
        foreach (var variable in new[] { "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SLUICE_ADMIN_KEY", "DATABASE_URL", "OPENAI_KEY_A", "OPENAI_KEY_B", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_API_KEY_2" })
            environment.Set(variable, "value-of-" + variable);
        environment.Set("AZURE_OPENAI_ENDPOINT", "https://a.openai.azure.com").Set("AZURE_OPENAI_ENDPOINT_2", "https://b.openai.azure.com");
        var pem = Path.Combine(environment.WorkingDirectory, "file.pem");
        environment.Set("TLS_CERTIFICATE", pem).Set("TLS_KEY", pem).Set("CA_FILE", pem);
        var result = environment.Load(new ConfigurationSource { File = Path.Combine(Folder, name) });

        result.Faults.ShouldBeEmpty();
        result.Warnings.ShouldBeEmpty();
        result.Config!.Routes.ShouldNotBeEmpty();
        var file = YamlReader.Read(File.ReadAllText(Path.Combine(Folder, name)), name, new FaultList()).ShouldNotBeNull();
        MiniJsonSchema.Check(JsonSchemaWriter.Write(), file).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_FirstLine_NamesTheSchema(string name)
    {
        var first = File.ReadLines(Path.Combine(Folder, name)).First();
        first.ShouldStartWith("# yaml-language-server: $schema=");
        File.Exists(Path.Combine(Folder, first[(first.IndexOf('=', StringComparison.Ordinal) + 1)..])).ShouldBeTrue();
    }

    [Fact]
    public void Examples_OfTheDesign_AreAllThere() => Examples.Select(row => row.Data).ShouldBe(["air-gapped-vllm.yaml", "azure.yaml", "local-first.yaml", "single-provider.yaml", "team-budgets.yaml"]);
}
