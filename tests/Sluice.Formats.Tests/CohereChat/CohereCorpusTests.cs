using System.Text.Json;
using Sluice.Chat;
using Sluice.TestKit;

namespace Sluice.Formats.Tests.CohereChat;

public sealed class CohereCorpusTests
{
    [Fact]
    public void DecodeResponse_OfEveryRecording_KeepsTextCallsReasonAndCounts()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside this checkout");
        var exchanges = Corpus.Of("cohere-chat").Where(e => e.Status == 200 && e.ResponseBody is not null).ToArray();
        exchanges.Length.ShouldBeGreaterThan(5);
        foreach (var exchange in exchanges)
        {
            var recorded = exchange.Json.GetProperty("response").GetProperty("body");
            var answer = Cohere.Answer(exchange.ResponseBody!);
            var candidate = answer.Candidates.ShouldHaveSingleItem();
            var message = recorded.GetProperty("message");

            answer.Id.ShouldBe(recorded.GetProperty("id").GetString(), exchange.Id);
            string text = Join(message, "text");
            string.Concat(candidate.Parts.OfType<ReasoningPart>().Select(r => r.Text)).ShouldBe(Join(message, "thinking"), exchange.Id);
            string plan = message.TryGetProperty("tool_plan", out var said) ? said.GetString()! : "";
            string.Concat(candidate.Parts.OfType<TextPart>().Select(t => t.Text)).ShouldBe(plan + text, exchange.Id);
            int calls = message.TryGetProperty("tool_calls", out var list) ? list.GetArrayLength() : 0;
            candidate.Parts.OfType<ToolCallPart>().Count().ShouldBe(calls, exchange.Id);
            candidate.FinishReason!.Value.Value.ShouldBe(Reason(recorded.GetProperty("finish_reason").GetString()!), exchange.Id);
            answer.Usage!.InputTokens.ShouldBe(recorded.GetProperty("usage").GetProperty("tokens").GetProperty("input_tokens").GetInt64(), exchange.Id);
            answer.Usage.BilledInputTokens.ShouldBe(recorded.GetProperty("usage").GetProperty("billed_units").GetProperty("input_tokens").GetInt64(), exchange.Id);
            answer.Notes.ShouldBeNull(exchange.Id);
        }
    }

    private static string Join(JsonElement message, string kind) => message.TryGetProperty("content", out var content)
        ? string.Concat(content.EnumerateArray().Where(c => c.GetProperty("type").GetString() == kind).Select(c => c.GetProperty(kind).GetString()))
        : "";

    private static string Reason(string recorded) => recorded switch
    {
        "COMPLETE" => "stop",
        "STOP_SEQUENCE" => "stop_sequence",
        "TOOL_CALL" => "tool_calls",
        _ => throw new InvalidOperationException($"a reason that this test does not know: {recorded}"),
    };
}
