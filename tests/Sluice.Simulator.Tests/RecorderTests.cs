namespace Sluice.Simulator.Tests;

public sealed class RecorderTests
{
    [Fact]
    public async Task Requests_AreKeptAsTheyCame()
    {
        await using var simulated = await Simulated.StartAsync();
        await simulated.SendAsync("/openai/v1/chat/completions?x=y", Bodies.OpenAI("hello"), 200, ("x-own", "1"));
        await simulated.SendAsync("/anthropic/v1/messages", Bodies.Anthropic("hello"));
        var request = simulated.Requests.For("openai").ShouldHaveSingleItem();
        request.Method.ShouldBe("POST");
        request.Path.ShouldBe("/openai/v1/chat/completions");
        request.Query.ShouldBe("?x=y");
        request.Headers["X-Own"].ShouldBe("1");
        request.Text.ShouldBe(Bodies.OpenAI("hello"));
        simulated.Requests.Last!.Provider.ShouldBe("anthropic");
        simulated.Requests.Received.ShouldBe(2);
        simulated.Requests.Clear();
        simulated.Requests.All.ShouldBeEmpty();
        simulated.Requests.Received.ShouldBe(0);
    }

    [Theory]
    [InlineData(2, long.MaxValue)]
    [InlineData(100, 250)]
    public async Task Requests_AreBoundedByNumberAndBytes(int number, long bytes)
    {
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { RecordedRequests = number, RecordedBytes = bytes });
        for (var i = 0; i < 4; i++)
            await simulated.SendAsync("/openai/v1/chat/completions", Bodies.OpenAI($"{i}{new string('x', 40)}"));
        simulated.Requests.All.Select(request => request.Text).ShouldBe([Bodies.OpenAI($"2{new string('x', 40)}"), Bodies.OpenAI($"3{new string('x', 40)}")]);
        simulated.Requests.Received.ShouldBe(4);
    }

    [Fact]
    public async Task Client_ThatLeavesMidStream_IsCounted()
    {
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { ChunkDelay = TimeSpan.FromMinutes(10) });
        using (var response = await simulated.Client.SendAsync(Simulated.Post("/openai/v1/chat/completions", Bodies.OpenAI("hello", ""","stream":true""")), HttpCompletionOption.ResponseHeadersRead))
            simulated.Requests.Open.ShouldBe(1);
        await FaultTests.Eventually(() => simulated.Requests is { Aborted: 1, Open: 0, Answered: 0 });
    }

    [Fact]
    public async Task Server_DisposedWhileOpen_EndsAtOnce()
    {
        var simulated = await Simulated.StartAsync(new SimulatorOptions { ChunkDelay = TimeSpan.FromMinutes(10) });
        using var response = await simulated.Client.SendAsync(Simulated.Post("/openai/v1/chat/completions", Bodies.OpenAI("hello", ""","stream":true""")), HttpCompletionOption.ResponseHeadersRead);
        var reading = response.Content.ReadAsStringAsync();
        await simulated.Server.DisposeAsync();
        await Should.ThrowAsync<HttpRequestException>(() => reading);
        simulated.Client.Dispose();
    }

    [Fact]
    public async Task Start_BadAddress_SaysWhatIsRight()
    {
        var error = await Should.ThrowAsync<ArgumentException>(() => SimulatorServer.StartAsync(new SimulatorOptions { Listen = "nowhere" }));
        error.Message.ShouldContain("write host:port");
    }

    [Fact]
    public async Task Start_SameSeed_GivesTheSameIds()
    {
        await using var one = await Simulated.StartAsync(new SimulatorOptions { Seed = 5 });
        await using var two = await Simulated.StartAsync(new SimulatorOptions { Seed = 5 });
        await using var other = await Simulated.StartAsync(new SimulatorOptions { Seed = 6 });
        var id = await IdAsync(one);
        (await IdAsync(two)).ShouldBe(id);
        (await IdAsync(other)).ShouldNotBe(id);

        static async Task<string?> IdAsync(Simulated simulated) =>
            (await simulated.SendAsync("/openai/v1/chat/completions", Bodies.OpenAI("x"))).GetProperty("id").GetString();
    }
}
