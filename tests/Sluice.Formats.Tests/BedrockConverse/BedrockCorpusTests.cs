using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.BedrockConverse;

/// <summary>Every recorded exchange of Converse, and of Anthropic's models through invoke.</summary>
public sealed class BedrockCorpusTests
{
    private static readonly IChatClientFormat Format = WireFormats.Find<IChatClientFormat>(WireFormatId.BedrockConverse)!;

    public static TheoryData<string> Answers => Ids(e => e.ResponseBody is not null && e.Status == 200);

    public static TheoryData<string> Errors => Ids(e => e.ResponseBody is not null && e.Status != 200);

    public static TheoryData<string> Streams => Ids(e => e.EventStream is not null);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Answers))]
    public void DecodeResponse_OfEveryRecording_SaysWhatItSays(string id)
    {
        var json = JsonDocument.Parse(Find(id).ResponseBody!).RootElement;
        var answer = Format.DecodeResponse(Encoding.UTF8.GetBytes(Find(id).ResponseBody!), Context()).Value!;
        var content = json.GetProperty("output").GetProperty("message").GetProperty("content").EnumerateArray().ToArray();
        answer.Candidates[0].Parts.Count.ShouldBe(content.Length);
        string.Concat(answer.Candidates[0].Parts.OfType<TextPart>().Select(p => p.Text)).ShouldBe(string.Concat(content.Select(c => c.TryGetProperty("text", out var t) ? t.GetString() : "")));
        answer.Candidates[0].Parts.OfType<ToolCallPart>().Select(c => c.CallId).ShouldBe(content.Where(c => c.TryGetProperty("toolUse", out _)).Select(c => c.GetProperty("toolUse").GetProperty("toolUseId").GetString()));
        answer.Candidates[0].Parts.ShouldNotContain(p => p is RawPart);
        var usage = answer.Usage!;
        (usage.InputTokens + usage.OutputTokens).ShouldBe(usage.TotalTokens);
        answer.Candidates[0].FinishReason!.Value.Value.ShouldBeOneOf("stop", "tool_calls", "length");
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Errors))]
    public void DecodeError_KeepsTheProvidersWords(string id)
    {
        var error = Format.DecodeError(Find(id).Status, Encoding.UTF8.GetBytes(Find(id).ResponseBody!));
        error.Message.ShouldBe(JsonDocument.Parse(Find(id).ResponseBody!).RootElement.GetProperty("message").GetString());
        error.Kind.ShouldBe(ErrorKind.InvalidRequest);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Streams))]
    public void DecodeStream_InPieces_IsTheSameAnswer(string id)
    {
        byte[] bytes = Find(id).EventStream!;
        var whole = Read([bytes]);
        whole.IsComplete.ShouldBeTrue();
        string[] expected = [.. whole.ToResponse().Candidates[0].Parts.Select(p => p.ToString())];
        expected.ShouldNotBeEmpty();
        foreach (int size in (int[])[1, 3, 11, 13, 500])
        {
            Read(bytes.Chunk(size)).ToResponse().Candidates[0].Parts.Select(p => p.ToString()).ShouldBe(expected);
        }
        var recorded = Find(id).Json.GetProperty("response").GetProperty("events").EnumerateArray().Select(e => e.GetProperty("payload")).ToArray();
        string text = string.Concat(recorded.Select(p => p.TryGetProperty("delta", out var d) && d.TryGetProperty("text", out var t) ? t.GetString() : ""));
        string.Concat(whole.ToResponse().Candidates[0].Parts.OfType<TextPart>().Select(p => p.Text)).ShouldBe(text);
        var usage = whole.ToResponse().Usage!;
        (usage.InputTokens + usage.OutputTokens).ShouldBe(usage.TotalTokens);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Streams))]
    public void DecodeStream_CutOrDamaged_Fails(string id)
    {
        byte[] bytes = Find(id).EventStream!;
        Read([bytes[..(bytes.Length / 2)]]).IsComplete.ShouldBeFalse();
        byte[] damaged = (byte[])bytes.Clone();
        damaged[bytes.Length / 2] ^= 0x40;
        var folded = Read([damaged]);
        folded.IsComplete.ShouldBeFalse();
        folded.Error!.Kind.ShouldBe(ErrorKind.MalformedAnswer);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(InvokeAnswers))]
    public void Invoke_DecodesAnthropicAnswers(string id)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings beside the checkout are absent");
        var exchange = Corpus.Of("bedrock-invoke-anthropic").Single(e => e.Id == id);
        var format = WireFormats.Find<IChatClientFormat>(WireFormatId.BedrockInvokeAnthropic)!;
        var answer = format.DecodeResponse(Encoding.UTF8.GetBytes(exchange.ResponseBody!), Context()).Value!;
        answer.Candidates[0].Parts.ShouldNotBeEmpty();
        answer.Usage!.CacheReadTokens.ShouldBe(9511);
        var request = AnthropicMessages.AnthropicKit.Server.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(exchange.RequestBody!.Replace("\"anthropic_version\"", "\"model\":\"m\",\"anthropic_version\"", StringComparison.Ordinal)) }).Value!;
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        format.EncodeRequest(request, Context(), output).ShouldBeNull();
        JsonAssert.Difference(exchange.RequestBody!, Encoding.UTF8.GetString(output.WrittenSpan)).ShouldBeNull();
    }

    public static TheoryData<string> InvokeAnswers => [.. Corpus.Of("bedrock-invoke-anthropic").Select(e => e.Id)];

    internal static TranslationContext Context(string model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0", ChatRequest? request = null) => new()
    {
        ClientFormat = WireFormatId.AnthropicMessages, UpstreamFormat = WireFormatId.BedrockConverse, UpstreamModel = model, Request = request, Ids = new SequentialIds(), Time = new ManualTime(),
    };

    internal static StreamFolder Read(IEnumerable<byte[]> pieces, IChatClientFormat? format = null)
    {
        var decoder = (format ?? Format).CreateStreamDecoder(Context());
        var reader = FrameReaders.Create(StreamFraming.AmazonEventStream);
        var events = new List<StreamEvent>();
        foreach (byte[] piece in pieces)
        {
            reader.Append(piece).ShouldBeTrue();
            while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        }
        while (reader.TryReadLast(out var frame)) decoder.Decode(frame, events);
        decoder.Complete(events);
        var grammar = new StreamGrammar();
        var folder = new StreamFolder();
        foreach (var e in events)
        {
            grammar.Check(e).ShouldBeNull();
            folder.Add(e);
        }
        return folder;
    }

    private static TheoryData<string> Ids(Func<Exchange, bool> filter) => [.. Corpus.Of("bedrock-converse").Where(filter).Select(e => e.Id)];

    private static Exchange Find(string id)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings beside the checkout are absent");
        return Corpus.Of("bedrock-converse").Single(e => e.Id == id);
    }
}
