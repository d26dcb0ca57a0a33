using System.Text;
using FsCheck.Fluent;
using Sluice.Formats.Framing;
using Sluice.TestKit;

namespace Sluice.Formats.Tests.Framing;

public sealed class SseFrameReaderTests
{
    public static TheoryData<string, string[]> Bodies { get; } = new()
    {
        { "data: a\n\ndata: b\n\n", ["|a", "|b"] },
        { "data: a\r\n\r\ndata: b\r\n\r\n", ["|a", "|b"] },
        { "data: a\r\rdata: b\r\r", ["|a", "|b"] },
        { "data: a\r\n\ndata: b\n\r\ndata: c\r\r\n", ["|a", "|b", "|c"] },
        { "data: a\n\r\ndata: b\r\n\r", ["|a", "|b"] },
        { "\uFEFFdata: a\n\n", ["|a"] },
        { "\uFEFF", [] },
        { "\n\uFEFFdata: a\n\n", [] },
        { ": hello\n\n: again\n\ndata: a\n\n: bye\n\n", ["|a"] },
        { ": inside\ndata: a\n: inside\n\n", ["|a"] },
        { "data: a\ndata: b\ndata\ndata:\ndata:  c\n\n", ["|a\nb\n\n\n c"] },
        { "event: ping\ndata: {}\n\n", ["ping|{}"] },
        { "data: {}\nevent: late\n\n", ["late|{}"] },
        { "event:a\nevent: b\ndata:x\nid: 7\nretry: 100\n\n", ["b|x"] },
        { "event: no data\n\ndata: a\n\n", ["|a"] },
        { "dataset: no\ndata : no\n data: no\nDATA: no\n\ndata: a\n\n", ["|a"] },
        { "data: größer 💧\n\n", ["|größer 💧"] },
        { "data:\n\n", ["|"] },
        { "data: without an end", ["|without an end"] },
        { "data: a\n\ndata: b\r", ["|a", "|b"] },
        { ": only a comment", [] },
        { "\n\n\r\n\r\r", [] },
        { "", [] },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void TryRead_AtEverySplit_GivesTheSameFrames(string body, string[] expected)
    {
        foreach (byte[][] pieces in Frames.Splits(Encoding.UTF8.GetBytes(body)))
        {
            Frames.Read(new SseFrameReader(), pieces).All.ShouldBe(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void TakeSkipped_WithLastRaw_GivesEveryByteInOrder(string body, string[] expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        foreach (byte[][] pieces in Frames.Splits(bytes))
        {
            var result = Frames.Read(new SseFrameReader(), pieces);

            result.Relayed.ShouldBe(bytes);
            result.All.Count.ShouldBe(expected.Length);
        }
    }

    [Fact]
    public void TryRead_OfEveryRecordedStream_AgreesWithASimpleParser()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside this checkout");
        var formats = new[] { "openai-chat", "openai-responses", "anthropic-messages", "gemini-generate", "mistral-chat" };
        var streams = formats.SelectMany(Corpus.Of).Where(e => e.Sse is not null).ToArray();
        streams.Length.ShouldBeGreaterThan(50);
        foreach (var exchange in streams)
        {
            byte[] body = Encoding.UTF8.GetBytes(exchange.Sse!);
            var whole = Frames.Read(new SseFrameReader(), body);
            var pieces = Frames.Read(new SseFrameReader(), body.Chunk(7));

            whole.All.ShouldBe(Reference(exchange.Sse!), exchange.Id);
            pieces.All.ShouldBe(whole.All, exchange.Id);
            pieces.Relayed.ShouldBe(body, exchange.Id);
        }
    }

    [Fact]
    public void TryRead_OfAnyLines_AgreesWithASimpleParser()
    {
        var line = Gen.Elements("data: a", "data:b", "data", "data:  two", "event: e", "event:", ": c", "id: 1", "", "", "", "x: y", "data: ä💧");
        var end = Gen.Elements("\n", "\r\n", "\r");
        var bodies = Gen.ListOf(Gen.Zip(line, end)).Select(lines => string.Concat(lines.Select(l => l.Item1 + l.Item2)));
        var cut = Gen.Zip(bodies, Gen.Choose(1, 9));

        PropertyChecks.Holds(cut, pair =>
        {
            var (body, size) = pair;
            byte[] bytes = Encoding.UTF8.GetBytes(body);
            var result = Frames.Read(new SseFrameReader(), bytes.Chunk(size));
            result.All.ShouldBe(Reference(body));
            result.Relayed.ShouldBe(bytes);
        });
    }

    [Fact]
    public void Append_BeyondTheBound_RefusesTheStream()
    {
        var reader = new SseFrameReader(maxFrame: 64);

        reader.Append("data: a\n\ndata: "u8).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeTrue();
        reader.Append(new byte[58]).ShouldBeTrue();
        reader.Append(new byte[1]).ShouldBeFalse();
    }

    [Fact]
    public void Append_OfManyFramesUnderTheBound_GoesOnForEver()
    {
        var reader = new SseFrameReader(maxFrame: 64);
        for (int i = 0; i < 10_000; i++)
        {
            reader.Append("data: 0123456789\n\n"u8).ShouldBeTrue();
            reader.TryRead(out _).ShouldBeTrue();
        }
    }

    [Fact]
    public void Append_AfterCommentsThatNobodyTook_ForgetsThem()
    {
        var reader = new SseFrameReader();
        reader.Append(": first\n\n"u8).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();
        reader.Append(": second\n\n"u8).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();

        Encoding.UTF8.GetString(reader.TakeSkipped()).ShouldBe(": second\n\n");
        reader.TakeSkipped().ShouldBeEmpty();
    }

    [Fact]
    public void TryRead_OfAnEventWithVeryManyDataLines_JoinsThemInLinearTime()
    {
        const int lines = 400_000;
        var reader = new SseFrameReader();
        reader.Append(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: 0123456789\n", lines)) + "\n")).ShouldBeTrue();

        // Quadratic copying of these 4 MB would move some 900 GB: the test would not end.
        reader.TryRead(out var frame).ShouldBeTrue();
        frame.Data.Length.ShouldBe((lines * 11) - 1);
    }

    // The standard's own algorithm, line by line on a string; an unfinished last event counts, as it does for the reader.
    private static List<string> Reference(string body)
    {
        var frames = new List<string>();
        string name = "";
        List<string>? data = null;
        string text = body.StartsWith('\uFEFF') ? body[1..] : body;
        foreach (string line in text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n').Append(""))
        {
            if (line.Length == 0)
            {
                if (data is not null) frames.Add($"{name}|{string.Join('\n', data)}");
                (name, data) = ("", null);
                continue;
            }
            int colon = line.IndexOf(':');
            string field = colon < 0 ? line : line[..colon];
            string value = colon < 0 ? "" : line[(colon + 1)..];
            if (value.StartsWith(' ')) value = value[1..];
            if (field == "data") (data ??= []).Add(value);
            else if (field == "event") name = value;
        }
        return frames;
    }
}
