using System.Net;
using System.Text.Json;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Errors in the client's own dialect, with the right status and words that help.</summary>
public sealed class ErrorTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    public static TheoryData<string> AllDialects => [.. Dialects];

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Body_ThatIsBroken_Is400WithThePlace(string dialect)
    {
        var (path, _) = Ask(dialect, "pair", "x");

        using var answer = await gateway.PostAsync(path, "{\"model\": \"pair\",\n  \"messages\": [}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Message(dialect, await JsonAsync(answer)).ShouldContain("line 2, column 16");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Model_ThatNobodyKnows_Is404WithTheNearest(string dialect)
    {
        var (path, body) = Ask(dialect, "pairr", "x");

        using var answer = await gateway.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Message(dialect, await JsonAsync(answer)).ShouldContain("'pair'");
    }

    [Fact]
    public async Task Provider_ThatIsMistyped_IsOfferedWithTheModelThatWasAskedFor()
    {
        using var answer = await gateway.PostAsync("/v1/chat/completions", """{"model":"sim-opnai/gpt-4o","messages":[]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Message("openai-chat", await JsonAsync(answer)).ShouldContain("Did you mean 'sim-openai/gpt-4o'?");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Body_ThatIsTooLarge_Is413(string dialect)
    {
        var (path, body) = Ask(dialect, "pair", new string('x', 300_000));

        using var answer = await gateway.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        Message(dialect, await JsonAsync(answer)).ShouldContain("256 KiB");
    }

    [Fact]
    public async Task Body_WithoutModel_Is400()
    {
        using var answer = await gateway.PostAsync("/v1/chat/completions", """{"messages":[]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(answer)).GetProperty("error").GetProperty("param").GetString().ShouldBe("model");
    }

    [Fact]
    public async Task Method_ThatIsWrong_Is405()
    {
        using var answer = await gateway.Client.GetAsync("/v1/chat/completions", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldContain("POST");
    }

    [Fact]
    public async Task Path_ThatIsNone_Is404InTheDialectOfThePath()
    {
        using var answer = await gateway.PostAsync("/v1/nothing", "{}");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Message("openai-chat", await JsonAsync(answer)).ShouldContain("/v1/nothing");

        using var ollama = await gateway.PostAsync("/api/nothing", "{}");
        (await JsonAsync(ollama)).GetProperty("error").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Key_ThatIsWrong_IsSaidWithoutTheKey(string dialect)
    {
        var (path, body) = Ask(dialect, "wrong-key/large", "x");

        using var answer = await gateway.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        string text = await TextAsync(answer);
        text.ShouldNotContain("bad-key");
        Header(answer, "x-sluice-guidance").ShouldNotBeNull().ShouldContain("OPENAI_API_KEY");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Upstream_ThatRefusesTheConnection_Is502(string dialect)
    {
        var (path, body) = Ask(dialect, "nowhere/large", "x");

        using var answer = await gateway.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        Message(dialect, await JsonAsync(answer)).ShouldContain("refused the connection");
        Header(answer, "x-sluice-attempts").ShouldBe("2");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Upstream_ThatAnswersNoJson_Is502(string dialect)
    {
        gateway.Simulator.Script("gemini", new Fault { Kind = FaultKind.NotJson }, new Fault { Kind = FaultKind.NotJson });
        var (path, body) = Ask(dialect, "sim-gemini/large", "x");

        using var answer = await gateway.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        Message(dialect, await JsonAsync(answer)).ShouldContain("not JSON");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task RetryAfter_OfTheProvider_ReachesTheClient(string dialect)
    {
        gateway.Simulator.Script("anthropic", Fault.WithStatus(429, retryAfterSeconds: 30), Fault.WithStatus(429, retryAfterSeconds: 30));
        var (path, body) = Ask(dialect, "sim-anthropic/large", "x");

        using var answer = await gateway.PostAsync(path, body);
        gateway.Simulator.ResetFaults();

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Header(answer, "Retry-After").ShouldBe("30");
    }

    private static string Message(string dialect, JsonElement body) => dialect switch
    {
        "ollama-chat" => body.GetProperty("error").GetString()!,
        _ => body.GetProperty("error").GetProperty("message").GetString()!,
    };
}
