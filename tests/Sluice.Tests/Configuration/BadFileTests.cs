using System.Text;
using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

/// <summary>Files that are not even readable: one clear message each.</summary>
public sealed class BadFileTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("server:\n\tlisten: 127.0.0.1:1\n", "sluice.yaml:2:1: a tab indents this line; indent with spaces")]
    [InlineData("server: {}\nserver: {}\n", "sluice.yaml:2:1: the key 'server' is written twice; keep one; the first is in line 1")]
    [InlineData("server:\n  listen: 127.0.0.1:1\n  listen: 127.0.0.1:2\n", "sluice.yaml:3:3: the key 'listen' is written twice; keep one; the first is in line 2")]
    [InlineData("", "sluice.yaml:1:1: is empty; write at least a provider, or start from 'sluice config init'")]
    [InlineData(" \n\n", "sluice.yaml:1:1: is empty; write at least a provider, or start from 'sluice config init'")]
    [InlineData("# only a comment\n", "sluice.yaml:1:1: holds nothing but comments; write at least one key, or start from 'sluice config init'")]
    [InlineData("---\n", "sluice.yaml:1:1: holds no key; write at least one, or start from 'sluice config init'")]
    [InlineData("- a\n", "sluice.yaml:1:1: the file is a list; write keys: server:, providers:, models: ...")]
    [InlineData("server: {}\n---\nserver: {}\n", "sluice.yaml:2:1: a second document begins; one file holds one document: remove the line '---'")]
    [InlineData("server: *nowhere\n", "sluice.yaml:1:9: '*nowhere' refers to an anchor that is not complete before it; define it above with '&nowhere'")]
    [InlineData("models: &a\n  x: *a\n", "sluice.yaml:2:6: '*a' refers to an anchor that is not complete before it; define it above with '&a'")]
    [InlineData("server:\n  listen: @here\n", "sluice.yaml:2:11: this is not YAML: a value with a special sign in it stands without quotes; put the value in quotes")]
    [InlineData("providers:\n  openai:       # keys: https://a.b\n    api_key: k\n\n   xai:         # keys: https://c.d\n     api_key: k\n", "sluice.yaml:5:4: this key is indented by 3, and no line above it is; indent it by 2 like line 2, if they belong together")]
    [InlineData("extends: sluice.yaml\n", "sluice.yaml:1:10: the files extend each other in a circle: sluice.yaml -> sluice.yaml; take one 'extends' out")]
    [InlineData("extends: other.yaml\n", "sluice.yaml:1:10: other.yaml does not exist; write a path relative to this file")]
    [InlineData("logging: { level: ${oops }\n", "*")]
    public void Load_BrokenText_SaysItOnce(string text, string message)
    {
        var faults = folder.LoadFaults(text);
        if (message == "*") faults.ShouldHaveSingleItem();
        else faults.ShouldBe([message]);
    }

    [Fact]
    public void Load_BrokenSyntax_NamesThePlaceWithoutTheParsersJargon() =>
        folder.LoadFaults("server: { listen: 127.0.0.1:1\nproviders: {}\n").ShouldHaveSingleItem().ShouldBe("sluice.yaml:1:17: this is not YAML (a bracket or a quote is not closed); check indentation, quotes and brackets here and just before");

    [Fact]
    public void Load_FileOfTenMegabytes_IsNotRead()
    {
        folder.Write("sluice.yaml", new string('#', 10 << 20));
        folder.Load().Faults.ShouldHaveSingleItem().ToString().ShouldBe("sluice.yaml: is 10240 KiB large; a configuration file has at most 1024 KiB");
    }

    [Fact]
    public void Load_DeepNesting_IsRefused()
    {
        var faults = folder.LoadFaults("providers: " + new string('[', 5000) + new string(']', 5000));
        faults.ShouldHaveSingleItem().ShouldContain("nests deeper than 64 levels; flatten it");
    }

    [Fact]
    public void Load_AliasesOfAliases_AreRefusedBeforeTheyGrow()
    {
        var text = new StringBuilder("x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
        for (var i = 1; i < 20; i++) text.Append($"x{i}: &x{i} [{string.Join(", ", Enumerable.Repeat($"*x{i - 1}", 10))}]\n");

        folder.LoadFaults(text.ToString()).ShouldHaveSingleItem().ShouldContain("stands for more than 100000 values once its aliases are expanded");
    }

    [Fact]
    public void Load_TensOfThousandsOfMistakes_AreAllTold()
    {
        var faults = folder.LoadFaults("transforms: [" + string.Join(", ", Enumerable.Repeat("1", 60_000)) + "]");
        faults.Count.ShouldBe(60_000);
    }

    [Fact]
    public void Load_BytesThatAreNotUtf8_NamesTheirPlace()
    {
        File.WriteAllBytes(Path.Combine(folder.WorkingDirectory, "sluice.yaml"), [.. "server: {}\nx: "u8, 0xC3, 0x28]);
        folder.Load().Faults.ShouldHaveSingleItem().ToString().ShouldBe("sluice.yaml:2:4: a byte here is not UTF-8; save the file as UTF-8");
    }

    [Fact]
    public void Load_Utf16_SaysSo()
    {
        File.WriteAllText(Path.Combine(folder.WorkingDirectory, "sluice.yaml"), "server: {}", Encoding.Unicode);
        folder.Load().Faults.ShouldHaveSingleItem().ToString().ShouldBe("sluice.yaml:1:1: is UTF-16; save it as UTF-8");
    }

    [Fact]
    public void Load_Utf8WithMark_IsRead()
    {
        File.WriteAllText(Path.Combine(folder.WorkingDirectory, "sluice.yaml"), "server: {}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        folder.Load().Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nowhere.yaml", "nowhere.yaml: no such file; check the path, or write a new file with 'sluice config init'")]
    [InlineData("sluice.toml", "sluice.toml: TOML is not read; write the same keys as YAML")]
    public void Load_FileThatIsNotThere_SaysSo(string file, string message) =>
        folder.Load(new ConfigurationSource { File = file }).Faults.ShouldHaveSingleItem().ToString().ShouldBe(message);

    [Fact]
    public void Load_DirectoryInPlaceOfTheExtendedFile_SaysSo()
    {
        Directory.CreateDirectory(Path.Combine(folder.WorkingDirectory, "base.yaml"));
        folder.LoadFaults("extends: base.yaml").ShouldBe(["sluice.yaml:1:10: base.yaml is a directory; name a file in it"]);
    }

    [Fact]
    public void Load_WithoutPermission_SaysSo()
    {
        Assert.SkipWhen(Environment.UserName == "root" || OperatingSystem.IsWindows(), "root may read every file, and Windows has other permissions");
        if (OperatingSystem.IsWindows()) return;
        var path = Path.Combine(folder.Write("sluice.yaml", "server: {}").WorkingDirectory, "sluice.yaml");
        File.SetUnixFileMode(path, UnixFileMode.None);
        folder.Load().Faults.ShouldHaveSingleItem().What.ShouldBe("may not be read");
    }

    [Fact]
    public void Load_CircleOfThreeFiles_IsNamedOnce()
    {
        folder.Write("a.yaml", "extends: b.yaml").Write("b.yaml", "extends: sluice.yaml");
        folder.LoadFaults("extends: a.yaml").ShouldBe(["b.yaml:1:10: the files extend each other in a circle: sluice.yaml -> a.yaml -> b.yaml -> sluice.yaml; take one 'extends' out"]);
    }

    [Fact]
    public void Load_AnchorsAndMerges_AreUnderstood()
    {
        var config = folder.LoadValid("""
            defaults: &none {}
            providers:
              a: &base { type: ollama, limits: &limits { rpm: 5, concurrency: 2 } }
              b: { <<: *base, limits: { <<: *limits, rpm: 7 } }
              c: { <<: [*none, *base], enabled: false }
            """);

        config.Providers["b"].Type.ShouldBe("ollama");
        config.Providers["b"].Limits.ShouldBe(new LimitsConfig { Rpm = 7, Concurrency = 2 });
        config.Providers["c"].Enabled.ShouldBeFalse();
    }
}
