using System.Net.Sockets;
using System.Text.Json;

namespace Sluice.Simulator.Tests;

public sealed class FaultTests
{
    private const string Path = "/openai/v1/chat/completions";
    private static readonly string Streaming = Bodies.OpenAI("hello wide world", ""","stream":true""");

    [Theory]
    [InlineData("/openai/v1/chat/completions", "server_error")]
    [InlineData("/anthropic/v1/messages", "overloaded_error")]
    [InlineData("/gemini/v1beta/models/g:generateContent", "UNAVAILABLE")]
    [InlineData("/ollama/api/chat", "server busy")]
    [InlineData("/cohere/v2/chat", "temporarily unavailable")]
    [InlineData("/mistral/v1/chat/completions", "unreachable_backend")]
    public async Task Status_EachVendor_AnswersInItsOwnForm(string path, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(path, """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}],"contents":[{"parts":[{"text":"x"}]}]}""", 503, ("x-sim-fault", "kind=status;status=503"));
        error.ToString().ShouldContain(expected);
    }

    [Theory]
    [InlineData("/openai/v1/chat/completions", "context", 400, "context_length_exceeded")]
    [InlineData("/openai/v1/chat/completions", "quota", 429, "insufficient_quota")]
    [InlineData("/anthropic/v1/messages", "context", 400, "prompt is too long")]
    [InlineData("/anthropic/v1/messages", "quota", 400, "credit balance is too low")]
    [InlineData("/gemini/v1beta/models/g:generateContent", "context", 400, "input token count")]
    [InlineData("/gemini/v1beta/models/g:generateContent", "quota", 429, "PerDay")]
    [InlineData("/mistral/v1/chat/completions", "context", 400, "too large for model")]
    [InlineData("/cohere/v2/chat", "context", 400, "too many tokens")]
    public async Task Status_WithACode_SpeaksOfIt(string path, string code, int status, string expected)
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(path, """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}],"contents":[{"parts":[{"text":"x"}]}]}""", status, ("x-sim-fault", $"kind=status;status={status};code={code}"));
        error.ToString().ShouldContain(expected);
    }

    [Fact]
    public async Task Status_RetryAfter_TakesThreeForms()
    {
        await using var simulated = await Simulated.StartAsync();
        using var seconds = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("x"), ("x-sim-fault", "kind=status;status=429;retry-after=7")));
        seconds.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        seconds.Headers.Contains("retry-after-ms").ShouldBeFalse();
        using var date = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("x"), ("x-sim-fault", "kind=status;status=429;retry-after-date=3600")));
        date.Headers.RetryAfter!.Date!.Value.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(50));
        using var milliseconds = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("x"), ("x-sim-fault", "kind=status;status=429;retry-after-ms=250")));
        milliseconds.Headers.GetValues("retry-after-ms").Single().ShouldBe("250");
        milliseconds.Headers.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task Status_WithoutRetryAfter_SendsNone()
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("x"), ("x-sim-fault", "kind=status;status=429")));
        response.Headers.RetryAfter.ShouldBeNull();
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(0)]
    [InlineData(300)]
    public async Task Reset_AtByte_BreaksTheConnection(int at)
    {
        await using var simulated = await Simulated.StartAsync();
        simulated.Server.Script("openai", Fault.ResetAt(at));
        var (bytes, error) = await ReadUntilBrokenAsync(simulated, Streaming);
        SocketErrorOf(error).ShouldBe(SocketError.ConnectionReset);
        bytes.ShouldBe(Math.Max(0, at));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true""")]
    public async Task Close_AtByte_EndsEarlyAndSendsWhatCameBefore(string stream)
    {
        await using var simulated = await Simulated.StartAsync();
        simulated.Server.Script("openai", Fault.CloseAt(300));
        var (bytes, error) = await ReadUntilBrokenAsync(simulated, Bodies.OpenAI("hello wide world", stream));
        bytes.ShouldBe(300);
        error.ShouldBeOfType<HttpIOException>().HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
    }

    [Theory]
    [InlineData("before-headers", false)]
    [InlineData("headers", true)]
    [InlineData("20", true)]
    public async Task Stall_HoldsBackFromItsPlaceOn(string at, bool headersArrive)
    {
        await using var simulated = await Simulated.StartAsync();
        using var gaveUp = new CancellationTokenSource();
        var sending = simulated.Client.SendAsync(Simulated.Post(Path, Streaming, ("x-sim-fault", $"kind=stall;at={at};ms=600000")), HttpCompletionOption.ResponseHeadersRead, gaveUp.Token);
        if (headersArrive)
        {
            using var response = await sending;
            var stream = await response.Content.ReadAsStreamAsync();
            if (at == "20")
                await stream.ReadExactlyAsync(new byte[20]);
            var next = stream.ReadAsync(new byte[1], gaveUp.Token).AsTask();
            simulated.Requests.Open.ShouldBe(1);
            next.IsCompleted.ShouldBeFalse();
            await gaveUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => next);
        }
        else
        {
            await Eventually(() => simulated.Requests.Open == 1);
            sending.IsCompleted.ShouldBeFalse();
            await gaveUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => sending);
        }

        await Eventually(() => simulated.Requests is { Aborted: 1, Open: 0 });
    }

    [Fact]
    public async Task Stall_WhenOver_SendsTheRest()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Streaming, ("x-sim-fault", "kind=stall;at=20;ms=30"));
        string.Concat(events.SkipLast(1).Select(item => item.Json.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")).ShouldBe("You said: hello wide world");
    }

    [Fact]
    public async Task Malformed_OneEvent_TheOthersAreWhole()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Streaming, ("x-sim-fault", "kind=malformed;event=2"));
        Should.Throw<JsonException>(() => events[2].Json);
        events[3].Json.ValueKind.ShouldBe(JsonValueKind.Object);
        events[^1].Data.ShouldBe("[DONE]");
    }

    [Fact]
    public async Task Error_InAChatStream_HasNoDone()
    {
        await using var simulated = await Simulated.StartAsync();
        var events = await simulated.StreamAsync(Path, Streaming, ("x-sim-fault", "kind=error;event=0;status=429"));
        events.ShouldHaveSingleItem().Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("rate_limit_exceeded");
    }

    [Theory]
    [InlineData("kind=truncated")]
    [InlineData("kind=empty")]
    [InlineData("kind=not-json")]
    public async Task Body_Spoiled_Is200ButNotJson(string fault)
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("x"), ("x-sim-fault", fault)));
        ((int)response.StatusCode).ShouldBe(200);
        var body = await response.Content.ReadAsByteArrayAsync();
        Should.Throw<JsonException>(() => JsonDocument.Parse(body));
        body.Length.ShouldBe(fault switch { "kind=empty" => 0, _ => body.Length });
    }

    [Fact]
    public async Task Truncated_Stream_EndsInItsMiddle()
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Streaming, ("x-sim-fault", "kind=truncated")));
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task ContentType_Wrong_BodyRight()
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Bodies.OpenAI("x"), ("x-sim-fault", "kind=content-type;content-type=text/plain")));
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("object").GetString().ShouldBe("chat.completion");
    }

    [Fact]
    public async Task HugeLine_IsOneLongLineAmongTheEvents()
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(Path, Streaming, ("x-sim-fault", "kind=huge-line;bytes=100000;event=1")));
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        lines.Max(line => line.Length).ShouldBe(100_002);
        lines.Count(line => line.StartsWith("data: {", StringComparison.Ordinal)).ShouldBe(5);
    }

    [Fact]
    public async Task Slow_Virtual_WaitsBetweenEvents()
    {
        var time = new CountingTime();
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { Time = time });
        var events = await simulated.StreamAsync(Path, Streaming, ("x-sim-fault", "kind=slow;ms=5"));
        time.Delays.ShouldBe(Enumerable.Repeat(TimeSpan.FromMilliseconds(5), events.Count - 1));
    }

    [Fact]
    public async Task SpeedHeaders_SetDelayAndChunk()
    {
        var time = new CountingTime();
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { Time = time });
        var events = await simulated.StreamAsync(Path, Bodies.OpenAI("abc", ""","stream":true"""), ("x-sim-delay", "7"), ("x-sim-chunk", "1,3"));
        events.Count.ShouldBe("You said: abc".Length + 3);
        time.Delays[0].ShouldBe(TimeSpan.FromMilliseconds(7));
        time.Delays.Skip(1).ShouldBe(Enumerable.Repeat(TimeSpan.FromMilliseconds(3), events.Count - 1));
    }

    [Fact]
    public async Task Marker_InTheText_StrikesAndIsNotEchoed()
    {
        await using var simulated = await Simulated.StartAsync();
        await simulated.SendAsync(Path, Bodies.OpenAI("hello [[fault:kind=status;status=502;times=2]]"), 502);
        await simulated.SendAsync(Path, Bodies.OpenAI("hello [[fault:kind=status;status=502;times=2]]"), 502);
        var answer = await simulated.SendAsync(Path, Bodies.OpenAI("hello [[fault:kind=status;status=502;times=2]]"));
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("You said: hello");
        simulated.Requests.Faulted.ShouldBe(2);
    }

    [Fact]
    public async Task Marker_OfAnEarlierTurn_DoesNotStrikeAgain()
    {
        await using var simulated = await Simulated.StartAsync();
        await simulated.SendAsync(Path, """{"model":"m","messages":[{"role":"user","content":"[[fault:kind=status]]"},{"role":"assistant","content":"x"},{"role":"user","content":"again"}]}""");
    }

    [Fact]
    public async Task Marker_ForOneProvider_SparesTheOthers()
    {
        await using var simulated = await Simulated.StartAsync();
        const string Text = "x [[fault:kind=status;status=503;provider=openai]]";
        await simulated.SendAsync(Path, Bodies.OpenAI(Text), 503);
        await simulated.SendAsync("/anthropic/v1/messages", Bodies.Anthropic(Text));
    }

    [Fact]
    public async Task Http2_ResetAndAnswer_Work()
    {
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { Http2 = true });
        (await simulated.SendAsync(Path, Bodies.OpenAI("x"))).GetProperty("object").GetString().ShouldBe("chat.completion");
        simulated.Server.Script("openai", Fault.ResetAt(10));
        var (_, error) = await ReadUntilBrokenAsync(simulated, Streaming);
        error.ShouldNotBeNull();
    }

    internal static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 2000 && !condition(); i++)
            await Task.Delay(5);
        condition().ShouldBeTrue();
    }

    private static async Task<(int Bytes, Exception? Error)> ReadUntilBrokenAsync(Simulated simulated, string body)
    {
        var total = 0;
        try
        {
            using var request = Simulated.Post(Path, body);
            (request.Version, request.VersionPolicy) = (simulated.Client.DefaultRequestVersion, simulated.Client.DefaultVersionPolicy);
            using var response = await simulated.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var stream = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[64];
            while (true)
            {
                var read = await stream.ReadAsync(buffer);
                if (read == 0)
                    return (total, null);
                total += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return (total, exception);
        }
    }

    private static SocketError? SocketErrorOf(Exception? exception) =>
        exception is null ? null : exception is SocketException socket ? socket.SocketErrorCode : SocketErrorOf(exception.InnerException);
}
