using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Lines of a stream beyond <c>server.max_stream_line</c>: memory stays bounded, and the client is told in its own dialect.</summary>
public sealed class StreamLineTests
{
    private const string Start = """data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}""" + "\n\n";
    private const string End = """data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n";

    public static TheoryData<string, string> Lines => new()
    {
        { "openai-chat", ": " + new string('x', 20_000) + "\n\n" },
        { "openai-chat", "data: " + new string('x', 20_000) + "\n\n" },
        { "openai-chat", string.Concat(Enumerable.Repeat("data: " + new string('x', 1000) + "\n", 100)) },
        { "anthropic-messages", ": " + new string('x', 20_000) + "\n\n" },
        { "anthropic-messages", "data: " + new string('x', 20_000) + "\n\n" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Line_BeyondTheBound_EndsTheStreamWithAnErrorInTheDialect(string dialect, string line)
    {
        await using var upstream = await StartAsync(Start, line, End);

        string text = await AskAsync(upstream, dialect);

        text.ShouldContain("Hi");
        text.ShouldContain("server.max_stream_line");
        text.ShouldContain(dialect == "openai-chat" ? "data: {\"error\":" : "event: error");
        text.Length.ShouldBeLessThan(10_000);
    }

    [Fact]
    public async Task Line_BeyondTheBoundBeforeContent_LetsAnotherTargetAnswer()
    {
        await using var upstream = await StartAsync(": " + new string('x', 20_000) + "\n\n", Start, End);

        string text = await AskAsync(upstream, "openai-chat", "pair");

        text.ShouldContain("Hello from the other");
        text.ShouldNotContain("max_stream_line");
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    public async Task Lines_WithinTheBound_MayComeInAPieceBeyondIt(string dialect)
    {
        string many = string.Concat(Enumerable.Repeat(Start, 100));
        await using var upstream = await StartAsync(many, End);

        string text = await AskAsync(upstream, dialect);

        text.Split("\"Hi\"").Length.ShouldBe(101);
        text.ShouldNotContain("max_stream_line");
    }

    private static async Task<string> AskAsync(FakeUpstream upstream, string dialect, string model = "fake/m")
    {
        var (path, body) = Ask(dialect, model, "Hi", stream: true);
        using var answer = await upstream.Client.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        return await TextAsync(answer);
    }

    private static async Task<FakeUpstream> StartAsync(params string[] pieces)
    {
        var fake = await FakeUpstream.StartAsync(request => request.Text.Contains("\"other\"", StringComparison.Ordinal)
            ? FakeAnswer.Events(Start.Replace("Hi", "Hello from the other", StringComparison.Ordinal) + End)
            : FakeAnswer.Events(pieces[0]) with { Rest = (body, stop) => WriteAsync(body, pieces[1..], stop) });
        await fake.GatewayAsync("""
            providers: { fake: { type: openai, base_url: "URL/v1", api_key: test } }
            models: { pair: { strategy: fallback, targets: [fake/m, fake/other] } }
            """, server: "max_stream_line: 4KiB");
        return fake;
    }

    private static async Task<bool> WriteAsync(Stream body, string[] pieces, CancellationToken stop)
    {
        foreach (string piece in pieces)
        {
            await body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(piece), stop);
            await body.FlushAsync(stop);
        }
        return true;
    }
}
