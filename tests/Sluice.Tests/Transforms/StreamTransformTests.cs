using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Chat;
using Sluice.Configuration;
using Sluice.Formats;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Transforms;
using Sluice.Transforms.Rules;
using Sluice.Transforms.Streams;
using Sluice.Transforms.Texts;
using Sluice.Wire;

namespace Sluice.Tests.Transforms;

/// <summary>A streamed answer with rules applied says what the whole answer with the same rules says, however its bytes arrive.</summary>
public sealed class StreamTransformTests
{
    private static TransformRule Mask { get; } = new(new TransformConfig { Name = "mask", On = TransformPhase.Response, Regex = new RegexConfig { Pattern = @"\b\d{16}\b", Replace = "[card]", Window = 24 } });

    public static TheoryData<string> Dialects => [.. CardAnswers.Dialects];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Take_BytesSplitAtEveryPoint_GivesTheSameStream(string dialect)
    {
        byte[] stream = Encoding.UTF8.GetBytes(CardAnswers.Stream(dialect));
        string whole = Encoding.UTF8.GetString(BodyTransform.Apply(Encoding.UTF8.GetBytes(CardAnswers.Whole(dialect)), [Mask], new WireFormatId(dialect), DialectTexts.Of(new WireFormatId(dialect), true), isRequest: false, new LossReport()).Span);
        string expected = Relay(dialect, [stream]);
        Said(dialect, expected).ShouldBe(Said(dialect, whole, isWhole: true));
        string said = Said(dialect, expected);
        said.ShouldContain(CardAnswers.Text.Replace(CardAnswers.Card, "[card]", StringComparison.Ordinal));
        // The number in the arguments is no text.
        said.Replace("\"n\":4111111111111111", "", StringComparison.Ordinal).ShouldNotContain("4111");

        for (int at = 1; at < stream.Length; at++) Relay(dialect, [stream[..at], stream[at..]]).ShouldBe(expected, $"split at {at}");
        Relay(dialect, [.. stream.Select(b => new[] { b })]).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Take_NoMatch_SaysTheSameAsBefore(string dialect)
    {
        var none = new TransformRule(new TransformConfig { Name = "none", On = TransformPhase.Response, Regex = new RegexConfig { Pattern = "zebra" } });
        string stream = CardAnswers.Stream(dialect);

        Said(dialect, Relay(dialect, [Encoding.UTF8.GetBytes(stream)], none)).ShouldBe(Said(dialect, stream));
    }

    [Fact]
    public void Take_Responses_CountsEventsThatArePutInAndRepeatsWhatWasSent()
    {
        string given = Relay("openai-responses", [Encoding.UTF8.GetBytes(CardAnswers.Stream("openai-responses"))]);
        var events = given.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l[6..])!).ToArray();

        events.Select(e => (int)e["sequence_number"]!).ShouldBe(Enumerable.Range(0, events.Length));
        events.Length.ShouldBeGreaterThan(CardAnswers.Stream("openai-responses").Split("data: ").Length - 1);
        foreach (string kind in (string[])["output_text", "reasoning_summary_text"])
        {
            string pieces = string.Concat(events.Where(e => (string?)e["type"] == $"response.{kind}.delta").Select(e => (string?)e["delta"]));
            ((string?)events.Single(e => (string?)e["type"] == $"response.{kind}.done")["text"]).ShouldBe(pieces);
        }
        given.Split('\n').Where(l => l.StartsWith("event: ", StringComparison.Ordinal)).Select(l => l[7..]).ShouldBe(events.Select(e => (string)e["type"]!));
    }

    [Theory]
    [InlineData("openai-chat", "$.system_fingerprint", "fp", 13)] // a member of every piece
    [InlineData("ollama-chat", "$.model", "other", 7)]
    [InlineData("openai-responses", "$.model", "other", 2)] // the answer stands in two events
    [InlineData("anthropic-messages", "$.model", "other", 1)]
    [InlineData("anthropic-messages", "$.delta.stop_reason", "done", 7)] // every event that has a delta
    public void Take_SetByPath_ActsOnEventsAndOnAnswersInEvents(string dialect, string path, string value, int times)
    {
        var rule = new TransformRule(new TransformConfig { Name = "set", On = TransformPhase.Response, Set = new EditConfig { Path = path, Value = System.Text.Json.JsonSerializer.SerializeToElement(value) } });

        string given = Relay(dialect, [Encoding.UTF8.GetBytes(CardAnswers.Stream(dialect))], rule);

        (given.Split($"\"{path.Split('.')[^1]}\":\"{value}\"").Length - 1).ShouldBe(times);
    }

    [Fact]
    public void Take_DropByPath_KeepsEveryOtherByte()
    {
        string stream = CardAnswers.Stream("openai-chat");
        var rule = new TransformRule(new TransformConfig { Name = "drop", On = TransformPhase.Response, Drop = "$.choices[*].delta.reasoning_content" });

        Relay("openai-chat", [Encoding.UTF8.GetBytes(stream)], rule).ShouldBe(System.Text.RegularExpressions.Regex.Replace(stream, "\"reasoning_content\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Take_WhatTheProviderSigned_IsLeftAloneAndReported()
    {
        const string Stream = "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"4111111111111111 \"}}\n\n";
        var losses = new LossReport();

        Relay("anthropic-messages", [Encoding.UTF8.GetBytes(Stream)], losses: losses).ShouldBe(Stream);
        losses.Losses.ShouldHaveSingleItem().Path.ShouldBe("thinking");
    }

    [Fact]
    public void Take_WhatIsNoJson_DoesNotPassByTheRules()
    {
        var losses = new LossReport();

        Relay("openai-chat", [Encoding.UTF8.GetBytes("data: {4111111111111111\n\ndata: [DONE]\n\n")], losses: losses).ShouldBe("data: [DONE]\n\n");
        losses.Losses.ShouldHaveSingleItem().Path.ShouldBe("event");
    }

    [Fact]
    public void Take_ProbabilitiesOfTokens_AreEmptiedAndReported()
    {
        const string Stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"4111111111111111 \"},\"logprobs\":{\"content\":[{\"token\":\"4111\"}]},\"finish_reason\":\"stop\"}]}\n\n";
        var losses = new LossReport();

        Relay("openai-chat", [Encoding.UTF8.GetBytes(Stream)], losses: losses).ShouldBe("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"[card] \"},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n");
        losses.Losses.ShouldHaveSingleItem().Path.ShouldBe("logprobs");
    }

    private static string Relay(string dialect, byte[][] pieces, TransformRule? rule = null, LossReport? losses = null)
    {
        var id = new WireFormatId(dialect);
        var framing = WireFormats.Find(id)!.Framing;
        var transform = new StreamTransform(DialectTexts.Of(id, true)!, [rule ?? Mask], new EventFraming(framing, null), losses ?? new LossReport());
        var frames = FrameReaders.Create(framing);
        var output = new ArrayBufferWriter<byte>();
        foreach (byte[] piece in pieces)
        {
            frames.Append(piece).ShouldBeTrue();
            while (frames.TryRead(out var frame)) transform.Take(frame, frames.LastRaw, output);
            output.Write(frames.TakeSkipped());
        }
        while (frames.TryReadLast(out var last)) transform.Take(last, frames.LastRaw, output);
        transform.Flush(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    // What a client makes of an answer: the text of each part, folded by the decoder of the dialect, or by hand where there is none.
    private static string Said(string dialect, string answer, bool isWhole = false)
    {
        if (WireFormats.Find(new WireFormatId(dialect)) is not IChatClientFormat format)
        {
            var pieces = answer.Split('\n').Select(l => l.Replace("data: ", "", StringComparison.Ordinal)).Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!);
            return string.Concat(pieces.Select(p => (string?)p["response"] ?? string.Concat(((JsonArray?)p["choices"] ?? []).Select(c => (string?)c!["text"]))));
        }
        var context = new TranslationContext { ClientFormat = format.Id, UpstreamFormat = format.Id, UpstreamModel = "m", Ids = new FixedIds(), Time = TimeProvider.System };
        byte[] bytes = Encoding.UTF8.GetBytes(answer);
        var response = isWhole ? format.DecodeResponse(bytes, context).Value! : Fold(format, bytes, context);
        return string.Join('\n', response.Candidates.SelectMany(c => c.Parts).Select(p => p switch
        {
            TextPart t => $"text {t.Text}",
            ReasoningPart r => $"reasoning {r.Text}",
            ToolCallPart c => $"call {c.Name} {c.Arguments}",
            _ => p.ToString(),
        }));
    }

    private static ChatResponse Fold(IChatClientFormat format, byte[] stream, TranslationContext context)
    {
        var decoder = format.CreateStreamDecoder(context);
        var frames = FrameReaders.Create(format.Framing);
        var (events, folder, grammar) = (new List<StreamEvent>(), new StreamFolder(), new StreamGrammar());
        frames.Append(stream);
        while (frames.TryRead(out var frame)) decoder.Decode(frame, events);
        while (frames.TryReadLast(out var last)) decoder.Decode(last, events);
        decoder.Complete(events);
        foreach (var next in events)
        {
            grammar.Check(next).ShouldBeNull();
            folder.Add(next);
        }
        folder.Error.ShouldBeNull();
        return folder.ToResponse();
    }

    private sealed class FixedIds : IIdSource
    {
        public string Next(string prefix, int length = 24) => prefix + new string('0', length);
    }
}
