using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

/// <summary>Where a configuration is found and how its layers lie over each other.</summary>
public sealed class LayerTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Load_FileOfTheCommandLine_WinsOverEveryOther()
    {
        folder.Write("a.yaml", Port(1)).Write("b.yaml", Port(2)).Write("sluice.yaml", Port(3)).Write("config/llms/default-llms.yaml", Port(4)).Set("SLUICE_CONFIG", "b.yaml");
        PortOf(new ConfigurationSource { File = "a.yaml" }).ShouldBe(1);
        PortOf(new ConfigurationSource()).ShouldBe(2);
        folder.Set("SLUICE_CONFIG", "");
        PortOf(new ConfigurationSource()).ShouldBe(3);
        File.Delete(Path.Combine(folder.WorkingDirectory, "sluice.yaml"));
        PortOf(new ConfigurationSource()).ShouldBe(4);
        PortOf(new ConfigurationSource { Directory = "config/llms" }).ShouldBe(4);
        PortOf(new ConfigurationSource { File = "config/llms" }).ShouldBe(4);
    }

    [Fact]
    public void Load_Profile_MergesMapsDeeplyAndListsWhole()
    {
        folder.Write("config/llms/default-llms.yaml", """
            server: { listen: 127.0.0.1:1, max_nesting: 10 }
            providers:
              local: { type: ollama, models: [a, b], limits: { rpm: 1, tpm: 2 } }
            """).Write("config/llms/team.yaml", """
            server: { max_nesting: 20 }
            providers:
              local: { models: [c], limits: { rpm: 9 } }
              other: { type: vllm, base_url: "http://127.0.0.1:8000" }
            """);
        var config = Valid(new ConfigurationSource { Profile = "team" });

        config.Server.Listen.Port.ShouldBe(1);
        config.Server.MaxNesting.ShouldBe(20);
        config.Providers.Keys.ShouldBe(["local", "other"]);
        config.Providers["local"].Models.ShouldBe(["c"]);
        config.Providers["local"].Limits.ShouldBe(new LimitsConfig { Rpm = 9, Tpm = 2 });
    }

    [Fact]
    public void Load_ProfileWithAnotherWayToGiveTheKey_ReplacesTheBases()
    {
        folder.Write("config/llms/default-llms.yaml", "providers: { openai: { api_key: ${NOT_SET} } }").Write("config/llms/two.yaml", "providers: { openai: { api_keys: [a, b] } }");
        Valid(new ConfigurationSource { Profile = "two" }).Providers["openai"].ApiKeys.Count.ShouldBe(2);
    }

    [Fact]
    public void Load_ProfileWithNothingUnderAKey_LeavesTheBase()
    {
        folder.Write("config/llms/default-llms.yaml", "providers: { local: { type: ollama } }").Write("config/llms/p.yaml", "providers:\n  # none yet\nserver: { max_nesting: 9 }");
        Valid(new ConfigurationSource { Profile = "p" }).Providers.Keys.ShouldBe(["local"]);
    }

    [Fact]
    public void Load_ProfileThatDoesNotExist_NamesTheNearest()
    {
        folder.Write("config/llms/default-llms.yaml", Port(1)).Write("config/llms/local-first.yaml", Port(2));
        Faults(new ConfigurationSource { Profile = "local-frist" }).ShouldBe([$"command line --profile: there is no profile 'local-frist' in {folder.WorkingDirectory}/config/llms; did you mean 'local-first'?"]);
        Faults(new ConfigurationSource { Profile = "../secret" }).ShouldHaveSingleItem().ShouldContain("there is no profile");
    }

    [Fact]
    public void Load_DirectoryWithoutABase_ListsItsProfiles()
    {
        folder.Write("c/one.yaml", Port(1)).Write("c/two.yml", Port(2));
        Faults(new ConfigurationSource { Directory = "c" }).ShouldBe([$"{folder.WorkingDirectory}/c: holds no default-llms.yaml; choose a file with --profile (one, two), or write one with 'sluice config init'"]);
        Valid(new ConfigurationSource { Directory = "c", Profile = "two" }).Server.Listen.Port.ShouldBe(2);
    }

    [Fact]
    public void Load_Extends_LaysTheFileOverTheOther()
    {
        folder.Write("sluice.yaml", "extends: shared/base.yaml\nserver: { max_nesting: 7 }").Write("shared/base.yaml", "extends: ../root.yaml\nserver: { max_nesting: 6, max_headers: 66 }").Write("root.yaml", Port(5));
        var result = folder.Load();

        result.Config!.Server.ShouldBe(new ServerConfig { Listen = new ListenAddress("127.0.0.1", 5), MaxNesting = 7, MaxHeaders = 66 });
        result.Files.Select(file => Path.GetRelativePath(folder.WorkingDirectory, file)).ShouldBe(["root.yaml", "shared/base.yaml", "sluice.yaml"]);
    }

    [Fact]
    public void Load_Overrides_WinInTheOrderOfTheDesign()
    {
        folder.Write("sluice.yaml", "server: { listen: 127.0.0.1:1, max_nesting: 10 }\nproviders: { my-vllm: { type: vllm, base_url: \"http://127.0.0.1:1\" }, a.b: { type: ollama } }")
            .Set("SLUICE__server__listen", "127.0.0.1:2").Set("SLUICE__SERVER__MAX_NESTING", "20").Set("SLUICE__PROVIDERS__MY_VLLM__LIMITS__RPM", "5").Set("SLUICE__providers__a_b__models", "[x, y]");
        var config = Valid(new ConfigurationSource { Overrides = [new ConfigurationOverride(["server", "max_nesting"], "30", "--set server.max_nesting")] });

        config.Server.Listen.Port.ShouldBe(2);
        config.Server.MaxNesting.ShouldBe(30);
        config.Providers["my-vllm"].Limits.Rpm.ShouldBe(5);
        config.Providers["a.b"].Models.ShouldBe(["x", "y"]);
    }

    [Fact]
    public void Load_OverridesThatAreWrong_AreNamedByTheirVariable()
    {
        folder.Write("sluice.yaml", "server: {}\nproviders: { local: { type: ollama, models: [a] } }")
            .Set("SLUICE__sever__listen", "x").Set("SLUICE__server__max_nesting", "many").Set("SLUICE__providers__local__models__0", "b").Set("SLUICE__server__", "x");
        Faults(new ConfigurationSource()).ShouldBe(
            [
                "environment SLUICE__providers__local__models__0: providers.local.models is a list, which is replaced whole; give the whole list: [a, b]",
                "environment SLUICE__server__: names no key; write the key's parts with two underscores between: SLUICE__server__listen",
                "environment SLUICE__server__max_nesting: server.max_nesting: the value is not a whole number; write a whole number from 4 to 128",
                "environment SLUICE__sever__listen: unknown key 'sever' at the top level; did you mean 'server'?",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void Load_Override_KeepsSignsThatYamlWouldRead()
    {
        folder.Write("sluice.yaml", "providers: { openai: {} }").Set("SLUICE__providers__openai__api_key", "sk #1: ${x}*");
        Valid(new ConfigurationSource()).Providers["openai"].ApiKeys[0].Value.Reveal().ShouldBe("sk #1: ${x}*");
    }

    [Fact]
    public void Load_Variables_AreNestedDefaultedAndEscaped()
    {
        folder.Set("HOST", "h").Set("EMPTY", "").Set("PORT", "81");
        var config = folder.LoadValid("""
            server: { listen: "127.0.0.1:${PORT}", max_nesting: ${DEPTH:-12} }
            providers:
              a: { type: vllm, base_url: "http://${HOST}:${PORT}/${PATH_:-${EMPTY:-v1}}", organization: "$${HOST} $5" }
              b: { type: ollama, location: ${EMPTY:-} }
            """);

        config.Server.Listen.Port.ShouldBe(81);
        config.Server.MaxNesting.ShouldBe(12);
        config.Providers["a"].BaseUrl.ShouldBe(new Uri("http://h:81/v1"));
        config.Providers["a"].Organization.ShouldBe("${HOST} $5");
        config.Providers["b"].Location.ShouldBeNull();
    }

    [Fact]
    public void Load_ValueThatAProfileReplaced_AsksForNoVariable()
    {
        folder.Write("config/llms/default-llms.yaml", "providers: { openai: { api_key: ${NOT_SET} } }").Write("config/llms/p.yaml", "providers: { openai: { api_key: x } }");
        Valid(new ConfigurationSource { Profile = "p" }).Providers["openai"].ApiKeys.Count.ShouldBe(1);
    }

    [Fact]
    public void Load_KeyFile_IsReadAndWatched()
    {
        folder.Write("key", "  from-file\n");
        var result = folder.Write("sluice.yaml", "providers: { openai: { api_key_file: key }, xai: { api_keys: [{ file: key, name: a, weight: 3 }, b] } }").Load();

        result.Config!.Providers["openai"].ApiKeys.ShouldHaveSingleItem().Value.ShouldBe(new Secret("from-file"));
        result.Config.Providers["xai"].ApiKeys.Select(key => (key.Name, key.Weight, key.Value.Reveal())).ShouldBe([("a", 3, "from-file"), ("xai#2", 1, "b")]);
        result.SecretFiles.ShouldBe([Path.Combine(folder.WorkingDirectory, "key")]);
    }

    private static string Port(int port) => $"server: {{ listen: \"127.0.0.1:{port}\" }}\n";

    private int PortOf(ConfigurationSource source) => Valid(source).Server.Listen.Port;

    private SluiceConfig Valid(ConfigurationSource source)
    {
        var result = folder.Load(source);
        result.Faults.ShouldBeEmpty();
        return result.Config.ShouldNotBeNull();
    }

    private List<string> Faults(ConfigurationSource source) => [.. folder.Load(source).Faults.Select(fault => fault.ToString())];
}
