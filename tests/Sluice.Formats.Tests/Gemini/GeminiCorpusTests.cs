using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Formats.Gemini;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

/// <summary>Every recorded exchange of these formats.</summary>
public sealed class GeminiCorpusTests
{
    private const string Skipped = "the recordings are not beside the checkout (../shared/corpus)";

    public static TheoryData<string> Requests => Ids("gemini-generate", e => e.RequestBody is not null);

    public static TheoryData<string> Answers => Ids("gemini-generate", e => e.ResponseBody is not null && e.Status == 200);

    public static TheoryData<string> Errors => Ids("gemini-generate", e => e.Status >= 400);

    public static TheoryData<string> Streams => Ids("gemini-generate", e => e.Sse is not null);

    public static TheoryData<string> Counts => Ids("gemini-count-tokens", _ => true);

    public static TheoryData<string> Embeddings => Ids("gemini-embeddings", e => e.Status == 200);

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Requests))]
    public void Request_DecodedAndEncodedInTheSameFormat_IsEqual(string id)
    {
        var exchange = Find(id);
        var request = Decode(exchange.RequestBody!, exchange.Model, exchange.Path.Contains(":stream") ? "streamGenerateContent" : "generateContent");
        var context = Context(exchange.Model, request: request);

        JsonAssert.Difference(exchange.RequestBody!, Encode(request, context)).ShouldBeNull();
        context.Losses.Losses.ShouldBeEmpty();
        request.Stream.ShouldBe(exchange.Sse is not null);
    }

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Answers))]
    public void Answer_DecodedAndEncodedInTheSameFormat_IsEqual(string id)
    {
        var exchange = Find(id);
        var context = Context(exchange.Model);
        var answer = DecodeAnswer(exchange.ResponseBody!, context);

        JsonAssert.Difference(exchange.ResponseBody!, EncodeAnswer(answer, context)).ShouldBeNull();
        context.Losses.Losses.ShouldBeEmpty();
        answer.Candidates.ShouldAllBe(c => c.FinishReason != null);
    }

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Errors))]
    public void Error_Recorded_KeepsMessageAndBody(string id)
    {
        var exchange = Find(id);
        var error = Format.DecodeError(exchange.Status, Bytes(exchange.ResponseBody!));
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeError(error, output);

        error.Message.ShouldBe(JsonDocument.Parse(exchange.ResponseBody!).RootElement.GetProperty("error").GetProperty("message").GetString());
        error.StatusOrDefault.ShouldBe(exchange.Status);
        JsonAssert.Difference(exchange.ResponseBody!, Encoding.UTF8.GetString(output.WrittenSpan)).ShouldBeNull();
    }

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Streams))]
    public void Stream_SplitAtEveryByte_GivesTheSameEvents(string id)
    {
        string sse = Find(id).Sse!;
        var whole = Describe(DecodeStream(sse));
        int length = Encoding.UTF8.GetByteCount(sse);
        // Long signatures make long streams: those are split at steps that hit every kind of place.
        int step = length <= 20_000 ? 1 : 997;
        for (int split = 1; split < length; split += step) Describe(DecodeStream(sse, split)).ShouldBe(whole);
    }

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Streams))]
    public void Stream_Folded_HoldsAllTextCallsAndTheLastUsage(string id)
    {
        string sse = Find(id).Sse!;
        var chunks = sse.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).Select(c => JsonDocument.Parse(c["data: ".Length..]).RootElement).ToArray();
        var parts = chunks.SelectMany(c => c.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()).ToArray();

        var folder = Fold(DecodeStream(sse));
        var answer = folder.ToResponse();

        folder.IsComplete.ShouldBeTrue();
        answer.Candidates[0].Parts.OfType<TextPart>().Aggregate("", (all, p) => all + p.Text).ShouldBe(Text(parts, false));
        answer.Candidates[0].Parts.OfType<ReasoningPart>().Aggregate("", (all, p) => all + p.Text).ShouldBe(Text(parts, true));
        answer.Candidates[0].Parts.OfType<ToolCallPart>().Count().ShouldBe(parts.Count(p => p.TryGetProperty("functionCall", out _)));
        answer.Candidates[0].Parts.Count(p => p.Signature is not null).ShouldBe(parts.Count(p => p.TryGetProperty("thoughtSignature", out _)));
        JsonAssert.Difference(chunks[^1].GetProperty("usageMetadata").GetRawText(), answer.Usage!.Raw.ToString()).ShouldBeNull();
    }

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Streams))]
    public void Stream_WrittenAgainAndRead_FoldsToTheSameAnswer(string id)
    {
        var answer = Fold(DecodeStream(Find(id).Sse!)).ToResponse();
        var again = Fold(DecodeStream(EncodeStream(DecodeStream(Find(id).Sse!)))).ToResponse();

        EncodeAnswer(again).ShouldBe(EncodeAnswer(answer));
    }

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Streams))]
    public void Stream_CutAnywhereBeforeItsEnd_IsNotToldAsComplete(string id)
    {
        string sse = Find(id).Sse!;
        int end = sse.IndexOf("\"finishReason\"", StringComparison.Ordinal);
        foreach (int cut in new[] { 0, end / 4, end / 2, end - 1 }) Fold(DecodeStream(sse[..cut])).Error.ShouldNotBeNull();
    }

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Counts))]
    public void CountTokens_Recorded_IsEqualBothWays(string id)
    {
        var exchange = Find(id);
        var format = new GeminiCountTokensFormat();
        var request = format.DecodeRequest(new WireRequest { Path = exchange.Path, Body = Bytes(exchange.RequestBody!) }).Value!;
        var output = new ArrayBufferWriter<byte>();
        format.EncodeRequest(request, Context(exchange.Model), output);

        request.Model.ShouldBe(exchange.Model);
        JsonAssert.Difference(exchange.RequestBody!, Encoding.UTF8.GetString(output.WrittenSpan)).ShouldBeNull();
        format.DecodeCount(Bytes(exchange.ResponseBody!)).ShouldBe(JsonDocument.Parse(exchange.ResponseBody!).RootElement.GetProperty("totalTokens").GetInt64());
    }

    [Theory(SkipUnless = nameof(RepositoryPaths.HasCorpus), SkipType = typeof(RepositoryPaths), Skip = Skipped)]
    [MemberData(nameof(Embeddings))]
    public void Embedding_Recorded_IsEqualBothWays(string id)
    {
        var exchange = Find(id);
        var format = new GeminiEmbedFormat();
        EmbeddingRequest request = format.DecodeRequest(new WireRequest { Path = exchange.Path, Body = Bytes(exchange.RequestBody!) }).Value!;
        EmbeddingResponse answer = format.DecodeResponse(Bytes(exchange.ResponseBody!), request).Value!;
        var requestOutput = new ArrayBufferWriter<byte>();
        format.EncodeRequest(request, exchange.Model, new LossReport(), requestOutput).ShouldBeNull();
        var answerOutput = new ArrayBufferWriter<byte>();
        format.EncodeResponse(answer, request, answerOutput);

        JsonAssert.Difference(exchange.RequestBody!, Encoding.UTF8.GetString(requestOutput.WrittenSpan)).ShouldBeNull();
        JsonAssert.Difference(exchange.ResponseBody!, Encoding.UTF8.GetString(answerOutput.WrittenSpan)).ShouldBeNull();
        format.IsBatch(request).ShouldBe(exchange.Path.EndsWith(":batchEmbedContents", StringComparison.Ordinal));
    }

    private static TheoryData<string> Ids(string format, Func<Exchange, bool> test) => [.. Corpus.Of(format).Where(test).Select(e => e.Id)];

    private static Exchange Find(string id) => Corpus.Of("gemini-generate").Concat(Corpus.Of("gemini-count-tokens")).Concat(Corpus.Of("gemini-embeddings")).First(e => e.Id == id);

    private static string Text(JsonElement[] parts, bool thought) =>
        string.Concat(parts.Where(p => p.TryGetProperty("text", out _) && p.TryGetProperty("thought", out _) == thought).Select(p => p.GetProperty("text").GetString()));

    private static string Describe(List<StreamEvent> events) => string.Join('\n', events.Select(e => e.ToString()));
}
