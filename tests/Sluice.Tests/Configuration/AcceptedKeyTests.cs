using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

/// <summary>A key that is accepted is applied: what would not be is refused, with its place and what is right instead.</summary>
public sealed class AcceptedKeyTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("storage: { postgres: \"postgres://u:p@h/d\" }", "sluice.yaml:1:12: storage.postgres belongs to a feature that this version does not have; write sqlite: ./sluice.db")]
    [InlineData("cache: { responses: {} }", "sluice.yaml:1:10: cache.responses belongs")]
    [InlineData("cache:\n  responses: { ttl: 5m }", "sluice.yaml:2:3: cache.responses belongs")]
    [InlineData("server: { fetch_urls: true }", "sluice.yaml:1:11: server.fetch_urls belongs")]
    [InlineData("server: { dashboard: true }", "sluice.yaml:1:11: server.dashboard belongs")]
    [InlineData("providers: { lab: { type: openai, api_key: k } }\nmodels: { r: { targets: [lab/m], cache: true } }", "sluice.yaml:2:34: models.r.cache belongs")]
    [InlineData("providers: { lab: { type: openai, api_key: k, region: eu } }", "sluice.yaml:1:55: providers.lab.region is read for type: bedrock alone, and 'lab' is of type openai; take it out")]
    [InlineData("providers: { lab: { type: openai, api_key: k, project: p } }", "providers.lab.project is read for type: vertex alone")]
    [InlineData("providers: { lab: { type: openai, api_key: k } }\nmodels: { a: lab/m, b: { targets: [{ model: a, timeout: { total: 5s }, weight: 2 }] } }", "sluice.yaml:2:48: 'timeout' stands at the route 'a', which has settings of its own; write it under models.a")]
    public void Load_KeyThatNothingWouldApply_IsRefusedWithItsPlace(string yaml, string message) => folder.LoadFaults(yaml).ShouldHaveSingleItem().ShouldContain(message);

    [Fact]
    public void Load_AbsentKeyInAVariable_IsRefusedToo()
    {
        var result = folder.Set("SLUICE__storage__postgres", "postgres://u:secret@h/d").Write("sluice.yaml", "providers: {}\n").Load();

        var fault = result.Faults.ShouldHaveSingleItem().ToString();
        fault.ShouldStartWith("environment SLUICE__storage__postgres: storage.postgres belongs");
        fault.ShouldNotContain("secret");
    }

    [Fact]
    public void Load_RelativePaths_StartAtTheFileTheyStandIn()
    {
        folder.Write("own/data/x", "").Write("shared/keys/lab", "from-shared").Write("own/admin", "from-own");
        folder.Write("shared/base.yaml", "providers: { lab: { type: openai, api_key_file: keys/lab } }\n");
        folder.Write("own/gateway.yaml", "extends: ../shared/base.yaml\nadmin: { key_file: admin }\nstorage: { sqlite: data/own.db }\n");

        var config = folder.Load(new ConfigurationSource { File = "own/gateway.yaml" }).Config.ShouldNotBeNull();

        config.Providers["lab"].ApiKeys.ShouldHaveSingleItem().Value.Reveal().ShouldBe("from-shared");
        config.Admin.Key!.Reveal().ShouldBe("from-own");
        config.Storage.Sqlite.ShouldBe(Path.Combine(folder.WorkingDirectory, "own", "data", "own.db"));
    }

    [Fact]
    public void Load_StoreThatNobodyNamed_LiesBesideTheFileElseInTheWorkingDirectory()
    {
        folder.Write("etc/gateway.yaml", "providers: {}\n").Write("config/llms/default-llms.yaml", "providers: {}\n").Write("config/llms/team.yaml", "budgets: { daily: 1 }\n");

        Store(new ConfigurationSource { File = "etc/gateway.yaml" }).ShouldBe(Path.Combine(folder.WorkingDirectory, "etc", "sluice.db"));
        Store(new ConfigurationSource { Profile = "team" }).ShouldBe(Path.Combine(folder.WorkingDirectory, "config", "llms", "sluice.db"));
        using var empty = new ConfigurationFolder();
        empty.Load().Config!.Storage.Sqlite.ShouldBe(Path.Combine(empty.WorkingDirectory, "sluice.db"));
    }

    [Fact]
    public void Load_StoreInAFolderThatIsNotThere_IsWarnedOf() =>
        folder.Write("sluice.yaml", "providers: { local: { type: ollama } }\nstorage: { sqlite: no/such.db }\n").Load().Warnings.ShouldHaveSingleItem().ToString().ShouldStartWith("sluice.yaml:2:20: warning: storage.sqlite: the folder ");

    [Fact]
    public void Load_PathInAVariable_StartsAtTheWorkingDirectory() =>
        folder.Set("SLUICE__storage__sqlite", "run.db").Write("etc/gateway.yaml", "providers: {}\n").Load(new ConfigurationSource { File = "etc/gateway.yaml" })
            .Config!.Storage.Sqlite.ShouldBe(Path.Combine(folder.WorkingDirectory, "run.db"));

    private string Store(ConfigurationSource source) => folder.Load(source).Config.ShouldNotBeNull().Storage.Sqlite;
}
