using System.Text.Json;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly CliProcess cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Models_Piped_AreOneNameALineAndAFailureHarmsNoOther()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        cli.Write("sluice.yaml", $$"""
            providers:
              bad: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: bad-key }
              sim: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: good }
            models: { fast: sim/sim-large }
            """);
        var (code, output, error) = cli.Run("models");
        code.ShouldBe(0);
        output.ShouldStartWith("fast\nsim/");
        output.ShouldContain("\nsim/gpt-4o-mini\n");
        error.ShouldStartWith("bad: ");
        error.ShouldContain("OPENAI_API_KEY");
        error.ShouldNotContain("bad-key");
        cli.Run("models", "--provider", "bad").Code.ShouldBe(4);
    }

    [Fact]
    public void Models_WithCapability_ShowsThoseThatTheCatalogueKnowsToHaveIt()
    {
        cli.Write("sluice.yaml", "providers: { openai: { api_key: any, models: [gpt-4o, gpt-3.5-turbo, text-embedding-3-small, nobody-knows-me] } }");
        var (code, output, error) = cli.Run("models", "--capability", "vision");
        code.ShouldBe(0);
        output.ShouldBe("openai/gpt-4o\n");
        error.ShouldBe("openai: 1 more that the catalogue does not know\n");
        cli.Run("models", "--capability", "embedding").Output.ShouldBe("openai/text-embedding-3-small\n");

        using var json = JsonDocument.Parse(cli.Run("models", "--output", "json").Output);
        var first = json.RootElement.GetProperty("providers")[0].GetProperty("models")[0];
        first.GetProperty("id").GetString().ShouldBe("gpt-4o");
        first.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()).ShouldContain("vision");
        first.GetProperty("usd_per_million_input").GetDecimal().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Models_UnknownCapability_IsWrongUsageWithTheNearest() =>
        cli.Run("models", "--capability", "vison").ShouldBe((2, "", "sluice: --capability vison: there is no such capability; did you mean 'vision'?\nTry 'sluice models --help'.\n"));
}
