using System.Buffers.Binary;
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

    private const string Claude = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private const string Invoking = """providers: { bedrock: { base_url: "URL", region: eu-west-1, formats: [bedrock-invoke-anthropic], aws: { access_key_id: AKIDEXAMPLE, secret_access_key: "se/cret+key", session_token: "tok/en=" } } }""";

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

    [Fact]
    public async Task Claude_WhereInvokeIsListed_IsAskedInItsOwnFormatAndSigned()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}"""));
        await fake.GatewayAsync(Invoking);

        using var answer = await PostAsync(fake, "/v1/messages", $$"""{"model":"bedrock/{{Claude}}","max_tokens":9,"cache_hint":1,"messages":[{"role":"user","content":"Hi"}]}""", ("anthropic-beta", "some-feature-2026-01-01"));
        using var other = await fake.ChatAsync($"bedrock/{Model}");

        (await TextAsync(answer)).ShouldContain("Hello");
        var sent = fake.Requests[0];
        sent.Target.ShouldBe($"/model/{Claude.Replace(":", "%3A", StringComparison.Ordinal)}/invoke");
        sent.Headers["authorization"].ShouldBe(Expected(sent, $"/model/{Claude.Replace(":", "%253A", StringComparison.Ordinal)}/invoke"));
        JsonAssert.Difference("""{"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["some-feature-2026-01-01"],"messages":[{"role":"user","content":"Hi"}],"max_tokens":9,"cache_hint":1}""", sent.Text).ShouldBeNull();
        fake.Requests[1].Target.ShouldEndWith("/converse");
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"finish_reason\":\"stop\"")]
    [InlineData("/v1/messages", "event: message_stop")]
    [InlineData("/api/chat", "\"done\":true")]
    public async Task ClaudeStream_FromInvoke_IsTheClientsOwn(string path, string end)
    {
        string[] events =
        [
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Bonjour"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}""",
            """{"type":"message_stop"}""",
        ];
        await using var fake = await FakeUpstream.StartAsync(_ => new FakeAnswer(200, "application/vnd.amazon.eventstream", [.. events.SelectMany(e => Frame("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(e))}}"}"""))]));
        await fake.GatewayAsync(Invoking);

        using var answer = await PostAsync(fake, path, $$"""{"model":"bedrock/{{Claude}}","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}""");
        string text = await TextAsync(answer);

        fake.Requests.ShouldHaveSingleItem().Target.ShouldEndWith("/invoke-with-response-stream");
        text.ShouldContain("Bonjour");
        text.ShouldContain(end);
    }

    [Fact]
    public async Task ClaudeStream_ThatThrottles_EndsWithAnError()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => new FakeAnswer(200, "application/vnd.amazon.eventstream", Frame("throttlingException", """{"message":"Too many requests"}""", "exception")));
        await fake.GatewayAsync(Invoking);

        using var answer = await PostAsync(fake, "/v1/messages", $$"""{"model":"bedrock/{{Claude}}","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}""");

        ((int)answer.StatusCode).ShouldBe(429);
        (await TextAsync(answer)).ShouldContain("rate_limit_error");
    }

    [Fact]
    public async Task ClaudesSignature_OfAClientThatHasNoPlaceForIt_ComesBack()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""
            {"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"c2lnbmVk"}}},{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}]}},"stopReason":"tool_use","usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4}}
            """));
        await fake.GatewayAsync(Signed);
        const string Tools = """ "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}] """;

        using var first = await PostAsync(fake, "/v1/chat/completions", $$"""{"model":"bedrock/{{Claude}}",{{Tools}},"messages":[{"role":"user","content":"Hi"}]}""");
        using var second = await PostAsync(fake, "/v1/chat/completions", $$$"""{"model":"bedrock/{{{Claude}}}",{{{Tools}}},"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"t1","content":"ok"}]}""");

        fake.Requests[1].Text.ShouldContain("""{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"c2lnbmVk"}}}""");
        Header(second, "x-sluice-dropped").ShouldBeNull();
    }

    private static Task<HttpResponseMessage> PostAsync(FakeUpstream fake, string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return fake.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    // One frame of Amazon's event stream: two lengths, their checksum, headers of strings, payload, checksum of all.
    private static byte[] Frame(string name, string json, string kind = "event")
    {
        using var headers = new MemoryStream();
        foreach (var (key, value) in new[] { (":message-type", kind), (kind == "event" ? ":event-type" : ":exception-type", name), (":content-type", "application/json") })
        {
            headers.WriteByte((byte)key.Length);
            headers.Write(Encoding.ASCII.GetBytes(key));
            headers.Write([7, 0, (byte)value.Length]);
            headers.Write(Encoding.ASCII.GetBytes(value));
        }
        byte[] payload = Encoding.UTF8.GetBytes(json);
        byte[] frame = new byte[16 + headers.Length + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), (int)headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc(frame.AsSpan(0, 8)));
        headers.ToArray().CopyTo(frame, 12);
        payload.CopyTo(frame, 12 + (int)headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
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
