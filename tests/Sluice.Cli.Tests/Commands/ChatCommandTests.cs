using System.Text.Json;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

public sealed class ChatCommandTests : IAsyncLifetime
{
    private static readonly byte[] Pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private readonly CliProcess cli = new();
    private SimulatorServer simulator = null!;

    public async ValueTask InitializeAsync()
    {
        simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        cli.Write("sluice.yaml", $$"""
            providers:
              sim: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: any, price: { input: 1, output: 2 } }
              bad: { type: anthropic, base_url: "{{simulator.BaseAddress}}anthropic", api_key: bad-key }
              gone: { type: ollama, base_url: "http://127.0.0.1:9" }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        cli.Dispose();
        await simulator.DisposeAsync();
    }

    [Fact]
    public void Chat_WithStats_PutsTheAnswerOnOutputAndFiguresOnError()
    {
        var (code, output, error) = cli.Run("chat", "-m", "sim/sim-large", "--stats", "--temperature", "0", "--max-tokens", "50", "Hello");
        code.ShouldBe(0);
        output.ShouldBe("You said: Hello\n");
        error.ShouldMatch(@"^sim/sim-large \| \d+ tokens in, \d+ out \| \$0\.0000\d+ \| first token \d\.\d\d s \| \d\.\d\d s in all \| translated\n$");
        using var sent = JsonDocument.Parse(simulator.Requests.For("openai")[^1].Body);
        sent.RootElement.GetProperty("temperature").GetDouble().ShouldBe(0);
        sent.RootElement.GetProperty("max_completion_tokens").GetInt32().ShouldBe(50);
    }

    [Fact]
    public async Task Conversation_AtATerminal_TakesKeysAsShellsDo()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "this system has no script(1) to make a terminal with");
        cli.Wrapper = ["sh", "-c", "exec script -qec \"$*\" /dev/null", "sh"];
        cli.Set("TERM", "xterm").Set("NO_COLOR", "1");
        using var chat = cli.Start("chat", "-m", "sim/sim-large");
        var shown = chat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        // Left, a letter; the line before, changed; Tab, which completes a command. Not Ctrl-D: before keys are read the terminal itself takes it for the end.
        await chat.StandardInput.WriteAsync("Helo\e[Dl\r\e[A again\r/rese\t\r/exit\r");
        await chat.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        string text = await shown.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        text.ShouldContain("You said: Hello\r\n");
        text.ShouldContain("You said: Hello again\r\n");
        text.ShouldContain("forgotten");
        await chat.WaitForExitAsync(TestContext.Current.CancellationToken);
        chat.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("sim/sim-large", "providers.sim.budget.total=0.000001", "provider 'sim'")]
    [InlineData("smart", "models.smart.budget.daily=0.000001", "route 'smart'")]
    [InlineData("smart", "budgets.monthly=0.000001", "the gateway")]
    public void Chat_WithoutRoomInABudget_EndsWithFive(string model, string budget, string whose)
    {
        var (code, output, error) = cli.Run("chat", "-m", model, "--set", "models.smart.targets=[sim/sim-large]", "--set", budget, "Hello");

        error.ShouldContain(whose);
        error.ShouldContain("has no room for this call");
        (code, output).ShouldBe((5, ""));
        simulator.Requests.For("openai").ShouldBeEmpty();
    }

    [Fact]
    public async Task Chat_IsInTheLedger_AsAnyCall_BesideAGatewayOnTheSameFile()
    {
        cli.Write("sluice.yaml", File.ReadAllText(cli.PathOf("sluice.yaml")) + "\nserver: { listen: \"127.0.0.1:0\" }\n");
        cli.Run("chat", "-m", "sim/sim-large", "Hello").Code.ShouldBe(0);
        cli.Run("spend", "--output", "json").Output.Replace(" ", "", StringComparison.Ordinal).ShouldContain("\"calls\":1,");

        await using var serve = new RunningCommand(cli.Start("serve"));
        await serve.WaitForAsync("Base URL for SDKs");
        cli.Run("chat", "-m", "sim/sim-large", "Hello").Code.ShouldBe(0);

        cli.Run("spend", "--output", "json").Output.Replace(" ", "", StringComparison.Ordinal).ShouldContain("\"calls\":2,");
    }

    [Fact]
    public void Chat_UnderABudget_GetsWhatFits_AndCountsAgainstIt()
    {
        string[] ask = ["chat", "-m", "sim/sim-large", "--set", "budgets.total=0.0005", "Hello"];
        cli.Run(ask).ShouldBe((0, "You said: Hello\n", ""));

        using var sent = JsonDocument.Parse(simulator.Requests.For("openai")[^1].Body);
        sent.RootElement.GetProperty("max_completion_tokens").GetInt32().ShouldBeInRange(100, 250);
        using var spent = JsonDocument.Parse(cli.Run("spend", "--output", "json").Output);
        spent.RootElement.GetProperty("total").GetProperty("calls").GetInt32().ShouldBe(1);
        cli.Run([.. ask, "--max-tokens", "300"]).Code.ShouldBe(5);
    }

    [Fact]
    public void Chat_CutOffAtTheLimit_SaysSo()
    {
        var (code, _, error) = cli.Run("chat", "-m", "sim/sim-large", "--max-tokens", "1", "A question that is long enough");
        code.ShouldBe(0);
        error.ShouldBe("sluice: the answer was cut off at the token limit; allow more with --max-tokens\n");
    }

    [Fact]
    public void Chat_WithImage_SendsItByWhatIsInside()
    {
        File.WriteAllBytes(cli.PathOf("picture.dat"), Pixel);
        cli.Run("chat", "-m", "sim/sim-large", "--image", "picture.dat", "What is this?").Output.ShouldContain("image/png");
        cli.Write("text.png", "no picture");
        cli.Run("chat", "-m", "sim/sim-large", "--image", "text.png", "?").ShouldBe((2, "", "sluice: --image text.png: is not a PNG, JPEG, GIF, WebP or PDF file\n"));
        cli.Run("chat", "-m", "sim/sim-large", "--image", "none.png", "?").ShouldBe((2, "", "sluice: --image none.png: there is no such file\n"));
    }

    [Fact]
    public void Chat_WithSchema_PrintsJsonThatFits()
    {
        cli.Write("person.json", """{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}""");
        var (code, output, error) = cli.Run("chat", "-m", "sim/sim-large", "--schema", "person.json", "Invent a person");
        error.ShouldBeEmpty();
        code.ShouldBe(0);
        JsonDocument.Parse(output).RootElement.GetProperty("name").ValueKind.ShouldBe(JsonValueKind.String);
        using var sent = JsonDocument.Parse(simulator.Requests.For("openai")[^1].Body);
        var schema = sent.RootElement.GetProperty("response_format").GetProperty("json_schema");
        schema.GetProperty("name").GetString().ShouldBe("person");
        schema.GetProperty("strict").GetBoolean().ShouldBeTrue();
        cli.Write("broken.json", "{ ");
        cli.Run("chat", "-m", "sim/sim-large", "--schema", "broken.json", "x").Code.ShouldBe(2);
    }

    [Fact]
    public void Chat_KeyRefused_KeepsTheProvidersWordsAndSaysWhatToDo()
    {
        var (code, output, error) = cli.Run("chat", "-m", "bad/claude", "Hello");
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        error.ShouldStartWith("sluice: bad: invalid x-api-key\n");
        error.ShouldContain("ANTHROPIC_API_KEY");
        error.ShouldContain("the header 'x-api-key: KEY'");
        error.ShouldNotContain("bad-key");
    }

    [Fact]
    public void Chat_NothingListens_GivesFourAndSaysHowToStartIt()
    {
        var (code, _, error) = cli.Run("chat", "-m", "gone/small", "Hello");
        code.ShouldBe(4);
        error.ShouldContain("Start it with 'ollama serve'");
    }

    [Fact]
    public void Chat_WithoutModel_NamesWhatThereIs()
    {
        var (code, _, error) = cli.Run("chat", "Hello");
        code.ShouldBe(2);
        error.ShouldBe("sluice: choose a model with -m: sim/MODEL, bad/MODEL, gone/MODEL; 'sluice models' lists all\n");
    }
}
