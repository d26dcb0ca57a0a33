using System.Net;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Every dialect in, every upstream format out.</summary>
public sealed class MatrixTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    public static TheoryData<string, string, bool> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, bool>();
            foreach (string dialect in Dialects)
            {
                foreach (string upstream in Upstreams)
                {
                    pairs.Add(dialect, upstream, false);
                    pairs.Add(dialect, upstream, true);
                }
            }
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Text_ThroughEveryPair_Arrives(string dialect, string upstream, bool stream)
    {
        var (path, body) = Ask(dialect, $"{upstream}/large", "Grüße, 世界!", stream);

        using var answer = await gateway.PostAsync(path, body);
        string text = await TextAsync(answer);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        if (!stream) text.ShouldContain("Grüße, 世界!");
        Header(answer, "x-sluice-dropped").ShouldBeNull();
    }
}
