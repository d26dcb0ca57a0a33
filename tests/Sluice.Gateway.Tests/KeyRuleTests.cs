using System.Net;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What a key may use and how often: its own rules, and those of every group above it.</summary>
public sealed class KeyRuleTests
{
    [Theory]
    [InlineData("""{"models":["sim-openai/*"]}""", "sim-openai/large", true)]
    [InlineData("""{"models":["sim-openai/*"]}""", "sim-gemini/large", false)]
    [InlineData("""{"models":["sim-openai/*"]}""", "other", false)]
    [InlineData("""{"models":["chat"]}""", "chat", true)]
    [InlineData("""{"models":["sim-openai/small"]}""", "any-small", true)]
    [InlineData("""{"models":["sim-openai/small"]}""", "any-large", false)]
    [InlineData("""{"models":["any-*"]}""", "any-large", true)]
    [InlineData("""{"providers":["sim-gemini"]}""", "any-large", true)]
    [InlineData("""{"providers":["sim-gemini"]}""", "any-small", false)]
    [InlineData("""{"routes":["any-*"]}""", "any-large", true)]
    [InlineData("""{"routes":["chat"]}""", "any-large", false)]
    [InlineData("""{"models":["chat"]}""", "sim-openai/large", false)]
    [InlineData("""{"models":["small"]}""", "sim-openai/small", true)]
    [InlineData("""{"models":[]}""", "sim-openai/small", false)]
    [InlineData("""{"routes":["ch*"]}""", "chat", true)]
    [InlineData("""{"routes":["ch*"]}""", "other", false)]
    [InlineData("""{"routes":["chat"]}""", "sim-openai/large", false)]
    [InlineData("""{"providers":["sim-gemini"]}""", "other", true)]
    [InlineData("""{"providers":["sim-gemini"]}""", "chat", false)]
    [InlineData("""{"group":"search"}""", "chat", true)]
    [InlineData("""{"group":"search"}""", "sim-openai/small", true)]
    [InlineData("""{"group":"search"}""", "other", false)]
    [InlineData("""{"group":"search","models":["sim-gemini/*"]}""", "sim-gemini/large", false)]
    [InlineData("""{"group":"lean"}""", "sim-ollama/large", true)]
    [InlineData("""{"group":"lean"}""", "sim-openai/large", false)]
    public async Task Key_MayUseWhatItsRulesSay(string settings, string model, bool may)
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync(settings)).Secret;

        using var answer = await gateway.CallAsync(key, model);

        answer.StatusCode.ShouldBe(may ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await TextAsync(answer));
        if (may) return;
        var error = (await JsonAsync(answer)).GetProperty("error");
        error.GetProperty("message").GetString()!.ShouldContain("it may use");
        gateway.Simulator.Requests.Received.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(VirtualKeyTests.AllDialects), MemberType = typeof(VirtualKeyTests))]
    public async Task Refusal_Is403InEveryDialect(string dialect)
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync("""{"models":["chat"]}""")).Secret;

        using var answer = await gateway.CallAsync(key, "sim-gemini/large", dialect);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TextAsync(answer)).ShouldContain("may not use");
    }

    [Fact]
    public async Task Route_IsHeldToTheTargetsThatTheKeyMayUse()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync("""{"providers":["sim-anthropic"]}""")).Secret;

        using var answer = await gateway.CallAsync(key, "chat");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(answer, "x-sluice-provider").ShouldBe("sim-anthropic");
        gateway.Simulator.Requests.All.ShouldAllBe(r => r.Provider == "anthropic");
    }

    [Fact]
    public async Task ClientsOwnTargets_DoNotWidenTheKey()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync("""{"models":["sim-openai/*"]}""")).Secret;
        gateway.Simulator.Script("openai", Simulator.Fault.WithStatus(500), Simulator.Fault.WithStatus(500));

        using var answer = await gateway.CallAsync(key, "sim-openai/large", headers: ("x-sluice-targets", "sim-openai/large, sim-gemini/large"));

        ((int)answer.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        gateway.Simulator.Requests.All.ShouldAllBe(r => r.Provider == "openai");
    }

    [Theory]
    [InlineData("/v1/models", "data", "id", "")]
    [InlineData("/v1beta/models", "models", "name", "models/")]
    [InlineData("/api/tags", "models", "name", "")]
    public async Task ModelList_HoldsWhatTheKeyMayUse(string path, string list, string name, string prefix)
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync("""{"group":"search"}""")).Secret;

        using var answer = await gateway.GetAsync(path, key);

        (await JsonAsync(answer)).GetProperty(list).EnumerateArray().Select(m => m.GetProperty(name).GetString()).ShouldBe([prefix + "chat", prefix + "sim-openai/large", prefix + "sim-openai/small"]);
    }

    [Fact]
    public async Task OneModel_ThatTheKeyMayNotUse_IsNotThere()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync("""{"models":["chat"]}""")).Secret;

        (await gateway.GetAsync("/v1/models/chat", key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.GetAsync("/v1/models/other", key)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Rpm_InParallel_PassesExactlyAsManyAsAllowed_WithTheTrueWait()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync("""{"name":"search","limits":{"rpm":10}}""")).Secret;

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => gateway.CallAsync(key)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(10);
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToArray();
        refused.Length.ShouldBe(30);
        // One call a sixth of a minute flows in: nobody may be told to come back later than that.
        refused.ShouldAllBe(a => a.Headers.RetryAfter!.Delta > TimeSpan.Zero && a.Headers.RetryAfter.Delta <= TimeSpan.FromSeconds(6));
        (await TextAsync(refused[0])).ShouldContain("key 'search' limits.rpm = 10");
    }

    [Fact]
    public async Task GroupTree_HoldsAllItsKeysTogether_AtEveryHeight()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string first = (await gateway.CreateAsync("""{"group":"tight"}""")).Secret, second = (await gateway.CreateAsync("""{"group":"tight"}""")).Secret, third = (await gateway.CreateAsync("""{"group":"company"}""")).Secret;

        var tight = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => gateway.CallAsync(i % 2 == 0 ? first : second)));
        var company = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => gateway.CallAsync(third)));

        tight.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(5);
        (await TextAsync(tight.First(a => a.StatusCode == HttpStatusCode.TooManyRequests))).ShouldContain("group 'tight'");
        // What the group below was refused has used nothing above.
        company.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(25);
    }

    [Fact]
    public async Task Tpm_IsReservedByEstimate_AndCorrectedByUsage()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync("""{"limits":{"tpm":2000}}""")).Secret;

        // Each reserves 500 of output by what it allows and uses far less: what it did not use is given back.
        int passed = 0;
        for (int i = 0; i < 12; i++) passed += (await gateway.CallAsync(key, dialect: "anthropic-messages")).StatusCode == HttpStatusCode.OK ? 1 : 0;

        passed.ShouldBe(12);
    }

    [Fact]
    public async Task Concurrency_IsFreedWhenCallsEnd()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync("""{"limits":{"concurrency":1}}""")).Secret;

        for (int i = 0; i < 3; i++) (await gateway.CallAsync(key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        gateway.Simulator.Script("openai", Simulator.Fault.WithStatus(500));
        ((int)(await gateway.CallAsync(key)).StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        (await gateway.CallAsync(key)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Changes_OfAKey_HoldFromTheNextCallOn()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        var key = await gateway.CreateAsync("""{"models":["chat"]}""");
        (await gateway.CallAsync(key.Secret, "other")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await gateway.Keys.UpdateAsync(key.Record.Id, KeyedGateway.Node("""{"models":null}"""), null, new Access.Administration.Administrator("cli"), TestContext.Current.CancellationToken);

        (await gateway.CallAsync(key.Secret, "other")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
