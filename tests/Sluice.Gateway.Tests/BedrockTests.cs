using System.Security.Cryptography;
using System.Text;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Bedrock over HTTP: the signature as a server would check it, and the event stream as an OpenAI client gets it.</summary>
public sealed class BedrockTests
{
    private const string Model = "us.amazon.nova-micro-v1:0";
    private const string Signed = """providers: { bedrock: { base_url: "URL", region: eu-west-1, aws: { access_key_id: AKIDEXAMPLE, secret_access_key: "se/cret+key", session_token: "tok/en=" } } }""";

    [Fact]
    public async Task Request_WithAccessKey_IsSignedAsAServerRecomputesIt()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"output":{"message":{"role":"assistant","content":[{"text":"Hello"}]}},"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4}}"""));
        await fake.GatewayAsync(Signed);

        using var answer = await fake.ChatAsync($"bedrock/{Model}");

        (await TextAsync(answer)).ShouldContain("Hello");
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe("/model/us.amazon.nova-micro-v1%3A0/converse");
        sent.Headers["authorization"].ShouldBe(Expected(sent, "/model/us.amazon.nova-micro-v1%253A0/converse"));
    }

    [Fact]
    public async Task Request_WithApiKey_BearsIt()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"message":"no"}""", 403));
        await fake.GatewayAsync("""providers: { bedrock: { base_url: "URL", region: eu-west-1, api_key: bedrock-api-key-1 } }""");

        using var answer = await fake.ChatAsync($"bedrock/{Model}");

        fake.Requests[0].Headers["authorization"].ShouldBe("Bearer bedrock-api-key-1");
    }

    [Fact]
    public async Task EventStream_ToAnOpenAIClient_ComesAsChunks()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are absent");
        var recorded = Corpus.Of("bedrock-converse").First(e => e.EventStream is not null && e.Id.EndsWith("bedrock_model_stream[0]", StringComparison.Ordinal));
        await using var fake = await FakeUpstream.StartAsync(_ => new FakeAnswer(200, "application/vnd.amazon.eventstream", recorded.EventStream!));
        await fake.GatewayAsync(Signed);

        using var answer = await fake.ChatAsync($"bedrock/{Model}", stream: true);
        string text = await TextAsync(answer);

        fake.Requests.ShouldHaveSingleItem().Target.ShouldEndWith("/converse-stream");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        text.ShouldContain("\"chat.completion.chunk\"");
        text.ShouldContain("\"finish_reason\":\"stop\"");
        text.TrimEnd().ShouldEndWith("data: [DONE]");
    }

    // AWS's documentation step by step, from what arrived; nothing of the gateway's is used.
    private static string Expected(FakeRequest sent, string canonicalPath)
    {
        string date = sent.Headers["x-amz-date"], day = date[..8], scope = $"{day}/eu-west-1/bedrock/aws4_request";
        var names = new[] { "host", "x-amz-date", "x-amz-security-token" };
        var canonical = new StringBuilder().Append(sent.Method).Append('\n').Append(canonicalPath).Append("\n\n");
        foreach (string name in names) canonical.Append(name).Append(':').Append(sent.Headers[name]).Append('\n');
        canonical.Append('\n').AppendJoin(';', names).Append('\n').Append(Hex(SHA256.HashData(sent.Body)));
        string toSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        byte[] key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4se/cret+key"), day), "eu-west-1"), "bedrock"), "aws4_request");
        return $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, SignedHeaders={string.Join(';', names)}, Signature={Hex(Mac(key, toSign))}";
    }

    private static byte[] Mac(byte[] key, string text)
    {
        using var mac = new HMACSHA256(key);
        return mac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
