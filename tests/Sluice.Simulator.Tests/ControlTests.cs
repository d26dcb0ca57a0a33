namespace Sluice.Simulator.Tests;

public sealed class ControlTests
{
    private const string Path = "/openai/v1/chat/completions";

    [Fact]
    public async Task Control_Faults_StrikeInOrderAndAsOftenAsRepeated()
    {
        await using var simulated = await Simulated.StartAsync();
        var state = await simulated.SendAsync("/__control", """{"provider":"openai","faults":[{"kind":"status","status":503,"retry_after":1},"kind=status;status=500"],"repeat":2}""");
        state.GetProperty("waiting").GetProperty("openai").GetInt32().ShouldBe(4);
        (await StatusesAsync(simulated, 5)).ShouldBe([503, 500, 503, 500, 200]);
    }

    [Fact]
    public async Task Control_RepeatBelowZero_NeverEnds()
    {
        await using var simulated = await Simulated.StartAsync();
        await simulated.SendAsync("/__control", """{"provider":"*","faults":[{"kind":"status","status":503}],"repeat":-1}""");
        (await StatusesAsync(simulated, 3)).ShouldBe([503, 503, 503]);
        await simulated.SendAsync("/__control/reset", "");
        (await StatusesAsync(simulated, 1)).ShouldBe([200]);
    }

    [Fact]
    public async Task Control_ModelAndPath_NarrowAFault()
    {
        await using var simulated = await Simulated.StartAsync();
        await simulated.SendAsync("/__control", """[{"provider":"openai","faults":[{"kind":"status","status":503,"model":"other"}]},{"provider":"openai","faults":[{"kind":"status","status":500,"path":"/models"}]}]""");
        (await StatusesAsync(simulated, 1)).ShouldBe([200]);
        await simulated.SendAsync(Path, """{"model":"the-other-one","messages":[{"role":"user","content":"x"}]}""", 503);
        await simulated.GetAsync("/openai/v1/models", 500);
        await simulated.GetAsync("/openai/v1/models");
    }

    [Fact]
    public async Task Control_Queue_IsLeftAloneByModelLists()
    {
        await using var simulated = await Simulated.StartAsync();
        simulated.Server.Script("openai", Fault.WithStatus(503));
        await simulated.GetAsync("/openai/v1/models");
        (await StatusesAsync(simulated, 2)).ShouldBe([503, 200]);
    }

    [Fact]
    public async Task Control_Probability_StrikesTheSameCallsForTheSameSeed()
    {
        await using var simulated = await Simulated.StartAsync();
        const string Order = """{"provider":"*","probability":0.3,"kinds":["status"],"seed":7}""";
        await simulated.SendAsync("/__control", Order);
        var first = await StatusesAsync(simulated, 200);
        await simulated.SendAsync("/__control", Order);
        (await StatusesAsync(simulated, 200)).ShouldBe(first);
        first.Count(status => status == 503).ShouldBeInRange(40, 80);
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("{}", "needs 'faults'")]
    [InlineData("""{"faults":[{"kind":"explode"}]}""", "unknown fault kind 'explode'")]
    [InlineData("""{"faults":[{"kind":"status","colour":"red"}]}""", "colour")]
    [InlineData("""{"faults":[{"status":500}]}""", "object with a kind")]
    [InlineData("""{"probability":0.5,"kinds":["explode"]}""", "unknown fault kind 'explode'")]
    public async Task Control_Wrong_SaysWhatIs(string body, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.SendAsync("/__control", body, 400)).GetProperty("error").GetString()!.ShouldContain(expected);
    }

    [Fact]
    public async Task State_CountsWhatHappened()
    {
        await using var simulated = await Simulated.StartAsync();
        simulated.Server.ScriptAtRandom("openai", 1, 1, Fault.WithStatus(500));
        await StatusesAsync(simulated, 3);
        var state = await simulated.GetAsync("/__control/state");
        state.GetProperty("received").GetInt32().ShouldBe(3);
        state.GetProperty("answered").GetInt32().ShouldBe(3);
        state.GetProperty("faulted").GetInt32().ShouldBe(3);
        state.GetProperty("probability").GetProperty("openai").GetDouble().ShouldBe(1);
    }

    private static async Task<List<int>> StatusesAsync(Simulated simulated, int count)
    {
        var statuses = new List<int>();
        for (var i = 0; i < count; i++)
        {
            using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("x")));
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }
}
