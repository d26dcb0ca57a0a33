using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

/// <summary><c>sluice status</c> against a gateway that runs: what rests and why, and what it says where it cannot see.</summary>
public sealed partial class StatusCommandTests : IDisposable
{
    private readonly CliProcess cli = new();
    private readonly HttpClient http = new();

    public void Dispose()
    {
        cli.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task Status_FailingModelAndRefusedKey_AreShownAndGiveOne()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        cli.Write("sluice.yaml", $$"""
            server: { listen: 127.0.0.1:0 }
            defaults: { retry: { max_attempts: 1 }, breaker: { failures: 2, open_for: 10m } }
            providers:
              good: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: any }
              bad: { type: anthropic, base_url: "{{simulator.BaseAddress}}anthropic", api_keys: [{ key: bad-key, name: old }, { key: any, name: new }] }
            models: { well: good/sim-large, ill: bad/sim-large }
            """);
        await using var serve = new RunningCommand(cli.Start("serve"));
        string url = Url().Match(await serve.WaitForAsync("ill  -> bad/sim-large")).Value;

        var quiet = cli.Run("status", "--url", url);
        quiet.Error.ShouldBeEmpty();
        quiet.Code.ShouldBe(0);
        quiet.Output.ShouldStartWith($"{url} is ready: 0 attempts under way, 0 waiting at limits\n");
        quiet.Output.ShouldMatch(@"good +sim-large +closed +0 +- +0 +0\n");

        // The refused key makes room for the other; then the target fails.
        foreach (string model in (string[])["well", "ill"]) (await AskAsync(url, model)).ShouldBe(HttpStatusCode.OK);
        simulator.Script("anthropic", [.. Enumerable.Repeat(Fault.WithStatus(500), 2)]);
        for (int i = 0; i < 2; i++) (await AskAsync(url, "ill")).ShouldBe(HttpStatusCode.InternalServerError);

        var ill = cli.Run("status", "--url", url);
        ill.Code.ShouldBe(1);
        ill.Output.ShouldMatch(@"bad +sim-large +open +2 +\d{3} s +0 +0\n");
        ill.Output.ShouldMatch(@"old +refused +\d+ s +authentication\n2 of 3 keys are good\.\n");
        ill.Output.ShouldNotContain("bad-key");

        using var json = JsonDocument.Parse(cli.Run("status", "--url", url, "--output", "json").Output);
        json.RootElement.GetProperty("status").GetString().ShouldBe("ready");
        json.RootElement.GetProperty("providers")[1].GetProperty("models")[0].GetProperty("breaker").GetString().ShouldBe("open");
        cli.Run("status", "--url", url, "--output", "yaml").Output.ShouldContain("breaker: open");
    }

    [Fact]
    public async Task Status_GatewayThatNeedsKeys_TellsWhichVariableAndTakesIt()
    {
        cli.Write("sluice.yaml", """
            server: { listen: 127.0.0.1:0 }
            keys: { required: true }
            admin: { key: "${ADMIN}" }
            storage: { sqlite: ./s.db }
            providers: { own: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key: any } }
            models: { r: own/m }
            """);
        cli.Set("ADMIN", "sk-admin-0123456789abcdef0123456789abcdef");
        await using var serve = new RunningCommand(cli.Start("serve"));
        string url = Url().Match(await serve.WaitForAsync("r  -> own/m")).Value;

        var without = cli.Run("status", "--url", url);
        without.Code.ShouldBe(1);
        without.Error.ShouldBe($"sluice: the gateway at {url} is ready, and needs a key for this: set SLUICE_ADMIN_KEY to its admin key, or to a virtual key\n");
        without.Output.ShouldBeEmpty();

        cli.Set("SLUICE_ADMIN_KEY", "wrong");
        cli.Run("status", "--url", url).Error.ShouldContain("does not take this key");

        cli.Set("SLUICE_ADMIN_KEY", "sk-admin-0123456789abcdef0123456789abcdef");
        var with = cli.Run("status", "--url", url);
        with.Code.ShouldBe(0, with.Error);
        with.Output.ShouldMatch(@"own +m +closed");
    }

    [Fact]
    public void Status_NoGatewayListens_SaysSoAndGivesFour()
    {
        cli.Run("status", "--url", "http://127.0.0.1:9").ShouldBe((4, "", "sluice: no gateway listens at http://127.0.0.1:9: start it with 'sluice serve', or say with --url where it is\n"));
        cli.Write("sluice.yaml", "server: { listen: 127.0.0.1:9 }\nproviders: { own: { type: openai, base_url: \"http://127.0.0.1:9/v1\", api_key: any } }");
        cli.Run("status").Code.ShouldBe(4, "the configuration says where");
        cli.Run("status", "--url", "ftp://there").Code.ShouldBe(2);
    }

    [Fact]
    public async Task Status_OfSomethingElse_SaysThatItIsNoGateway()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        var (code, _, error) = cli.Run("status", "--url", simulator.BaseAddress.GetLeftPart(UriPartial.Authority));
        code.ShouldBe(1);
        error.ShouldContain("is no gateway of this kind");
    }

    private async Task<HttpStatusCode> AskAsync(string url, string model)
    {
        using var content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(url + "/v1/chat/completions", content, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Url();
}
