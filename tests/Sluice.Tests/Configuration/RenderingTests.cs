using System.Text.Json;
using Sluice.Configuration;
using Sluice.Configuration.Rendering;
using Sluice.Configuration.Yaml;

namespace Sluice.Tests.Configuration;

/// <summary>What <c>config show</c> and <c>config init</c> print.</summary>
public sealed class RenderingTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ToYaml_WithOrigins_NamesThePlaceOfEachValue()
    {
        folder.Set("OPENAI_API_KEY", "sk-planted-1").Set("SLUICE__server__max_nesting", "9");
        folder.Write("config/llms/default-llms.yaml", """
            server: { listen: 127.0.0.1:1 }
            providers:
              openai: { models: [a, b], limits: { rpm: 5 } }
            models:
              smart:
                targets:
                  - { model: openai/a, weight: 2 }
                  - openai/b
            """).Write("config/llms/p.yaml", "providers: { openai: { limits: { rpm: 6 } } }");
        var result = folder.Load(new ConfigurationSource { Profile = "p", Overrides = [new ConfigurationOverride(["server", "max_headers"], "70", "--set server.max_headers")] });
        result.Faults.ShouldBeEmpty();
        var lines = ShownConfiguration.ToYaml(result, origins: true).Split('\n');

        lines.ShouldContain("  listen: 127.0.0.1:1  # config/llms/default-llms.yaml:1:19");
        lines.ShouldContain("  max_nesting: 9  # environment SLUICE__server__max_nesting");
        lines.ShouldContain("  max_headers: 70  # command line --set server.max_headers");
        lines.ShouldContain("  shutdown_grace: 30s  # default");
        lines.ShouldContain("      rpm: 6  # config/llms/p.yaml:1:39");
        lines.ShouldContain("    models: [a, b]  # config/llms/default-llms.yaml:3:21");
        lines.ShouldContain("    api_key: \"***\"  # environment OPENAI_API_KEY");
        lines.ShouldContain("        weight: 2  # config/llms/default-llms.yaml:7:36");
    }

    [Fact]
    public void ToYaml_LoadedAgain_GivesTheSameConfiguration()
    {
        folder.Set("K", "k");
        var yaml = """
            server: { listen: "127.0.0.1:5" }
            providers:
              a: { type: vertex, credentials_file: "sluice.yaml", organization: "true", project: "5", location: "a: b #c", headers: { add: { X-A: "q\"\\", X-B: "- x" } }, params: { s: "5", n: 5, f: 1.50, l: [a, { b: "" }], t: true, z: null } }
            models: { "a.b": a/x, "x y:z".: a/x }
            """.Replace("\"x y:z\".", "\"[x]\"", StringComparison.Ordinal);
        var first = folder.LoadValid(yaml);
        var shown = ShownConfiguration.ToYaml(folder.Load(), origins: false);
        var second = folder.LoadValid(shown);

        second.Server.ShouldBe(first.Server);
        second.Routes.Keys.ShouldBe(first.Routes.Keys);
        var (a, b) = (first.Providers["a"], second.Providers["a"]);
        b.Organization.ShouldBe("true");
        b.Location.ShouldBe("a: b #c");
        b.Headers.Add.ShouldBe(a.Headers.Add);
        b.Params.Select(p => $"{p.Key}={p.Value.GetRawText()}").ShouldBe(["s=\"5\"", "n=5", "f=1.50", "l=[\"a\",{\"b\":\"\"}]", "t=true", "z=null"]);
    }

    [Fact]
    public void EveryRendering_PlantedSecrets_AreNowhere()
    {
        folder.Set("PLANTED", "planted-5").Set("OPENAI_API_KEY", "planted-6").Set("AWS_SECRET_ACCESS_KEY", "planted-7");
        var result = folder.Write("key", "planted-8").Write("sluice.yaml", """
            admin: { key: planted-1 }
            defaults: { headers: { set: { Authorization: Bearer planted-3, X-From: "${PLANTED}" } } }
            providers:
              openai: { proxy: "http://user:planted-4@proxy.example:1" }
              anthropic: { api_keys: [planted-10, { key: planted-11, name: n }] }
              xai: { api_key_file: key }
              b: { type: bedrock, region: r, aws: { access_key_id: AKIA, secret_access_key: planted-12, session_token: "planted-13" } }
              lab: { type: vllm, provider_specific: { api_key: planted-14, nested: { password: planted-15, x: "${PLANTED}" }, list: [{ auth_token: planted-16 }] }, params: { user: "${PLANTED}" } }
              typo: { type: vllm, organization: sk-planted-17-0123456789 }
            keys: { pepper: planted-18 }
            budgets: { daily: 1, webhook: "https://hooks.example/x?token=planted-19" }
            telemetry: { otlp: "http://127.0.0.1:4317", otlp_headers: { api-key: planted-20 } }
            transforms:
              - { on: request, set: { path: $.metadata, value: { secret: planted-21 } } }
            """).Load();
        result.Faults.ShouldBeEmpty();

        foreach (var origins in new[] { true, false })
        {
            ShownConfiguration.ToYaml(result, origins).ShouldNotContain("planted");
            ShownConfiguration.ToJson(result, origins).ShouldNotContain("planted");
        }

        var yaml = ShownConfiguration.ToYaml(result, origins: false);
        yaml.ShouldContain("proxy: http://***@proxy.example:1");
        yaml.ShouldContain("access_key_id: AKIA");
        result.Config!.ToString().ShouldNotContain("planted");
    }

    [Fact]
    public void ToJson_WithOrigins_ListsEachValueWithItsPath()
    {
        folder.Write("sluice.yaml", "server: { listen: 127.0.0.1:1 }\nproviders: { ollama: }").Load();
        using var json = JsonDocument.Parse(ShownConfiguration.ToJson(folder.Load(), origins: true));
        var listen = json.RootElement.EnumerateArray().Single(item => item.GetProperty("path").GetString() == "server.listen");
        listen.GetProperty("value").GetString().ShouldBe("127.0.0.1:1");
        listen.GetProperty("origin").GetString().ShouldBe("sluice.yaml:1:19");
    }

    [Theory]
    [InlineData]
    [InlineData("OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY")]
    public void InitialFile_AsWritten_LoadsWithWhatIsSet(params string[] variables)
    {
        foreach (var variable in variables) folder.Set(variable, "k");
        var text = InitialFile.Write(folder);
        var config = folder.LoadValid(text);

        config.Providers.Keys.ShouldBe(variables switch
        {
            [] => ["ollama"],
            [_] => ["openai"],
            _ => ["openai", "anthropic", "gemini"],
        });
        config.Routes.Count.ShouldBe(variables.Length > 1 ? 1 : 0);
        text.ShouldStartWith("# yaml-language-server: $schema=./sluice.schema.json\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void InitialFile_WithEveryCommentTakenAway_IsValid(bool editor)
    {
        foreach (var type in ProviderTypes.All)
        {
            foreach (var variable in ProviderTypes.KeyVariables(type)) folder.Set(variable, "k");
        }

        folder.Set("AZURE_OPENAI_ENDPOINT", "https://a.openai.azure.com").Set("LAB_KEY", "k").Set("RESEARCH_KEY_A", "a").Set("RESEARCH_KEY_B", "b").Write("service-account.json", "{}");
        var lines = InitialFile.Write(folder).Split('\n').Select(line =>
        {
            var at = line.IndexOf('#', StringComparison.Ordinal);
            // A comment that is a setting: '  #name:', '  #  key: value'; sentences stay comments. An editor takes one space along.
            return at >= 0 && line[..at].Trim().Length == 0 && System.Text.RegularExpressions.Regex.IsMatch(line[(at + 1)..], "^( {2})*[a-z_0-9-]+:( |$)")
                ? line[..at] + line[(at + (editor && line[at + 1] == ' ' ? 2 : 1))..] : line;
        });
        var config = folder.LoadValid(string.Join('\n', lines));

        config.Providers.Keys.ShouldBe(ProviderTypes.All.Except(["openai-responses", "openai-compatible", "anthropic-compatible"]).Concat(["lab", "openai-research"]), ignoreOrder: true);
        config.Routes.Keys.ShouldBe(["smart"]);
        config.Defaults.Params.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("", "\"\"")]
    [InlineData("true", "\"true\"")]
    [InlineData("5", "\"5\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("- a", "\"- a\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("*x", "\"*x\"")]
    [InlineData("a\nb", "\"a\\nb\"")]
    [InlineData("ä\u0001", "\"ä\\x01\"")]
    [InlineData("http://a:1/b", "http://a:1/b")]
    public void Quote_Text_ReadsBackAsItself(string text, string quoted)
    {
        YamlText.Quote(text, plain: false).ShouldBe(quoted);
        ((ScalarNode)((MapNode)YamlReader.Read("a: " + quoted, "f", new FaultList())!)["a"]!).Text.ShouldBe(text);
    }
}
