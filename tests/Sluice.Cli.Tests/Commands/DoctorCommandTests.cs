using System.Text.Json;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly CliProcess cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Doctor_AllGood_SaysSoAndEndsWithZero()
    {
        await using var simulator = await StartAsync();
        cli.Write("sluice.yaml", $$"""providers: { sim: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: good }, own: { type: ollama, base_url: "{{simulator.BaseAddress}}ollama" } }""");
        var (code, output, error) = cli.Run("doctor");
        error.ShouldBeEmpty();
        code.ShouldBe(0);
        output.ShouldStartWith("Configuration: sluice.yaml\n");
        output.ShouldMatch(@"sim +OpenAI +ok +good +\d+ +\d+ ms +ok");
        output.ShouldMatch(@"own +Ollama +ok +not needed +\d+ +\d+ ms +ok");
    }

    [Fact]
    public async Task Doctor_BadKey_SaysWhichVariableWhereKeysAreMadeAndWhichHeader()
    {
        await using var simulator = await StartAsync();
        cli.Write("sluice.yaml", $$"""providers: { claude: { type: anthropic, base_url: "{{simulator.BaseAddress}}anthropic", api_keys: [good-key, bad-key] } }""");
        var (code, output, _) = cli.Run("doctor");
        code.ShouldBe(1);
        output.ShouldMatch(@"claude#1 .* ok +good");
        output.ShouldMatch(@"claude#2 .* key refused +refused");
        output.ShouldContain("ANTHROPIC_API_KEY");
        output.ShouldContain("the header 'x-api-key: KEY'");
        output.ShouldNotContain("bad-key");
    }

    [Fact]
    public void Doctor_NothingListensForAVendorWithoutModelList_NamesTheAddressThatWasTried()
    {
        cli.Write("sluice.yaml", """providers: { voyage: { base_url: "http://127.0.0.1:9", api_key: any } }""");
        var (code, output, _) = cli.Run("doctor");
        code.ShouldBe(4);
        output.ShouldContain("Nothing listens at http://127.0.0.1:9");
    }

    [Fact]
    public async Task Doctor_NothingListensAndAModelIsMisspelt_GivesFourAndTheRestUnharmed()
    {
        await using var simulator = await StartAsync();
        cli.Write("sluice.yaml", $$"""
            providers:
              gone: { type: openai-compatible, base_url: "http://127.0.0.1:9/v1", api_key: any }
              sim: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: good }
            models: { fast: sim/gpt-4o-mni }
            """);
        var (code, output, _) = cli.Run("doctor", "--output", "json");
        code.ShouldBe(4);
        using var report = JsonDocument.Parse(output);
        var gone = report.RootElement.GetProperty("providers")[0];
        gone.GetProperty("state").GetString().ShouldBe("unreachable");
        gone.GetProperty("remedies")[0].GetString().ShouldBe("Nothing listens at http://127.0.0.1:9: start it, or correct base_url.");
        var sim = report.RootElement.GetProperty("providers")[1];
        sim.GetProperty("key").GetString().ShouldBe("good");
        sim.GetProperty("remarks")[0].GetString().ShouldBe("the configuration names 'gpt-4o-mni', which is not in its list; the nearest is 'gpt-4o-mini'");
    }

    [Fact]
    public async Task Doctor_KeysOfTheClients_AreNotMissed()
    {
        await using var simulator = await StartAsync();
        cli.Write("sluice.yaml", $$"""providers: { sim: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", auth: { scheme: passthrough } } }""");
        var (code, output, _) = cli.Run("doctor");
        code.ShouldBe(0);
        output.ShouldContain("note: clients bring their own key (auth: passthrough), so none was tried\n");
    }

    [Fact]
    public void Doctor_UnknownProvider_IsWrongUsage()
    {
        cli.Write("sluice.yaml", "providers: { local: { type: ollama } }");
        cli.Run("doctor", "--provider", "locl").ShouldBe((2, "", "sluice: provider 'locl' is not configured; did you mean 'local'?\n"));
    }

    private static Task<SimulatorServer> StartAsync() => SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
}
