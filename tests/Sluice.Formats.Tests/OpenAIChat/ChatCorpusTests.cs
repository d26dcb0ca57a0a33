using System.Text;
using System.Text.Json;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Every recorded exchange of the Chat Completions formats.</summary>
public sealed class ChatCorpusTests
{
    private static readonly WireFormatId[] Formats = [WireFormatId.OpenAIChat, WireFormatId.MistralChat];

    public static TheoryData<string> FormatNames { get; } = [.. Formats.Where(f => WireFormats.Find(f) is not null).Select(f => f.Value)];

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Request_DecodedAndEncoded_IsTheSameJson(string name)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var (id, server, client) = Find(name);
        var faults = new List<string>();
        Corpus.Of(name).Count.ShouldBeGreaterThan(20);
        foreach (var exchange in Corpus.Of(name).Where(e => e.RequestBody is not null))
        {
            var decoded = server.DecodeRequest(ChatTesting.Request(exchange.RequestBody!));
            if (!decoded.IsSuccess)
            {
                faults.Add($"{exchange}: {decoded.Error.Message}");
                continue;
            }
            var context = ChatTesting.Context(id, id, exchange.Provider, decoded.Value.Model);
            string encoded = ChatTesting.Text(output => client.EncodeRequest(decoded.Value, context, output).ShouldBeNull());
            if (JsonAssert.Difference(exchange.RequestBody!, encoded) is { } difference) faults.Add($"{exchange}: {difference}");
            if (!context.Losses.IsEmpty) faults.Add($"{exchange}: lost {string.Join(", ", context.Losses.Losses.Select(l => l.Path))}");
        }
        faults.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Answer_DecodedAndEncoded_IsTheSameJson(string name)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var (id, server, client) = Find(name);
        var faults = new List<string>();
        foreach (var exchange in Corpus.Of(name).Where(e => e.ResponseBody is not null && e.Status < 300 && e.Provider != "demo-endpoint"))
        {
            var context = ChatTesting.Context(id, id, exchange.Provider, exchange.Model);
            var decoded = client.DecodeResponse(Encoding.UTF8.GetBytes(exchange.ResponseBody!), context);
            if (!decoded.IsSuccess)
            {
                faults.Add($"{exchange}: {decoded.Error.Message}");
                continue;
            }
            string encoded = ChatTesting.Text(output => server.EncodeResponse(decoded.Value, context, output));
            if (JsonAssert.Difference(exchange.ResponseBody!, encoded) is { } difference) faults.Add($"{exchange}: {difference}");
        }
        faults.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Stream_CutAnywhere_GivesTheSameLegalEvents(string name)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var (id, _, client) = Find(name);
        foreach (var exchange in Corpus.Of(name).Where(e => e.Sse is not null))
        {
            byte[] sse = Encoding.UTF8.GetBytes(exchange.Sse!);
            var whole = ChatTesting.Decode(client, sse, ChatTesting.Context(id, id, exchange.Provider));
            string expected = Print(whole);
            foreach (int length in (int[])[1, 2, 3, 7, 61, 1024]) Print(ChatTesting.Decode(client, sse, ChatTesting.Context(id, id, exchange.Provider), length)).ShouldBe(expected, $"{exchange} in pieces of {length}");
        }
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Stream_DecodedAndEncoded_FoldsToTheSameAnswer(string name)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var (id, server, client) = Find(name);
        foreach (var exchange in Corpus.Of(name).Where(e => e.Sse is not null))
        {
            var events = ChatTesting.Decode(client, Encoding.UTF8.GetBytes(exchange.Sse!), ChatTesting.Context(id, id, exchange.Provider));
            if (events[^1] is StreamFailed) continue;
            var answer = ChatTesting.Fold(events);
            var context = ChatTesting.Context(id, id, request: new Chat.ChatRequest { Model = "m", Messages = [], IncludeUsage = true });
            string encoded = ChatTesting.Encode(server, events, context);
            var again = ChatTesting.Fold(ChatTesting.Decode(client, Encoding.UTF8.GetBytes(encoded), ChatTesting.Context(id, id)));
            ChatTesting.Describe(again).ShouldBe(ChatTesting.Describe(answer), exchange.Id);
        }
    }

    // Each whole answer as a stream of one chunk: the same parts.
    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Answer_SentAsOneChunk_FoldsToTheWholeAnswer(string name)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var (id, _, client) = Find(name);
        foreach (var exchange in Corpus.Of(name).Where(e => e.ResponseBody is not null && e.Status < 300 && e.Provider != "demo-endpoint"))
        {
            var whole = client.DecodeResponse(Encoding.UTF8.GetBytes(exchange.ResponseBody!), ChatTesting.Context(id, id, exchange.Provider)).Value!;
            string sse = $"data: {exchange.ResponseBody!.Replace("\"message\"", "\"delta\"", StringComparison.Ordinal).ReplaceLineEndings(" ")}\n\ndata: [DONE]\n\n";
            var folded = ChatTesting.Fold(ChatTesting.Decode(client, Encoding.UTF8.GetBytes(sse), ChatTesting.Context(id, id, exchange.Provider)));
            ChatTesting.Describe(folded).ShouldBe(ChatTesting.Describe(whole), exchange.Id);
        }
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Error_Decoded_KeepsTheProvidersWordsAndBody(string name)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var (_, server, client) = Find(name);
        foreach (var exchange in Corpus.Of(name).Where(e => e.ResponseBody is not null && e.Status >= 400))
        {
            var error = client.DecodeError(exchange.Status, Encoding.UTF8.GetBytes(exchange.ResponseBody!));
            error.Status.ShouldBe(exchange.Status, exchange.Id);
            error.Message.ShouldContain(JsonDocument.Parse(exchange.ResponseBody!).RootElement.GetProperty("error").GetProperty("message").GetString()!);
            JsonAssert.Difference(exchange.ResponseBody!, ChatTesting.Text(output => server.EncodeError(error, output))).ShouldBeNull(exchange.Id);
        }
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Tap_OverEveryStream_SeesUsageAndEnd(string name)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges (../shared/corpus) are not here");
        var (id, _, client) = Find(name);
        foreach (var exchange in Corpus.Of(name).Where(e => e.Sse is not null))
        {
            byte[] sse = Encoding.UTF8.GetBytes(exchange.Sse!);
            var answer = ChatTesting.Fold(ChatTesting.Decode(client, sse, ChatTesting.Context(id, id)));
            var reader = new SseFrameReader();
            reader.Append(sse);
            var tap = client.CreateTap(stream: true);
            var seen = AnswerSignal.None;
            while (reader.TryRead(out var frame)) seen |= tap.Observe(frame);
            tap.Usage?.Raw.ShouldBe(answer.Usage!.Raw, exchange.Id);
            (tap.Usage is null).ShouldBe(answer.Usage is null, exchange.Id);
            tap.Model.ShouldNotBeNullOrEmpty(exchange.Id);
            seen.HasFlag(AnswerSignal.End).ShouldBe(!seen.HasFlag(AnswerSignal.Error), exchange.Id);
            if (answer.Candidates.Any(c => c.Parts.Count > 0)) seen.HasFlag(AnswerSignal.Content).ShouldBeTrue(exchange.Id);
        }
    }

    private static (WireFormatId Id, IChatServerFormat Server, IChatClientFormat Client) Find(string name)
    {
        var id = new WireFormatId(name);
        return (id, WireFormats.Find<IChatServerFormat>(id)!, WireFormats.Find<IChatClientFormat>(id)!);
    }

    private static string Print(IEnumerable<StreamEvent> events) => string.Join('\n', events.Select(e => e is UsageReported u ? $"usage {u.Usage.Raw}" : e is PartDelta { Delta: LogprobsDelta } ? "logprobs" : e.ToString()));
}
