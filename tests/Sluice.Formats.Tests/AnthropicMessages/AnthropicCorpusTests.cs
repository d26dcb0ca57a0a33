using System.Text;
using System.Text.Json.Nodes;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>Every recorded exchange of the format.</summary>
public sealed class AnthropicCorpusTests
{
    private const string NoCorpus = "the recordings beside the checkout are absent";

    public static TheoryData<string> Requests => Ids(e => e.RequestBody is not null);

    public static TheoryData<string> Answers => Ids(e => e.ResponseBody is not null && e.Status == 200);

    public static TheoryData<string> Errors => Ids(e => e.ResponseBody is not null && e.Status != 200);

    public static TheoryData<string> Streams => Ids(e => e.Sse is not null);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Requests))]
    public void EncodeRequest_OfTheSameFormat_IsEqual(string id)
    {
        string body = Find(id).RequestBody!;
        var request = AnthropicKit.Read(body);
        var context = AnthropicKit.Context(request.Model, request);
        JsonAssert.Difference(body, AnthropicKit.Write(request, context)).ShouldBeNull();
        context.Losses.IsEmpty.ShouldBeTrue();
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Answers))]
    public void EncodeResponse_OfTheSameFormat_IsEqual(string id)
    {
        string body = Find(id).ResponseBody!;
        JsonAssert.Difference(body, AnthropicKit.WriteAnswer(AnthropicKit.ReadAnswer(body))).ShouldBeNull();
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Errors))]
    public void DecodeError_OfARecordedError_KeepsTheProvidersWords(string id)
    {
        var exchange = Find(id);
        var error = AnthropicKit.Client.DecodeError(exchange.Status, Encoding.UTF8.GetBytes(exchange.ResponseBody!));
        error.Message.ShouldBe(JsonNode.Parse(exchange.ResponseBody!)!["error"]!["message"]!.GetValue<string>());
        error.Status.ShouldBe(exchange.Status);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Streams))]
    public void DecodeStream_Folded_IsTheWholeAnswer(string id)
    {
        string sse = Find(id).Sse!;
        string whole = AnthropicStreamJudge.Judge(sse).Message.ToJsonString();
        var folded = AnthropicKit.Fold(AnthropicKit.ReadStream(sse));
        folded.IsComplete.ShouldBeTrue();
        var expected = AnthropicKit.ReadAnswer(whole);
        var actual = folded.ToResponse();
        actual.Id.ShouldBe(expected.Id);
        actual.Model.ShouldBe(expected.Model);
        actual.Candidates.Count.ShouldBe(1);
        actual.Candidates[0].FinishReason.ShouldBe(expected.Candidates[0].FinishReason);
        var blocks = JsonNode.Parse(AnthropicKit.WriteAnswer(actual))!["content"]!.ToJsonString();
        JsonAssert.Difference(JsonNode.Parse(whole)!["content"]!.ToJsonString(), blocks).ShouldBeNull();
        (actual.Usage! with { Raw = default, ToolCalls = null }).ShouldBe(expected.Usage! with { Raw = default, ToolCalls = null });
        actual.Usage.ToolCalls.ShouldBe(expected.Usage.ToolCalls);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Streams))]
    public void EncodeStream_OfTheSameFormat_FoldsToTheSameMessage(string id)
    {
        string sse = Find(id).Sse!;
        string again = AnthropicKit.WriteStream(AnthropicKit.ReadStream(sse));
        var expected = AnthropicStreamJudge.Judge(sse).Message;
        var actual = AnthropicStreamJudge.Judge(again).Message;
        foreach (string optional in (string[])["stop_details", "container"])
        {
            if (!expected.ContainsKey(optional)) actual.Remove(optional);
        }
        JsonAssert.Difference(expected.ToJsonString(), actual.ToJsonString()).ShouldBeNull();
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Streams))]
    public void DecodeStream_InPieces_GivesTheSameEvents(string id)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Find(id).Sse!);
        string whole = AnthropicKit.WriteStream(AnthropicKit.ReadStream([bytes]));
        foreach (int size in (int[])[1, 2, 3, 7, 64, 1000])
        {
            AnthropicKit.WriteStream(AnthropicKit.ReadStream(bytes.Chunk(size))).ShouldBe(whole);
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Streams))]
    public void DecodeStream_CutAnywhereBeforeTheStopReason_Fails(string id)
    {
        string sse = Find(id).Sse!;
        int end = sse.IndexOf("event: message_delta", StringComparison.Ordinal);
        for (int at = 0; at < end; at += Math.Max(1, end / 40))
        {
            var events = AnthropicKit.ReadStream(sse[..at]);
            events[^1].ShouldBeOfType<StreamFailed>();
            AnthropicKit.Fold(events).IsComplete.ShouldBeFalse();
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Streams))]
    public void Tap_OnAStream_SeesUsageModelAndEnd(string id)
    {
        string sse = Find(id).Sse!;
        var tap = AnthropicKit.Client.CreateTap(stream: true);
        var reader = new Formats.Framing.SseFrameReader();
        reader.Append(Encoding.UTF8.GetBytes(sse));
        var signals = AnswerSignal.None;
        while (reader.TryRead(out var frame)) signals |= tap.Observe(frame);
        var folded = AnthropicKit.Fold(AnthropicKit.ReadStream(sse)).ToResponse();
        signals.ShouldBe(AnswerSignal.Content | AnswerSignal.End);
        tap.Model.ShouldBe(folded.Model);
        (tap.Usage! with { ToolCalls = null }).ShouldBe(folded.Usage! with { ToolCalls = null });
        tap.OutputCharacters.ShouldBeGreaterThan(0);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Answers))]
    public void Tap_OnAWholeAnswer_SeesUsageAndModel(string id)
    {
        string body = Find(id).ResponseBody!;
        var tap = AnthropicKit.Client.CreateTap(stream: false);
        tap.Observe(StreamFrame.OfData(Encoding.UTF8.GetBytes(body))).ShouldBe(AnswerSignal.Content | AnswerSignal.End);
        var answer = AnthropicKit.ReadAnswer(body);
        tap.Model.ShouldBe(answer.Model);
        (tap.Usage! with { ToolCalls = null, Raw = default }).ShouldBe(answer.Usage! with { ToolCalls = null, Raw = default });
    }

    private static TheoryData<string> Ids(Func<Exchange, bool> filter) => [.. Corpus.Of("anthropic-messages").Where(filter).Select(e => e.Id)];

    private static Exchange Find(string id)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, NoCorpus);
        return Corpus.Of("anthropic-messages").Single(e => e.Id == id);
    }
}
