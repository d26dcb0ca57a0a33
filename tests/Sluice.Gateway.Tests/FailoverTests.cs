using System.Net;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Until the first content has gone out another target may answer; after that the stream ends with an error.</summary>
public sealed class FailoverTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    public static TheoryData<string, bool> Calls
    {
        get
        {
            var calls = new TheoryData<string, bool>();
            foreach (string dialect in Dialects)
            {
                calls.Add(dialect, false);
                calls.Add(dialect, true);
            }
            return calls;
        }
    }

    public static TheoryData<string> AllDialects => [.. Dialects];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Target_ThatIsDown_IsReplacedByTheNext(string dialect, bool stream)
    {
        gateway.Simulator.Script("openai", Fault.WithStatus(503), Fault.WithStatus(503));
        var (path, body) = Ask(dialect, "pair", "Hello there", stream);

        using var answer = await gateway.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        Header(answer, "x-sluice-provider").ShouldBe("sim-anthropic");
        Header(answer, "x-sluice-attempts").ShouldBe("3");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Error_InsideAStreamBeforeContent_StillFailsOver(string dialect)
    {
        gateway.Simulator.Script("openai", Fault.ErrorAt(0), Fault.ErrorAt(0));
        var (path, body) = Ask(dialect, "pair", "Hello there", stream: true);

        using var answer = await gateway.PostAsync(path, body);
        string text = await TextAsync(answer);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        Header(answer, "x-sluice-provider").ShouldBe("sim-anthropic");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Route_TriesEveryTarget(string dialect, bool stream)
    {
        var (path, body) = Ask(dialect, "mixed", "Hello there", stream);

        using var answer = await gateway.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        Header(answer, "x-sluice-provider").ShouldBe("sim-gemini");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Stream_ThatStallsBeforeContent_TimesOutAndFailsOver(string dialect)
    {
        gateway.Simulator.Script("openai", Fault.StallBeforeHeaders(TimeSpan.FromSeconds(20)), Fault.StallBeforeHeaders(TimeSpan.FromSeconds(20)));
        var (path, body) = Ask(dialect, "pair", "Hello there", stream: true);

        using var answer = await gateway.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        Header(answer, "x-sluice-provider").ShouldBe("sim-anthropic");
    }

    [Theory]
    [InlineData("openai-chat", "sim-openai")]
    [InlineData("openai-chat", "sim-anthropic")]
    [InlineData("openai-responses", "sim-anthropic")]
    [InlineData("openai-responses", "sim-openai")]
    [InlineData("anthropic-messages", "sim-openai")]
    [InlineData("anthropic-messages", "sim-anthropic")]
    [InlineData("gemini-generate", "sim-anthropic")]
    [InlineData("gemini-generate", "sim-gemini")]
    [InlineData("ollama-chat", "sim-anthropic")]
    [InlineData("ollama-chat", "sim-ollama")]
    public async Task Stream_ThatIsCutAfterContent_EndsWithAnErrorAndNoSuccess(string dialect, string upstream)
    {
        string provider = upstream[4..];
        gateway.Simulator.Script(provider, Fault.CloseAt(6000), Fault.CloseAt(6000));
        var (path, body) = Ask(dialect, $"{upstream}/large", string.Concat(Enumerable.Repeat("many words make a long answer ", 40)), stream: true);

        using var answer = await gateway.PostAsync(path, body);
        string text = await TextAsync(answer);
        gateway.Simulator.ResetFaults();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        text.ShouldContain("error");
        text.ShouldNotContain("[DONE]");
        text.ShouldNotContain("message_stop");
        text.ShouldNotContain("response.completed");
        text.ShouldNotContain("\"finishReason\":\"STOP\"");
        text.ShouldNotContain("\"done\":true");
    }

    [Fact]
    public async Task Client_ThatLeaves_CancelsTheUpstreamCall()
    {
        long before = gateway.Simulator.Requests.Aborted;
        gateway.Simulator.Script("openai", new Fault { Kind = FaultKind.Slow, Duration = TimeSpan.FromMilliseconds(200) });
        var (path, body) = Ask("openai-chat", "sim-openai/large", string.Concat(Enumerable.Repeat("word ", 500)), stream: true);
        using (var answer = await gateway.PostAsync(path, body))
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            _ = await stream.ReadAsync(new byte[64], TestContext.Current.CancellationToken);
        }

        for (int i = 0; i < 100 && gateway.Simulator.Requests.Aborted == before; i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        gateway.Simulator.ResetFaults();

        gateway.Simulator.Requests.Aborted.ShouldBe(before + 1);
    }
}
