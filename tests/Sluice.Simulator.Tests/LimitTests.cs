using System.Globalization;
using Sluice.TestKit;

namespace Sluice.Simulator.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task Requests_BeyondTheLimit_Get429UntilTheMinuteIsOver()
    {
        var time = new ManualTime();
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { RequestsPerMinute = 2, Time = time });
        var remaining = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var good = await simulated.Client.SendAsync(Simulated.Post("/openai/v1/chat/completions", Bodies.OpenAI("x")));
            remaining.Add(good.Headers.GetValues("x-ratelimit-remaining-requests").Single());
            good.Headers.GetValues("x-ratelimit-reset-requests").Single().ShouldBe("1m0s");
        }

        remaining.ShouldBe(["1", "0"]);
        time.Advance(TimeSpan.FromSeconds(20));
        using var limited = await simulated.Client.SendAsync(Simulated.Post("/openai/v1/chat/completions", Bodies.OpenAI("x")));
        ((int)limited.StatusCode).ShouldBe(429);
        limited.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(40));
        time.Advance(TimeSpan.FromSeconds(40));
        await simulated.SendAsync("/openai/v1/chat/completions", Bodies.OpenAI("x"));
    }

    [Fact]
    public async Task Limit_ByControlCall_CountsEachKeyApart()
    {
        await using var simulated = await Simulated.StartAsync();
        await simulated.SendAsync("/__control", """{"provider":"anthropic","rpm":1}""");
        foreach (var (key, status) in ((string, int)[])[("a", 200), ("a", 429), ("b", 200), ("b", 429)])
        {
            simulated.Client.DefaultRequestHeaders.Authorization = null;
            simulated.Client.DefaultRequestHeaders.Remove("x-api-key");
            simulated.Client.DefaultRequestHeaders.Add("x-api-key", key);
            using var response = await simulated.Client.SendAsync(Simulated.Post("/anthropic/v1/messages", Bodies.Anthropic("x")));
            ((int)response.StatusCode).ShouldBe(status);
            response.Headers.GetValues("anthropic-ratelimit-requests-remaining").Single().ShouldBe("0");
            DateTimeOffset.Parse(response.Headers.GetValues("anthropic-ratelimit-requests-reset").Single(), CultureInfo.InvariantCulture).ShouldBeGreaterThan(DateTimeOffset.UtcNow);
        }

        await simulated.SendAsync("/__control/reset", "");
        await simulated.SendAsync("/anthropic/v1/messages", Bodies.Anthropic("x"));
    }
}
