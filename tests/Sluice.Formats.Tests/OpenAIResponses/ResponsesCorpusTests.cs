using System.Text;
using System.Text.Json.Nodes;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIResponses;

public sealed class ResponsesCorpusTests
{
    private static IReadOnlyList<Exchange> All => Corpus.Of("openai-responses");

    [Fact]
    public void Requests_OfTheCorpus_ComeOutAsTheyWentIn()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are not beside the checkout");
        var faults = new List<string>();
        foreach (var exchange in All.Where(e => e.RequestBody is not null))
        {
            var request = Responses.Request(exchange.RequestBody!);
            var context = Responses.Context(request: request);
            string? difference = JsonAssert.Difference(exchange.RequestBody!, Responses.Write(request, context));
            if (difference is not null) faults.Add($"{exchange.Id}: {difference}");
            if (!context.Losses.IsEmpty) faults.Add($"{exchange.Id}: lost {context.Losses.Losses[0]}");
        }
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Answers_OfTheCorpus_ComeOutAsTheyWentIn()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are not beside the checkout");
        var faults = new List<string>();
        foreach (var (id, body) in All.Where(e => e.Status == 200).SelectMany(Answers))
        {
            var context = Responses.Context();
            string? difference = JsonAssert.Difference(body, Responses.Write(Responses.Answer(body, context), context));
            if (difference is not null) faults.Add($"{id}: {difference}");
            if (!context.Losses.IsEmpty) faults.Add($"{id}: lost {context.Losses.Losses[0]}");
        }
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Streams_OfTheCorpus_FoldToTheirLastResponse()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are not beside the checkout");
        var faults = new List<string>();
        foreach (var exchange in All.Where(e => e.Sse is not null))
        {
            if (Responses.LastResponse(exchange.Sse!) is not { } last) continue;
            var context = Responses.Context();
            var folded = Responses.Fold(Responses.Events(exchange.Sse!, context));
            string? difference = JsonAssert.Difference(WithoutPayloads(last.GetRawText()), WithoutPayloads(Responses.Write(folded, context)));
            if (difference is not null) faults.Add($"{exchange.Id}: {difference}");
        }
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Streams_OfTheCorpus_EncodeToTheSameAnswer()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are not beside the checkout");
        var faults = new List<string>();
        foreach (var exchange in All.Where(e => e.Sse is not null))
        {
            if (Responses.LastResponse(exchange.Sse!) is not { } last) continue;
            var context = Responses.Context();
            string written = Responses.Stream(Responses.Events(exchange.Sse!, context), context);
            var events = Responses.Data(written);
            var numbers = events.Select(e => e.GetProperty("sequence_number").GetInt32()).ToList();
            if (!numbers.SequenceEqual(Enumerable.Range(0, numbers.Count))) faults.Add($"{exchange.Id}: sequence numbers have gaps");
            string? difference = JsonAssert.Difference(WithoutPayloads(last.GetRawText()), WithoutPayloads(events[^1].GetProperty("response").GetRawText()));
            if (difference is not null) faults.Add($"{exchange.Id}: {difference}");
            // The events themselves, but for padding and numbers.
            var kinds = Responses.Data(exchange.Sse!).Select(e => e.GetProperty("type").GetString()).Where(t => t != "response.queued");
            string? kind = events.Select(e => e.GetProperty("type").GetString()).SequenceEqual(kinds) ? null : "other events than those of the recording";
            if (kind is not null && exchange.Provider == "openai") faults.Add($"{exchange.Id}: {kind}");
        }
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Streams_CutAtEveryByte_GiveTheSameEvents()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are not beside the checkout");
        foreach (var exchange in All.Where(e => e.Sse is not null))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(exchange.Sse!);
            string whole = Describe(Responses.Events([bytes]));
            string single = Describe(Responses.Events(Enumerable.Range(0, bytes.Length).Select(i => (ReadOnlyMemory<byte>)bytes.AsMemory(i, 1))));
            single.ShouldBe(whole, exchange.Id);
        }
    }

    [Fact]
    public void Streams_CutAtEveryFrame_NeverEndAsComplete()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are not beside the checkout");
        foreach (var exchange in All.Where(e => e.Sse is not null && e.Sse.Contains("response.completed", StringComparison.Ordinal)))
        {
            string[] frames = exchange.Sse!.Split("\n\n");
            int last = Array.FindLastIndex(frames, f => f.Contains("\"type\":\"response.completed\"", StringComparison.Ordinal));
            for (int cut = 0; cut < last; cut += Math.Max(1, last / 40))
            {
                var events = Responses.Events(string.Concat(frames.Take(cut).Select(f => f + "\n\n")));
                events[^1].ShouldBeOfType<StreamFailed>($"{exchange.Id} cut after {cut} frames");
            }
        }
    }

    [Fact]
    public void Errors_OfTheCorpus_KeepTheirWordsAndCodes()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are not beside the checkout");
        foreach (var exchange in All.Where(e => e.Status >= 400))
        {
            var error = Responses.Format.DecodeError(exchange.Status, Encoding.UTF8.GetBytes(exchange.ResponseBody!));
            var body = JsonNode.Parse(exchange.ResponseBody!)!["error"]!;
            error.Message.ShouldBe((string?)body["message"], exchange.Id);
            error.Code.ShouldBe((string?)body["code"], exchange.Id);
            error.Status.ShouldBe(exchange.Status, exchange.Id);
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            Responses.Format.EncodeError(error, output);
            JsonAssert.Difference(exchange.ResponseBody!, Encoding.UTF8.GetString(output.WrittenSpan)).ShouldBeNull(exchange.Id);
        }
    }

    [Fact]
    public void Tap_OverTheCorpus_SeesUsageModelAndEnd()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recorded exchanges are not beside the checkout");
        foreach (var exchange in All.Where(e => e.Sse is not null))
        {
            if (Responses.LastResponse(exchange.Sse!) is not { } last) continue;
            var tap = Responses.Format.CreateTap(stream: true);
            var reader = new Formats.Framing.SseFrameReader();
            reader.Append(Encoding.UTF8.GetBytes(exchange.Sse!));
            var signals = AnswerSignal.None;
            while (reader.TryRead(out var frame)) signals |= tap.Observe(frame);
            signals.ShouldBe(AnswerSignal.Content | AnswerSignal.End, exchange.Id);
            tap.Model.ShouldBe(last.GetProperty("model").GetString());
            tap.Usage.ShouldNotBeNull(exchange.Id).InputTokens.ShouldBe(last.GetProperty("usage").GetProperty("input_tokens").GetInt64());
            tap.OutputCharacters.ShouldBeGreaterThan(0);
        }
    }

    private static IEnumerable<(string Id, string Body)> Answers(Exchange exchange)
    {
        if (exchange.ResponseBody is { } body) yield return (exchange.Id, body);
        else if (exchange.Sse is { } sse && Responses.LastResponse(sse) is { } last) yield return (exchange.Id, last.GetRawText());
    }

    private static string Describe(List<StreamEvent> events) => string.Join('\n', events.Select(e => e is PartEnded { Final: { } final } ? $"{e} {final}" : e.ToString()));

    // The provider encrypts anew whenever it tells an item: encrypted_content differs between events of the same item.
    private static string WithoutPayloads(string json)
    {
        var root = JsonNode.Parse(json)!;
        foreach (var item in root["output"]!.AsArray())
        {
            if (item is JsonObject o && o.ContainsKey("encrypted_content")) o["encrypted_content"] = "...";
        }
        return root.ToJsonString();
    }
}
