using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using ZstdSharp;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Requests that clients compress (Codex: zstd): decoded within the bound at every endpoint, sent on plain.</summary>
public sealed class CompressedRequestTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private static readonly string[] All = ["gzip", "x-gzip", "GZIP", "deflate", "raw-deflate", "br", "zstd", "identity", "gzip, zstd", "identity, br", "deflate, gzip, br"];

    public static IEnumerable<TheoryDataRow<string, string>> Cases => from dialect in Dialects from coding in All select new TheoryDataRow<string, string>(dialect, coding);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Call_Encoded_IsDecodedAndSentOnPlain(string dialect, string coding)
    {
        var (path, body) = Ask(dialect, "sim-openai/large", "Say PACKED please");
        using var answer = await SendAsync(path, coding == "raw-deflate" ? "deflate" : coding, Encode(body, coding));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        (await TextAsync(answer)).ShouldContain("PACKED");
        var sent = gateway.Simulator.Requests.For("openai").Last(r => r.Path.EndsWith("completions", StringComparison.Ordinal) || r.Path.EndsWith("responses", StringComparison.Ordinal));
        sent.Headers.Keys.ShouldNotContain("Content-Encoding");
        JsonDocument.Parse(sent.Body).RootElement.GetProperty("model").GetString().ShouldBe("large");
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"sim-openai/large","input":"Hi"}""")]
    [InlineData("/v1/messages/count_tokens", """{"model":"sim-anthropic/large","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("/v1/completions", """{"model":"sim-openai/large","prompt":"Hi"}""")]
    [InlineData("/api/generate", """{"model":"sim-ollama/large","prompt":"Hi","stream":false}""")]
    [InlineData("/api/embed", """{"model":"sim-ollama/large","input":"Hi"}""")]
    [InlineData("/api/show", """{"model":"sim-ollama/large"}""")]
    [InlineData("/v1beta/models/sim-gemini/large:countTokens", """{"contents":[{"parts":[{"text":"Hi"}]}]}""")]
    public async Task OtherEndpoints_Encoded_AreServed(string path, string body)
    {
        foreach (string coding in new[] { "gzip", "deflate", "br", "zstd" })
        {
            using var answer = await SendAsync(path, coding, Encode(body, coding));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{coding}: {await TextAsync(answer)}");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("raw-deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    public async Task Call_ThatUnpacksBeyondTheBound_IsTooLarge(string coding)
    {
        // 40 MB of blanks are a few kilobytes on the wire; the gateway takes 256 KiB.
        string body = "{\"model\":\"sim-openai/large\"" + new string(' ', 40_000_000) + "}";
        byte[] packed = Encode(body, coding);
        packed.Length.ShouldBeLessThan(200_000);
        using var answer = await SendAsync("/v1/chat/completions", coding == "raw-deflate" ? "deflate" : coding, packed);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await TextAsync(answer)).ShouldContain("256 KiB after decoding (server.max_request_body)");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task Call_Damaged_SaysSo(string coding)
    {
        var (path, body) = Ask("anthropic-messages", "sim-anthropic/large", "Hello " + new string('x', 500));
        byte[] packed = Encode(body, coding);
        byte[] flipped = [.. packed];
        for (int i = packed.Length / 2; i < (packed.Length / 2) + 4; i++) flipped[i] ^= 0xff;
        foreach (byte[] damaged in new[] { Encoding.UTF8.GetBytes(body), packed[..(packed.Length / 2)], packed[..^1], flipped, [1] })
        {
            using var answer = await SendAsync(path, coding, damaged);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{damaged.Length} of {packed.Length}");
            string text = await TextAsync(answer);
            text.ShouldContain("\"type\":\"invalid_request_error\"");
            text.ShouldContain("Content-Encoding");
        }
    }

    [Theory]
    [InlineData("openai-chat", "snappy")]
    [InlineData("anthropic-messages", "compress")]
    [InlineData("gemini-generate", "gzip, lz4")]
    [InlineData("ollama-chat", "aes128gcm")]
    [InlineData("openai-responses", "gzip;q=1")]
    public async Task Call_InAnUnknownEncoding_IsToldWhatIsTaken(string dialect, string coding)
    {
        var (path, body) = Ask(dialect, "sim-openai/large", "Hi");
        using var answer = await SendAsync(path, coding, Encoding.UTF8.GetBytes(body));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        string text = await TextAsync(answer);
        text.ShouldContain(coding.Split(", ")[^1]);
        text.ShouldContain("gzip, deflate, br, zstd");
        Header(answer, "Accept-Encoding").ShouldBe("gzip, deflate, br, zstd");
    }

    [Fact]
    public async Task AdministrationApi_Encoded_IsServed()
    {
        await using var keyed = await KeyedGateway.StartAsync();
        foreach (string coding in new[] { "gzip", "deflate", "br", "zstd" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(keyed.AdminAddress, "/admin/api/keys")) { Content = new ByteArrayContent(Encode($$"""{"name":"packed-{{coding}}"}""", coding)) };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + keyed.AdminKey);
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
            using var answer = await keyed.Client.SendAsync(request, TestContext.Current.CancellationToken);
            answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
            (await TextAsync(answer)).ShouldContain($"packed-{coding}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string coding, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static byte[] Encode(string body, string codings)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        foreach (string coding in codings.Split(", ")) bytes = Once(bytes, coding.ToLowerInvariant());
        return bytes;
    }

    private static byte[] Once(byte[] bytes, string coding)
    {
        if (coding == "identity") return bytes;
        using var packed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "raw-deflate" => new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            _ => new CompressionStream(packed, leaveOpen: true),
        })
        {
            stream.Write(bytes);
        }
        return packed.ToArray();
    }
}
