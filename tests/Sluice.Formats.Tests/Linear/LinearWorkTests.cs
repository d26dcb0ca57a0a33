using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Gemini;
using Sluice.Formats.OllamaChat;
using Sluice.Formats.Shared;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Linear;

/// <summary>Work grows with the size of what comes in, not faster: four times as much may take little more than four times as much memory, through every format.</summary>
public sealed class LinearWorkTests
{
    private const int Few = 500;
    private const int Many = 2000;

    private static readonly IChatClientFormat[] Upstreams = [.. WireFormats.All.OfType<IChatClientFormat>()];

    public static TheoryData<string> Names { get; } = [.. Shapes.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void FourTimesAsMuch_TakesFourTimesAsMuchMemory(string name)
    {
        var (dialect, body) = Shapes.All[name];
        foreach (var upstream in Upstreams)
        {
            Translate(dialect, body(10), upstream);
            long few = Measure(dialect, body(Few), upstream, out bool isRead);
            long many = Measure(dialect, body(4 * Few), upstream, out _);
            isRead.ShouldBeTrue($"{name} is no request");
            ((double)many / few).ShouldBeLessThan(6, $"{name} to {upstream.Id}: {few} and {many} bytes");
        }
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    public void GeminiResult_LooksAtNoAnsweredCallTwice(bool resultsHaveIds, bool sameName, bool isBackwards)
    {
        var calls = new GeminiCalls();
        for (int i = 0; i < Many; i++) calls.Add(resultsHaveIds ? $"c{i}" : null, sameName ? "f" : $"f{i}");
        for (int i = 0; i < Many; i++)
        {
            int at = isBackwards ? Many - 1 - i : i;
            calls.Answer(resultsHaveIds ? $"c{at}" : null, sameName ? "f" : $"f{at}");
        }
        // Unknown ones find nothing, also the hundredth time.
        for (int i = 0; i < Many; i++) calls.Answer("unknown", "unknown");
        for (int i = 0; i < Many; i++) calls.Answer(null, "");
        calls.Looks.ShouldBeLessThan(6 * Many);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("name")]
    [InlineData("order")]
    [InlineData("one name")]
    public void OllamaResult_LooksAtNoAnsweredCallTwice(string by)
    {
        var calls = new OllamaCalls();
        for (int i = 0; i < Many; i++) calls.Add($"c{i}", by == "one name" ? "f" : $"f{i}", i / 10);
        for (int i = 0; i < Many; i++) calls.Answer(by == "id" ? $"c{Many - 1 - i}" : null, by switch { "name" => $"f{i}", "one name" => "f", _ => null });
        for (int i = 0; i < Many; i++) calls.Answer("unknown", "unknown");
        calls.Looks.ShouldBeLessThan(8 * Many);
    }

    [Fact]
    public void NamesThatFitAlike_GetShortNamesOfTheirOwn()
    {
        var tools = Enumerable.Range(0, Many).Select(i => new FunctionTool($"{new string('a', 200)}{i}")).ToArray<Tool>();
        var context = Context(WireFormatId.OpenAIChat, WireFormatId.GeminiGenerate);
        var names = new GeminiToolNames(new ChatRequest { Model = "m", Messages = [], Tools = tools }, context);
        var given = tools.Select(t => names.Of(((FunctionTool)t).Name)).ToArray();
        given.Distinct().Count().ShouldBe(Many);
        given.ShouldAllBe(n => n.Length <= 128);
        given.Select(n => context.RenamedTools[n]).ShouldBe(tools.Select(t => ((FunctionTool)t).Name));
    }

    [Fact]
    public void CohereCitations_OfOneText_AreCopiedOnce() => Answers(WireFormatId.CohereChat, n =>
        $$$"""{"id":"x","message":{"role":"assistant","content":[{"type":"text","text":"abc"}],"citations":[{{{Shapes.Many(n, _ => """{"start":0,"end":1,"text":"a"}""")}}}]}}""");

    [Fact]
    public void GoogleSources_AreGivenToTheirTextsInLinearWork() => Answers(WireFormatId.GeminiGenerate, n =>
        """{"candidates":[{"content":{"parts":[PARTS]},"groundingMetadata":{"groundingChunks":[CHUNKS],"groundingSupports":[SUPPORTS]}}]}"""
            .Replace("PARTS", Shapes.Many(n, _ => """{"text":"ab"},{"functionCall":{"name":"f"}}"""), StringComparison.Ordinal)
            .Replace("CHUNKS", Shapes.Many(n, i => $"{{\"web\":{{\"uri\":\"u{i}\"}}}}"), StringComparison.Ordinal)
            .Replace("SUPPORTS", Shapes.Many(n, i => $"{{\"segment\":{{\"startIndex\":{2 * i},\"endIndex\":{(2 * i) + 2}}},\"groundingChunkIndices\":[{i}]}}"), StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("äöü€😀")]
    public void Utf8Places_AreThoseOfTheEncoding(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 300)) + "z";
        var places = new Utf8Places(text);
        places.Length.ShouldBe(Encoding.UTF8.GetByteCount(text));
        for (int at = 0; at <= text.Length; at += at < text.Length && char.IsHighSurrogate(text[at]) ? 2 : 1)
        {
            int bytes = Encoding.UTF8.GetByteCount(text.AsSpan(0, at));
            places.ByteAt(at).ShouldBe(bytes);
            places.CharAt(bytes).ShouldBe(at);
        }
    }

    private static void Answers(WireFormatId id, Func<int, string> body)
    {
        var upstream = WireFormats.Find<IChatClientFormat>(id)!;
        Read(10);
        long few = Read(Few), many = Read(4 * Few);
        ((double)many / few).ShouldBeLessThan(6);

        long Read(int count)
        {
            byte[] answer = Encoding.UTF8.GetBytes(body(count));
            long before = GC.GetAllocatedBytesForCurrentThread();
            upstream.DecodeResponse(answer, Context(WireFormatId.OpenAIChat, id)).Value.ShouldNotBeNull().Candidates[0].Parts.OfType<TextPart>().Sum(p => p.Citations.Count).ShouldBe(count);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static long Measure(string dialect, string body, IChatClientFormat upstream, out bool isRead)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        isRead = Translate(dialect, body, upstream);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static bool Translate(string dialect, string body, IChatClientFormat upstream)
    {
        var server = WireFormats.Find<IChatServerFormat>(new WireFormatId(dialect))!;
        var request = new WireRequest { Path = server.ModelInBody ? "/v1/x" : "/v1beta/models/m:generateContent", PathModel = server.ModelInBody ? null : "m", Body = Encoding.UTF8.GetBytes(body) };
        if (server.DecodeRequest(request).Value is not { } chat) return false;
        var context = Context(server.Id, upstream.Id);
        context.Request = chat;
        if (server.Id != upstream.Id)
        {
            if (server.ForOthers(chat, context).Value is not { } reworded) return true;
            chat = reworded;
        }
        upstream.EncodeRequest(chat, context, new ArrayBufferWriter<byte>());
        upstream.RequestHeaders(chat, context);
        return true;
    }

    private static TranslationContext Context(WireFormatId client, WireFormatId upstream) =>
        new() { ClientFormat = client, UpstreamFormat = upstream, UpstreamModel = "m", Ids = new SequentialIds(), Time = TimeProvider.System };
}
