using System.Net;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Calls over a limit are told so in their dialect, with the time until there is room.</summary>
public sealed class LimitTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Fact]
    public async Task Calls_InParallelOverTheRate_PassExactlyAsManyAsAllowed()
    {
        var (path, body) = Ask(Dialects.First(), "limited/large", "Hello there", stream: false);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => gateway.PostAsync(path, body)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(20);
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToArray();
        refused.Length.ShouldBe(30);
        refused.ShouldAllBe(a => a.Headers.RetryAfter != null);
        (await TextAsync(refused[0])).ShouldContain("provider 'limited' limits.rpm = 20");
        foreach (var answer in answers) answer.Dispose();
    }
}
