using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;

namespace Sluice.Formats.Tests.OllamaChat;

public sealed class OllamaStreamReadingTests
{
    private const string Body =
        """
        {"model":"qwen3","created_at":"2025-10-17T23:14:07.1Z","message":{"role":"assistant","content":"","thinking":"Hm, "},"done":false}
        {"model":"qwen3","created_at":"2025-10-17T23:14:07.2Z","message":{"role":"assistant","content":"","thinking":"Paris."},"done":false}
        {"model":"qwen3","created_at":"2025-10-17T23:14:07.3Z","message":{"role":"assistant","content":"Ich"},"done":false,"logprobs":[{"token":"Ich","logprob":-0.5,"bytes":[73]}]}
        {"model":"qwen3","created_at":"2025-10-17T23:14:07.4Z","message":{"role":"assistant","content":" größe 💧"},"done":false}
        {"model":"qwen3","created_at":"2025-10-17T23:14:07.5Z","message":{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"index":0,"name":"get_weather","arguments":{"city":"Paris"}}}]},"done":false}
        {"model":"qwen3","created_at":"2025-10-17T23:14:07.6Z","message":{"role":"assistant","content":"","tool_calls":[{"function":{"index":1,"name":"now","arguments":{}}}]},"done":false}
        {"model":"qwen3","created_at":"2025-10-17T23:14:07.7Z","message":{"role":"assistant","content":""},"done_reason":"stop","done":true,"total_duration":5,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":2,"eval_count":298,"eval_duration":2}

        """;

    private const string Whole =
        """
        {"model":"qwen3","created_at":"2025-10-17T23:14:07.1Z","message":{"role":"assistant","content":"Ich größe 💧","thinking":"Hm, Paris.","tool_calls":[{"id":"c1","function":{"index":0,"name":"get_weather","arguments":{"city":"Paris"}}},{"function":{"index":1,"name":"now","arguments":{}}}]},
         "done_reason":"stop","done":true,"total_duration":5,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":2,"eval_count":298,"eval_duration":2,"logprobs":[{"token":"Ich","logprob":-0.5,"bytes":[73]}]}
        """;

    [Fact]
    public void Decode_OfAStream_FoldsToTheWholeAnswer()
    {
        var folded = Ollama.Fold(Ollama.Events(Body));
        var whole = Ollama.Answer(Whole);

        (folded.Model, folded.CreatedAt, folded.Usage).ShouldBe((whole.Model, whole.CreatedAt, whole.Usage));
        var (a, b) = (folded.Candidates[0], whole.Candidates[0]);
        a.FinishReason.ShouldBe(FinishReason.ToolCalls);
        b.FinishReason.ShouldBe(FinishReason.ToolCalls);
        a.Parts.Select(Describe).ShouldBe(b.Parts.Select(Describe));
        a.Logprobs!.Single().ShouldBe(b.Logprobs!.Single() with { Bytes = a.Logprobs!.Single().Bytes, Top = a.Logprobs!.Single().Top });
        (folded.Usage!.InputTokens, folded.Usage.OutputTokens).ShouldBe((26, 298));
    }

    [Fact]
    public void Decode_AtEverySplitOfTheBytes_GivesTheSameEvents()
    {
        byte[] body = Encoding.UTF8.GetBytes(Body);
        string[] expected = [.. Ollama.Events(Body).Select(Describe)];
        for (int at = 1; at < body.Length; at++)
        {
            Ollama.Events([body[..at], body[at..]]).Select(Describe).ShouldBe(expected);
        }
    }

    [Fact]
    public void Complete_BeforeTheLastLine_FailsAndIsNeverComplete()
    {
        string[] lines = Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int count = 0; count < lines.Length; count++)
        {
            var events = Ollama.Events(string.Join('\n', lines[..count]));

            events[^1].ShouldBeOfType<StreamFailed>().Error.Kind.ShouldBe(ErrorKind.Network);
            events.ShouldNotContain(e => e is CandidateFinished);
        }
    }

    [Theory]
    [InlineData("{\"this is\": not JSON", "malformed_answer")]
    [InlineData("[]", "malformed_answer")]
    [InlineData("{\"status\":\"pulling\"}", "malformed_answer")]
    [InlineData("{\"message\":5}", "malformed_answer")]
    [InlineData("{\"message\":{\"content\":5}}", "malformed_answer")]
    [InlineData("{\"message\":{\"tool_calls\":[{}]}}", "malformed_answer")]
    [InlineData("{\"error\":\"an error was encountered while running the model\"}", "upstream")]
    [InlineData("{\"error\":{\"message\":\"model overloaded\",\"code\":\"overloaded\"}}", "overloaded")]
    public void Decode_OfABadLine_FailsOnceAndStaysSilent(string bad, string kind)
    {
        string[] lines = Body.Split('\n');

        var events = Ollama.Events(string.Join('\n', [lines[0], bad, .. lines[1..]]));

        events.OfType<StreamFailed>().ShouldHaveSingleItem().Error.Kind.Value.ShouldBe(kind);
        events[^1].ShouldBeOfType<StreamFailed>();
    }

    [Fact]
    public void Decode_OfATextCutInsideAnEmoji_GoesOn()
    {
        var parts = Ollama.Fold(Ollama.Events("""
            {"model":"m","message":{"role":"assistant","content":"a\ud83d"},"done":false}
            {"model":"m","message":{"role":"assistant","content":"b"},"done":true}
            """)).Candidates[0].Parts;

        parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("a\uFFFDb");
    }

    [Fact]
    public void Decode_OfPicturesAndThinkingByTurns_KeepsTheOrder()
    {
        var parts = Ollama.Fold(Ollama.Events(
            """
            {"model":"m","message":{"role":"assistant","content":"a"},"done":false}
            {"model":"m","message":{"role":"assistant","content":"","images":["iVBORw0KGgo="]},"done":false}
            {"model":"m","message":{"role":"assistant","content":"b"},"done":false}
            {"model":"m","message":{"role":"assistant","content":"","thinking":"c"},"done":false}
            {"model":"m","done":true,"done_reason":"length"}
            """)).Candidates[0].Parts;

        parts.Select(p => p.GetType()).ShouldBe([typeof(TextPart), typeof(MediaPart), typeof(TextPart), typeof(ReasoningPart)]);
    }

    private static string Describe(Part part) => part switch
    {
        TextPart text => $"text {text.Text}",
        ReasoningPart reasoning => $"reasoning {reasoning.Text}",
        ToolCallPart call => $"call {call.CallId} {call.Name} {call.Arguments}",
        _ => part.ToString(),
    };

    private static string Describe(StreamEvent next) => next switch
    {
        PartStarted e => $"start {e.Index} {Describe(e.Part)}",
        PartDelta { Delta: LogprobsDelta tokens } => $"logprobs {tokens.Tokens.Count}",
        ResponseStarted e => $"start {e.Model} {e.CreatedAt}",
        CandidateFinished e => $"finish {e.Reason}",
        ResponseEnded => "end",
        _ => next.ToString(),
    };
}
