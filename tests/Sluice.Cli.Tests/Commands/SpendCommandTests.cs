using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

public sealed partial class SpendCommandTests : IDisposable
{
    private const string Settings = """
        server: { listen: 127.0.0.1:0 }
        providers: { sim: { type: openai, base_url: "URLopenai/v1", api_key: any, price: { input: 1, output: 2 } } }
        """;

    private readonly CliProcess cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void Recompute_WithAFaultyPriceFile_ChangesNothing()
    {
        cli.Write("prices.json", "{");
        cli.Write("sluice.yaml", Settings.Replace("URL", "http://127.0.0.1:9/", StringComparison.Ordinal) + "\ncatalog: { files: [prices.json] }\n");

        var (code, output, error) = cli.Run("spend", "recompute");

        (code, output).ShouldBe((3, ""));
        error.ShouldContain("prices.json:1:");
    }

    [Fact]
    public async Task Spend_TellsWhatCallsCost_AndPricesThemAgain()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        cli.Write("sluice.yaml", Settings.Replace("URL", simulator.BaseAddress.AbsoluteUri, StringComparison.Ordinal));
        await using (var gateway = new RunningCommand(cli.Start("serve")))
        {
            using var client = new HttpClient { BaseAddress = new Uri(Address().Match(await gateway.WaitForAsync("Sluice listens on ")).Value) };
            foreach (string project in new[] { "red", "red", "blue" })
            {
                using var answer = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "sim/large", messages = new[] { new { role = "user", content = "Hi" } }, metadata = new { project } }, TestContext.Current.CancellationToken);
                answer.EnsureSuccessStatusCode();
            }
            gateway.Signal("TERM");
            await gateway.EndAsync();
        }

        var total = Json("spend", "--output", "json").GetProperty("total");
        (long input, long output) = (total.GetProperty("input_tokens").GetInt64(), total.GetProperty("output_tokens").GetInt64());
        total.GetProperty("calls").GetInt32().ShouldBe(3);
        decimal.Parse(total.GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ShouldBe((input + (2 * output)) / 1_000_000m);
        var groups = Json("spend", "--by", "label", "--label-name", "project", "--output", "json").GetProperty("groups");
        groups.EnumerateArray().ToDictionary(g => g.GetProperty("key").GetString()!, g => g.GetProperty("calls").GetInt32()).ShouldBe(new Dictionary<string, int> { ["red"] = 2, ["blue"] = 1 }, ignoreOrder: true);
        cli.Run("spend", "--by", "model", "--output", "csv").Output.ShouldContain($"sim/large,3,{input},{output},");
        cli.Run("spend", "--by", "model").Output.ShouldContain("sim/large");

        cli.Run("spend", "recompute", "--dry-run", "--set", "providers.sim.price.input=3").Output.ShouldStartWith("3 of 3 calls would change");
        cli.Run("spend", "recompute", "--set", "providers.sim.price.input=3").Output.ShouldStartWith("3 of 3 calls changed");
        decimal.Parse(Json("spend", "--output", "json").GetProperty("total").GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(((3 * input) + (2 * output)) / 1_000_000m);
    }

    [Theory]
    [InlineData("--since", "soon", "write a date")]
    [InlineData("--label", "red", "NAME=VALUE")]
    [InlineData("--time-zone", "Mars/Base", "no such time zone")]
    [InlineData("--by", "label", "--label-name")]
    public void WrongQuestion_IsToldWhatWouldBeRight(string option, string value, string told)
    {
        cli.Write("sluice.yaml", Settings.Replace("URL", "http://127.0.0.1:9/", StringComparison.Ordinal));

        var run = cli.Run("spend", option, value);

        run.Code.ShouldBe(2);
        run.Error.ShouldContain(told);
    }

    private JsonElement Json(params string[] args)
    {
        var run = cli.Run(args);
        run.Code.ShouldBe(0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Address();
}
