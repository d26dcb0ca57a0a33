using System.Net.Sockets;
using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A client that reads slowly is waited for; it is not taken for a silent provider.</summary>
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
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {content.Length}\r\n\r\n"), TestContext.Current.CancellationToken);
        await stream.WriteAsync(content, TestContext.Current.CancellationToken);

        // The idle timeout of these tests is one second.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string all = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        all.ShouldContain("data: [DONE]");
        all.ShouldNotContain("\"error\"");
    }
}
