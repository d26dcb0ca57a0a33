namespace Sluice.Simulator.Tests;

public sealed class ChaosTests
{
    [Fact]
    public async Task Calls_UnderEveryKindOfFault_LeaveNothingOpen()
    {
        await using var simulated = await Simulated.StartAsync();
        var kinds = Enum.GetValues<FaultKind>().Select(kind => kind switch
        {
            FaultKind.Stall or FaultKind.Slow => new Fault { Kind = kind, Duration = TimeSpan.FromMilliseconds(2) },
            FaultKind.Reset or FaultKind.Close => new Fault { Kind = kind, AtByte = 60 },
            FaultKind.HugeLine => new Fault { Kind = kind, Bytes = 50_000 },
            _ => Fault.Of(kind),
        }).ToArray();
        simulated.Server.ScriptAtRandom("*", 0.5, 7, kinds);
        (string Path, string Body)[] calls =
        [
            ("/openai/v1/chat/completions", Bodies.OpenAI("hello", ""","stream":true""")),
            ("/openai/v1/responses", """{"model":"m","input":"hello","stream":true}"""),
            ("/anthropic/v1/messages", Bodies.Anthropic("hello", ""","stream":true""")),
            ("/gemini/v1beta/models/g:streamGenerateContent?alt=sse", Bodies.Gemini("hello")),
            ("/ollama/api/chat", Bodies.OpenAI("hello")),
            ("/cohere/v2/chat", Bodies.OpenAI("hello")),
            ("/mistral/v1/chat/completions", Bodies.OpenAI("hello")),
        ];
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, ct) =>
        {
            try
            {
                using var response = await simulated.Client.SendAsync(Simulated.Post(calls[i % calls.Length].Path, calls[i % calls.Length].Body), ct);
                await response.Content.ReadAsByteArrayAsync(ct);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // A broken connection is what some of the faults are.
            }
        });

        await FaultTests.Eventually(() => simulated.Requests.Open == 0);
        simulated.Requests.Received.ShouldBeGreaterThanOrEqualTo(400);
        simulated.Requests.Faulted.ShouldBeInRange(120, 300);
        simulated.Requests.Aborted.ShouldBe(0);
        (simulated.Requests.Answered + simulated.Requests.Aborted).ShouldBe(simulated.Requests.Received);
        simulated.Server.ResetFaults();
        await simulated.SendAsync(calls[0].Path, Bodies.OpenAI("still there"));
    }
}
