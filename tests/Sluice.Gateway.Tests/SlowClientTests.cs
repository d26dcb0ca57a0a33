using System.Net.Sockets;
using System.Text;
using Sluice.Gateway.Hosting;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A client that reads slowly is waited for; it is not taken for a silent provider. One that reads nothing holds no memory, and is cut off.</summary>
public sealed class SlowClientTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Theory]
    [InlineData("sim-openai")]
    [InlineData("sim-anthropic")]
    public async Task Stream_ToAClientThatPausesLongerThanTheIdleTimeout_IsComplete(string upstream)
    {
        var (path, body) = Ask("openai-chat", $"{upstream}/large", string.Concat(Enumerable.Repeat("many words make a long answer ", 7000)), stream: true);
        using var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(gateway.Client.BaseAddress!.Host, gateway.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        byte[] content = Encoding.UTF8.GetBytes(body);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {content.Length}\r\n\r\n"), TestContext.Current.CancellationToken);
        await stream.WriteAsync(content, TestContext.Current.CancellationToken);

        // The idle timeout of these tests is one second.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string all = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        all.ShouldContain("data: [DONE]");
        all.ShouldNotContain("\"error\"");
    }

    [Theory]
    [InlineData(true, "openai-chat")]
    [InlineData(true, "anthropic-messages")]
    [InlineData(false, "openai-chat")]
    [InlineData(false, "anthropic-messages")]
    public async Task ClientThatReadsNothing_IsCutOff_AndItsProviderTooWithoutMoreThanABufferTaken(bool stream, string dialect)
    {
        const int Whole = 32 << 20;
        long sent = 0;
        var hungUp = new TaskCompletionSource();
        var time = new ManualTime();
        await using var upstream = await FakeUpstream.StartAsync((_, aborted) =>
        {
            aborted.Register(() => hungUp.TrySetResult());
            if (!stream) return Task.FromResult(FakeAnswer.Json($$$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('a', Whole)}}}"},"finish_reason":"stop"}]}"""));
            byte[] piece = Encoding.UTF8.GetBytes($$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{{new string('a', 16 * 1024)}}}"},"finish_reason":null}]}""" + "\n\n");
            return Task.FromResult(FakeAnswer.Events("") with
            {
                Rest = async (body, gone) =>
                {
                    for (; sent < 4L * Whole; sent += piece.Length) await body.WriteAsync(piece, gone);
                    return true;
                },
            });
        });
        await upstream.GatewayAsync("""
            defaults: { timeout: { first_token: 10m, idle: 10m, total: 1h } }
            providers: { one: { type: openai, base_url: "URL/v1", api_key: k } }
            """, new GatewayHostOptions { Time = time });
        var (path, body) = Ask(dialect, "one/m", "Hi", stream);
        using var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", upstream.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        byte[] content = Encoding.UTF8.GetBytes(body);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {content.Length}\r\n\r\n"), TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(content, TestContext.Current.CancellationToken);
        // The first bytes: from here on nothing is read.
        await socket.GetStream().ReadExactlyAsync(new byte[8], TestContext.Current.CancellationToken);

        long taken = 0;
        for (int i = 0; i < 1000 && !await IsIdleAsync(upstream); i++)
        {
            // Once a connection is broken, what is written to it goes nowhere: looked at before the hour is over.
            if (i < 50) taken = Volatile.Read(ref sent);
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        (await IsIdleAsync(upstream)).ShouldBeTrue("the call is over");
        if (stream) await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        taken.ShouldBeLessThan(Whole, "what nobody reads stays at the provider, but for the buffers of the sockets");
        // The connection is broken, not ended as if all had been said.
        await Should.ThrowAsync<IOException>(async () => await socket.GetStream().CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }

    private static async Task<bool> IsIdleAsync(FakeUpstream upstream) => (await upstream.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Contains("sluice_open_calls 0", StringComparison.Ordinal);
}
