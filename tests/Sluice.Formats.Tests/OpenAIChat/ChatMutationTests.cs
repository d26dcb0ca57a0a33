using System.Text;
using Sluice.Formats.Framing;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Recorded bytes, damaged: every decoder answers with a value or an error, and streams stay legal.</summary>
public sealed class ChatMutationTests
{
    private static readonly string[] Names = ["openai-chat", "mistral-chat"];

    [Fact]
    public void Documents_Damaged_AreReadOrRefused()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var random = new Random(4711);
        foreach (string name in Names)
        {
            var id = new WireFormatId(name);
            var server = WireFormats.Find<IChatServerFormat>(id)!;
            var client = WireFormats.Find<IChatClientFormat>(id)!;
            foreach (var exchange in Corpus.Of(name))
            {
                foreach (string? body in (string?[])[exchange.RequestBody, exchange.ResponseBody])
                {
                    if (body is null or { Length: > 20_000 }) continue;
                    for (int i = 0; i < 20; i++) Try(server, client, id, Damage(Encoding.UTF8.GetBytes(body), random));
                }
            }
        }
    }

    [Fact]
    public void Streams_Damaged_StayLegalAndEnd()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var random = new Random(815);
        foreach (string name in Names)
        {
            var id = new WireFormatId(name);
            var client = WireFormats.Find<IChatClientFormat>(id)!;
            foreach (var exchange in Corpus.Of(name).Where(e => e.Sse is { Length: < 60_000 }))
            {
                for (int i = 0; i < 10; i++)
                {
                    byte[] sse = Damage(Encoding.UTF8.GetBytes(exchange.Sse!), random);
                    ChatTesting.Decode(client, sse, ChatTesting.Context(id, id));
                    var reader = new SseFrameReader();
                    reader.Append(sse);
                    var tap = client.CreateTap(stream: true);
                    while (reader.TryRead(out var frame)) tap.Observe(frame);
                }
            }
        }
    }

    private static void Try(IChatServerFormat server, IChatClientFormat client, WireFormatId id, byte[] body)
    {
        var context = ChatTesting.Context(id, id);
        var request = server.DecodeRequest(new WireRequest { Body = body });
        if (request.IsSuccess) ChatTesting.Text(o => client.EncodeRequest(request.Value, context, o));
        var answer = client.DecodeResponse(body, context);
        if (answer.IsSuccess) ChatTesting.Text(o => server.EncodeResponse(answer.Value, context, o));
        ChatTesting.Text(o => server.EncodeError(client.DecodeError(400, body), o)).ShouldNotBeEmpty();
        client.CreateTap(stream: false).Observe(StreamFrame.OfData(body));
        if (JsonMembers.Scan(body, out _) is { } members) server.ReadHead(new WireRequest { Body = body }, members);
    }

    // A value is swapped for one of another kind, or bytes are changed, removed or doubled.
    private static byte[] Damage(byte[] bytes, Random random)
    {
        string[] values = ["null", "5", "-1.5e300", "\"\"", "[]", "{}", "true", "[null]", "{\"type\":1}", "\"\\ud800\""];
        var damaged = bytes.ToList();
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(damaged.Count);
            if (random.Next(3) > 0)
            {
                int colon = damaged.IndexOf((byte)':', at);
                if (colon < 0) continue;
                int end = damaged.FindIndex(colon, b => b is (byte)',' or (byte)'}' or (byte)']');
                if (end < 0) continue;
                damaged.RemoveRange(colon + 1, end - colon - 1);
                damaged.InsertRange(colon + 1, Encoding.UTF8.GetBytes(values[random.Next(values.Length)]));
                continue;
            }
            int length = Math.Min(random.Next(1, 8), damaged.Count - at);
            if (random.Next(2) == 0) damaged.RemoveRange(at, length);
            else damaged[at] = (byte)random.Next(256);
            if (damaged.Count == 0) break;
        }
        return [.. damaged];
    }
}
