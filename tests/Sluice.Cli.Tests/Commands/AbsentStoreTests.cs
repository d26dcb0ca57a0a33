using System.Globalization;

namespace Sluice.Cli.Tests.Commands;

/// <summary>Where the store is, what is said where there is none, and suggestions that find the same configuration again.</summary>
public sealed class AbsentStoreTests : IDisposable
{
    private const string Settings = "providers: { local: { type: ollama } }\n";
    private readonly CliProcess cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("spend")]
    [InlineData("spend --by key --output json")]
    [InlineData("spend recompute")]
    [InlineData("keys list")]
    [InlineData("keys list --output json")]
    [InlineData("keys show ada")]
    [InlineData("keys revoke ada")]
    [InlineData("keys rotate admin")]
    [InlineData("keys update ada --rpm 5")]
    public void Command_WithoutAStore_SaysSoAndMakesNone(string command)
    {
        cli.Write("etc/gateway.yaml", Settings);

        var (code, output, error) = cli.Run([.. command.Split(' '), "--config", "etc/gateway.yaml"]);

        code.ShouldBe(1);
        output.ShouldBeEmpty();
        error.ShouldContain("there is no store at " + cli.PathOf("etc/sluice.db"));
        error.ShouldContain("'sluice keys create --config etc/gateway.yaml'");
        Directory.GetFiles(cli.WorkingDirectory, "*.db*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void FirstKey_MakesTheStoreBesideTheFile_AndSaysSo()
    {
        cli.Write("etc/gateway.yaml", Settings);

        var made = cli.Run("keys", "create", "--name", "ada", "--config", "etc/gateway.yaml");
        var listed = cli.Run("keys", "list", "--config", "etc/gateway.yaml");

        made.Code.ShouldBe(0, made.Error);
        made.Error.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"made a new store: {cli.PathOf("etc/sluice.db")}"));
        listed.Output.ShouldContain("ada");
        cli.Run("keys", "revoke", "ada", "--config", "etc/gateway.yaml").Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("sluice.yaml", null)]
    [InlineData("other.yaml", "other.yaml")]
    public void Init_WhereAnotherFileWouldBeRead_WritesNothingAndSaysWhy(string file, string? variable)
    {
        cli.Write(file, Settings);
        if (variable is not null) cli.Set("SLUICE_CONFIG", variable);

        var (code, _, error) = cli.Run("config", "init");

        code.ShouldBe(1);
        error.ShouldContain($"the next command reads {file}");
        Directory.Exists(cli.PathOf("config")).ShouldBeFalse();
        cli.Run("config", "init", "--config-dir", "elsewhere").Code.ShouldBe(0);
    }
}
