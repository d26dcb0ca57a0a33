using Sluice.Catalog;
using System.Text.Json;
using Sluice.TestKit;

namespace Sluice.Cli.Tests.Commands;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly CliProcess cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void Init_FreshDirectory_WritesAFileThatIsValidAndSaysWhatComesNext()
    {
        cli.Set("OPENAI_API_KEY", "sk-planted-0123456789abcdef");
        var init = cli.Run("config", "init");

        init.Code.ShouldBe(0);
        init.Output.ShouldContain("Wrote config/llms/default-llms.yaml");
        init.Output.ShouldContain("openai is on (its key comes from OPENAI_API_KEY)");
        init.Output.ShouldContain("  3. sluice chat -m openai/gpt-5.4-mini \"Hello\"");
        File.Exists(cli.PathOf("config/llms/sluice.schema.json")).ShouldBeTrue();
        File.ReadAllText(cli.PathOf("config/llms/default-llms.yaml")).ShouldNotContain("planted");

        var validate = cli.Run("config", "validate");
        validate.ShouldBe((0, "valid (config/llms/default-llms.yaml): 1 provider, 0 routes\n", ""));
    }

    [Fact]
    public void Validate_ModelThatIsNoLongerServed_IsWarnedOf()
    {
        cli.Write("sluice.yaml", "providers: { openai: { api_key: k, models: [gpt-5.4, gpt-4.1-nano] }, anthropic: { api_key: k } }\nmodels: { old: { targets: [anthropic/claude-opus-4-1, openai/gpt-5.4] } }\n");

        var (code, _, error) = cli.Run("config", "validate");

        code.ShouldBe(0, error);
        error.ShouldContain("warning: providers.openai.models: openai/gpt-4.1-nano is no longer served (shut down on 2026-10-23)");
        error.ShouldContain("warning: models.old: anthropic/claude-opus-4-1 is no longer served");
        error.ShouldNotContain("gpt-5.4");
    }

    [Theory]
    [InlineData("config", "validate")]
    [InlineData("serve")]
    public void FaultyPriceFile_IsToldAndNotLeftOut(params string[] command)
    {
        cli.Write("prices.json", """{"provider":"openai","models":[{"id":"gpt-5.4","prices":[{"tokens":{"inptu":"1"}}]}]}""");
        cli.Write("sluice.yaml", "catalog: { files: [prices.json] }\nproviders: { openai: { api_key: k } }\nserver: { listen: \"127.0.0.1:0\" }\n");

        var (code, _, error) = cli.Run(command);

        code.ShouldBe(3, error);
        error.ShouldContain("inptu: no such kind of token");
    }

    [Fact]
    public void Init_ModelsToBeginWith_AreInTheCatalogueAndActive()
    {
        foreach (var (type, model) in Sluice.Cli.Commands.ExampleModel.ByType) ModelCatalog.Embedded.Find(type, model).ShouldNotBeNull($"{type}/{model}").Status.ShouldBe("active", model);
    }

    [Fact]
    public void Init_CalledByAPath_PrintsCommandsThatCanBeTyped()
    {
        cli.Set("SLUICE_COMMAND", "../sluice");
        var init = cli.Run("config", "init").Output;
        init.ShouldContain("  2. ../sluice config validate\n");
        init.ShouldNotContain(" sluice ");
        cli.Run("srve").Error.ShouldBe("sluice: unknown command 'srve'; did you mean 'serve'?\nTry '../sluice --help'.\n");
    }

    [Fact]
    public void Init_FileThatExists_IsLeftAlone()
    {
        cli.Write("config/llms/default-llms.yaml", "mine");
        var (code, _, error) = cli.Run("config", "init");
        code.ShouldBe(1);
        error.ShouldBe("sluice: config/llms/default-llms.yaml exists and stays as it is. Check it: sluice config validate\n");
        File.ReadAllText(cli.PathOf("config/llms/default-llms.yaml")).ShouldBe("mine");
    }

    [Fact]
    public void Validate_Faults_GivesAllAndCodeThree()
    {
        cli.Write("a.yaml", "server: { listn: 1 }\nproviders: { openai: { limits: { rpm: \"fifty\" } } }\n");
        var (code, output, error) = cli.Run("config", "validate", "a.yaml");
        code.ShouldBe(3);
        output.ShouldBeEmpty();
        error.Split('\n').ShouldBe(
        [
            "a.yaml:1:11: unknown key 'listn' in server; did you mean 'listen'?",
            "a.yaml:2:14: the provider 'openai' has no API key; set OPENAI_API_KEY (keys are made at https://platform.openai.com/api-keys), or write api_key, or take the provider out (enabled: false)",
            "a.yaml:2:39: providers.openai.limits.rpm: 'fifty' is not a whole number; write a whole number of at least 1",
            "invalid (a.yaml): 3 faults",
            "",
        ]);
    }

    [Fact]
    public void Validate_AsJson_IsDataForScripts()
    {
        cli.Write("sluice.yaml", "server: { listn: 1 }\nproviders: { ollama: }");
        var (code, output, _) = cli.Run("config", "validate", "--output", "json");
        code.ShouldBe(3);
        JsonAssert.Difference("""
            { "valid": false, "files": ["sluice.yaml"], "faults": [{ "origin": "sluice.yaml:1:11", "line": 1, "column": 11, "path": "server.listn",
              "what": "unknown key 'listn' in server", "remedy": "did you mean 'listen'?" }], "warnings": [] }
            """, output).ShouldBeNull();
    }

    [Fact]
    public void Show_WithOriginAndSet_NamesFileVariableAndFlag()
    {
        cli.Set("OPENAI_API_KEY", "planted-secret").Set("SLUICE__server__max_nesting", "9").Write("sluice.yaml", "server: { listen: 127.0.0.1:1 }\nproviders: { openai: }");
        var (code, output, _) = cli.Run("config", "show", "--origin", "--set", "server.max_headers=70");
        code.ShouldBe(0);
        output.ShouldStartWith("server:\n  listen: 127.0.0.1:1  # sluice.yaml:1:19\n");
        output.ShouldContain("  max_nesting: 9  # environment SLUICE__server__max_nesting\n");
        output.ShouldContain("  max_headers: 70  # command line --set server.max_headers\n");
        output.ShouldContain("    api_key: \"***\"  # environment OPENAI_API_KEY\n");
        output.ShouldNotContain("planted");
    }

    [Fact]
    public void Show_BadConfiguration_GivesFaultsAndCodeThree()
    {
        cli.Write("sluice.yaml", "nothing: 1");
        var (code, output, error) = cli.Run("config", "show");
        code.ShouldBe(3);
        output.ShouldBeEmpty();
        error.ShouldStartWith("sluice.yaml:1:1: unknown key 'nothing'");
    }

    [Theory]
    [InlineData("config", "list")]
    [InlineData("--list-llm-configs")]
    public void List_Directory_ShowsEachFileWithItsFaults(params string[] args)
    {
        cli.Write("config/llms/default-llms.yaml", "providers: { local: { type: ollama, models: [a] } }").Write("config/llms/team.yaml", "models: { fast: local/a }").Write("config/llms/broken.yaml", "models: { fast: locl/a }");
        var (code, output, _) = cli.Run(args);
        code.ShouldBe(0);
        output.ShouldBe("""
            NAME          STATE        PROVIDERS  MODELS
            broken        invalid (1)  -          -
            default-llms  valid        local      local/a
            team          valid        local      fast, local/a

            broken:
              config/llms/broken.yaml:1:17: there is no provider 'locl' for 'locl/a'; did you mean 'local'?

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void List_AsJsonAndYaml_HoldsProvidersAndRoutes()
    {
        cli.Write("config/llms/default-llms.yaml", "providers: { local: { type: ollama, models: [a] } }\nmodels: { fast: local/a }");
        using var json = JsonDocument.Parse(cli.Run("config", "list", "--output", "json").Output);
        json.RootElement[0].GetProperty("routes")[0].GetProperty("targets")[0].GetString().ShouldBe("local/a");
        cli.Run("config", "list", "--output", "yaml").Output.ShouldContain("name: default-llms");
    }

    [Fact]
    public void Schema_Printed_IsTheFileThatShips()
    {
        var (code, output, _) = cli.Run("config", "schema");
        code.ShouldBe(0);
        output.ShouldBe(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "config", "sluice.schema.json")));
    }

    [Fact]
    public void Import_LiteLlm_WritesAFileAndReportsTheRest()
    {
        cli.Set("OPENAI_API_KEY", "k").Write("litellm.yaml", "model_list:\n  - { model_name: gpt, litellm_params: { model: openai/gpt-5.4, api_key: os.environ/OPENAI_API_KEY, odd: 1 } }\n");
        var (code, output, error) = cli.Run("config", "import", "litellm", "litellm.yaml", "--write", "sluice.yaml");
        code.ShouldBe(0);
        output.ShouldBeEmpty();
        error.ShouldContain("litellm.yaml:2:101: model_list[0].litellm_params.odd: has no counterpart; left out");
        cli.Run("config", "validate").Output.ShouldBe("valid (sluice.yaml): 1 provider, 1 route\n");
        cli.Run("config", "import", "litellm", "litellm.yaml", "--write", "sluice.yaml").Code.ShouldBe(1);
        cli.Run("config", "import", "litellm", "none.yaml").Code.ShouldBe(3);
    }

    [Fact]
    public void Set_WithoutAValue_IsWrongUsage()
    {
        var (code, _, error) = cli.Run("config", "show", "--set", "server.listen");
        code.ShouldBe(2);
        error.ShouldStartWith("sluice: --set server.listen: write KEY=VALUE");
    }

    [Fact]
    public void Help_OfACommand_HasExamples()
    {
        var (code, output, _) = cli.Run("config", "validate", "--help");
        code.ShouldBe(0);
        output.ShouldContain("sluice config validate [<FILE>] [options]");
        output.ShouldContain("Examples:\n  sluice config validate\n");
    }
}
