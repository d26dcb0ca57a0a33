using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Errors;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>Damaged recordings into every decoder: always an answer or a clear error, never an exception.</summary>
public sealed class AnthropicFuzzTests
{
    private const int Rounds = 40;

    [Fact]
    public void DecodeRequest_DamagedRecordings_GiveARequestOrAnErrorWithWords()
    {
        foreach (byte[] body in Damaged("anthropic-messages", e => e.RequestBody))
        {
            var outcome = AnthropicKit.Server.DecodeRequest(new WireRequest { Body = body });
            if (outcome.Error is { } error)
            {
                error.Kind.ShouldBe(ErrorKind.InvalidRequest);
                error.Message.ShouldNotBeEmpty();
                continue;
            }
            var output = new ArrayBufferWriter<byte>();
            AnthropicKit.Client.EncodeRequest(outcome.Value!, AnthropicKit.Context(), output);
            output.WrittenCount.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void DecodeResponse_DamagedRecordings_GiveAnAnswerOrAnErrorWithWords()
    {
        foreach (byte[] body in Damaged("anthropic-messages", e => e.ResponseBody))
        {
            var outcome = AnthropicKit.Client.DecodeResponse(body, AnthropicKit.Context());
            if (outcome.Error is { } error) error.Message.ShouldNotBeEmpty();
            else AnthropicKit.WriteAnswer(outcome.Value!).ShouldNotBeEmpty();
            AnthropicKit.Client.DecodeError(500, body).Message.ShouldNotBeEmpty();
            AnthropicKit.Client.CreateTap(stream: false).Observe(StreamFrame.OfData(body));
        }
    }

    [Fact]
    public void Decode_ValuesOfAnotherKind_AreFaultsWithTheirPlace()
    {
        foreach (string body in Misshapen(e => e.RequestBody))
        {
            var error = AnthropicKit.Server.DecodeRequest(AnthropicKit.Wire(body)).Error;
            error?.Param.ShouldNotBeNullOrEmpty(body);
        }
        foreach (string body in Misshapen(e => e.ResponseBody))
        {
            var error = AnthropicKit.Client.DecodeResponse(Encoding.UTF8.GetBytes(body), AnthropicKit.Context()).Error;
            if (error is { Kind: var kind } && kind == ErrorKind.MalformedAnswer) error.Message.ShouldContain(" at ", customMessage: body);
        }
    }

    [Fact]
    public void DecodeStream_DamagedRecordings_StayLegal()
    {
        foreach (byte[] sse in Damaged("anthropic-messages", e => e.Sse, rounds: 8))
        {
            AnthropicKit.WriteStream(AnthropicKit.ReadStream([sse]));
        }
    }

    [Fact]
    public void CountTokens_RecordedRequests_ComeOutAsTheyWere()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings beside the checkout are absent");
        var format = (ICountTokensClientFormat)WireFormats.Find(WireFormatId.AnthropicCountTokens)!;
        var recorded = Corpus.Of("anthropic-count-tokens");
        recorded.ShouldNotBeEmpty();
        foreach (var exchange in recorded)
        {
            var request = ((ICountTokensServerFormat)format).DecodeRequest(AnthropicKit.Wire(exchange.RequestBody!)).Value!;
            var output = new ArrayBufferWriter<byte>();
            format.EncodeRequest(request, AnthropicKit.Context(request.Model), output).ShouldBeNull();
            JsonAssert.Difference(exchange.RequestBody!, Encoding.UTF8.GetString(output.WrittenSpan)).ShouldBeNull();
            if (exchange.Status == 200) format.DecodeCount(Encoding.UTF8.GetBytes(exchange.ResponseBody!))!.Value.ShouldBeGreaterThan(0);
        }
    }

    // One value of a recording replaced by one of another kind: still JSON, no longer the format.
    private static IEnumerable<string> Misshapen(Func<Exchange, string?> text)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings beside the checkout are absent");
        string[] values = ["null", "7", "1.5", "\"x\"", "\"\"", "true", "[]", "{}", "[1]", "[{}]", "{\"type\":\"text\"}"];
        var random = new Random(5);
        foreach (string source in Corpus.Of("anthropic-messages").Select(text).OfType<string>().Where(s => s.Length < 20_000))
        {
            for (int round = 0; round < Rounds; round++)
            {
                var root = JsonNode.Parse(source)!;
                var node = root;
                while (Children(node) is { Length: > 0 } children && (node == root || random.Next(4) > 0)) node = children[random.Next(children.Length)];
                node.ReplaceWith(JsonNode.Parse(values[random.Next(values.Length)]));
                yield return root.ToJsonString();
            }
        }
    }

    private static JsonNode[] Children(JsonNode node) => node switch
    {
        JsonObject o => [.. o.Select(m => m.Value).OfType<JsonNode>()],
        JsonArray a => [.. a.OfType<JsonNode>()],
        _ => [],
    };

    private static IEnumerable<byte[]> Damaged(string wireFormat, Func<Exchange, string?> text, int rounds = Rounds)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings beside the checkout are absent");
        var random = new Random(11);
        foreach (string source in Corpus.Of(wireFormat).Select(text).OfType<string>().Where(s => s.Length < 20_000))
        {
            byte[] good = Encoding.UTF8.GetBytes(source);
            for (int round = 0; round < rounds; round++)
            {
                byte[] bytes = (byte[])good.Clone();
                switch (random.Next(4))
                {
                    case 0: bytes = bytes[..random.Next(bytes.Length)]; break;
                    case 1: SwapValue(bytes, random); break;
                    default:
                        for (int i = random.Next(1, 6); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                        break;
                }
                yield return bytes;
            }
        }
    }

    // Still JSON, but of another kind than the format has in that place.
    private static void SwapValue(byte[] bytes, Random random)
    {
        int colon = Array.IndexOf(bytes, (byte)':', random.Next(bytes.Length));
        if (colon < 0) return;
        int start = colon + 1;
        while (start < bytes.Length && bytes[start] == ' ') start++;
        if (start < bytes.Length && bytes[start] is (byte)'"')
        {
            int end = Array.IndexOf(bytes, (byte)'"', start + 1);
            if (end > start) bytes.AsSpan(start, end - start + 1).Fill((byte)'1');
        }
    }
}
