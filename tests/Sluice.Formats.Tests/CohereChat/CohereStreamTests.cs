using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;

namespace Sluice.Formats.Tests.CohereChat;

public sealed class CohereStreamTests
{
    private const string Start = """{"type":"message-start","id":"a1","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}""";
    private const string End = """{"type":"message-end","id":"a1","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":3,"output_tokens":2},"tokens":{"input_tokens":30,"output_tokens":20},"cached_tokens":8}}}""";

    private static readonly string[] Text =
    [
        Start,
        """{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"thinking","thinking":""}}}}""",
        """{"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"Hm, "}}}}""",
        """{"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"blue."}}}}""",
        """{"type":"content-end","index":0}""",
        """{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":""}}}}""",
        """{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"Bläu"}}},"logprobs":{"text":"Bläu","token_ids":[1,2],"logprobs":[-0.5,-0.25]}}""",
        """{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"lich"}}}}""",
        """{"type":"content-end","index":1}""",
        """{"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":0,"end":8,"text":"Bläulich","content_index":1,"type":"TEXT_CONTENT","sources":[{"type":"document","id":"doc:0","document":{"id":"doc:0","title":"Sky","text":"The sky is blue.","url":"https://sky"}}]}}}}""",
        """{"type":"citation-end","index":0}""",
        End,
    ];

    private static readonly string[] Calls =
    [
        Start,
        """{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I will"}}}""",
        """{"type":"tool-plan-delta","delta":{"message":{"tool_plan":" look."}}}""",
        """{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"get_1","type":"function","function":{"name":"get","arguments":""}}}}}""",
        """{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\n    \"city"}}}}}""",
        """{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"\": \"Paris\"}"}}}}}""",
        """{"type":"tool-call-end","index":0}""",
        """{"type":"tool-call-start","index":1,"delta":{"message":{"tool_calls":{"id":"now_2","type":"function","function":{"name":"now","arguments":""}}}}}""",
        """{"type":"tool-call-end","index":1}""",
        End.Replace("COMPLETE", "TOOL_CALL"),
    ];

    [Fact]
    public void Decode_ThinkingTextAndCitation_FoldsToTheWholeAnswer()
    {
        var folded = Cohere.Fold(Cohere.Events(Text));
        var whole = Cohere.Answer(
            """
            {"id":"a1","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"thinking","thinking":"Hm, blue."},{"type":"text","text":"Bläulich"}],
             "citations":[{"start":0,"end":8,"text":"Bläulich","content_index":1,"type":"TEXT_CONTENT","sources":[{"type":"document","id":"doc:0","document":{"id":"doc:0","title":"Sky","text":"The sky is blue.","url":"https://sky"}}]}]},
             "usage":{"billed_units":{"input_tokens":3,"output_tokens":2},"tokens":{"input_tokens":30,"output_tokens":20},"cached_tokens":8},"logprobs":[{"text":"Bläu","token_ids":[1,2],"logprobs":[-0.5,-0.25]}]}
            """);

        folded.Id.ShouldBe(whole.Id);
        var (a, b) = (folded.Candidates[0], whole.Candidates[0]);
        a.Parts.OfType<ReasoningPart>().Single().ShouldBe(b.Parts.OfType<ReasoningPart>().Single());
        var (text, wholeText) = (a.Parts.OfType<TextPart>().Single(), b.Parts.OfType<TextPart>().Single());
        text.Text.ShouldBe(wholeText.Text);
        var citation = text.Citations.ShouldHaveSingleItem();
        citation.ShouldBe(wholeText.Citations.ShouldHaveSingleItem() with { Notes = citation.Notes });
        (citation.Title, citation.Url, citation.CitedText, citation.StartIndex, citation.EndIndex).ShouldBe(("Sky", "https://sky", "The sky is blue.", 0, 8));
        a.FinishReason.ShouldBe(FinishReason.Stop);
        a.Logprobs!.Single().Logprob.ShouldBe(-0.75);
        b.Logprobs!.Single().ShouldBe(a.Logprobs!.Single() with { Top = b.Logprobs!.Single().Top });
        folded.Usage.ShouldBe(whole.Usage);
        (folded.Usage!.InputTokens, folded.Usage.CacheReadTokens, folded.Usage.BilledOutputTokens).ShouldBe((30, 8, 2));
    }

    [Fact]
    public void Decode_PlanAndCalls_GivesTheTextAndBothCalls()
    {
        var candidate = Cohere.Fold(Cohere.Events(Calls)).Candidates.ShouldHaveSingleItem();

        candidate.Parts[0].ShouldBeOfType<TextPart>().Text.ShouldBe("I will look.");
        candidate.Parts[1].ShouldBe(new ToolCallPart("get_1", "get", "{\n    \"city\": \"Paris\"}"));
        candidate.Parts[2].ShouldBe(new ToolCallPart("now_2", "now", "{}"));
        candidate.FinishReason.ShouldBe(FinishReason.ToolCalls);
    }

    [Fact]
    public void Decode_AtEverySplitOfTheBytes_GivesTheSameEvents()
    {
        byte[] body = Encoding.UTF8.GetBytes(Cohere.Body([.. Text[..^1], .. Calls[1..]]));
        var expected = Cohere.Fold(Cohere.Events([body]));

        for (int at = 1; at < body.Length; at++)
        {
            var folded = Cohere.Fold(Cohere.Events([body[..at], body[at..]]));
            folded.Candidates[0].Parts.Select(Describe).ShouldBe(expected.Candidates[0].Parts.Select(Describe));
            folded.Usage.ShouldBe(expected.Usage);
        }
    }

    [Fact]
    public void Complete_BeforeTheEnd_FailsAndIsNeverComplete()
    {
        for (int frames = 0; frames < Text.Length; frames++)
        {
            var events = Cohere.Events(Text[..frames]);

            events[^1].ShouldBeOfType<StreamFailed>().Error.Kind.ShouldBe(ErrorKind.Network);
            events.ShouldNotContain(e => e is CandidateFinished);
        }
    }

    [Fact]
    public void Decode_AnErrorAtTheEnd_FailsWithItsWords()
    {
        var events = Cohere.Events(Start, """{"type":"message-end","delta":{"error":"The model broke.","finish_reason":"ERROR"}}""");

        events[^1].ShouldBeOfType<StreamFailed>().Error.Message.ShouldBe("The model broke.");
    }

    [Theory]
    [InlineData("data: {\"this is\": not JSON\n\n")]
    [InlineData("data: []\n\n")]
    [InlineData("data: {\"message\":\"internal server error\"}\n\n")]
    [InlineData("data: {\"type\":\"tool-call-start\",\"delta\":{}}\n\n")]
    [InlineData("data: {\"type\":\"tool-call-start\",\"delta\":{\"message\":{\"tool_calls\":{\"function\":{}}}}}\n\n")]
    [InlineData("data: {\"type\":\"tool-call-delta\",\"index\":4,\"delta\":{\"message\":{\"tool_calls\":{\"function\":{\"arguments\":\"x\"}}}}}\n\n")]
    public void Decode_MalformedFrames_FailOnceAndStaySilent(string bad)
    {
        var events = Cohere.Events([Encoding.UTF8.GetBytes(Cohere.Body(Start) + bad + Cohere.Body(Text[1..]))]);

        events.OfType<StreamFailed>().ShouldHaveSingleItem();
        events[^1].ShouldBeOfType<StreamFailed>();
    }

    [Fact]
    public void Decode_AnUnknownEvent_IsKeptForItsOwnFormat()
    {
        Cohere.Events([.. Text[..1], """{"type":"debug","prompt":"x"}""", .. Text[1..]]).OfType<RawEvent>().ShouldHaveSingleItem().Name.ShouldBe("debug");
    }

    private static string Describe(Part part) => part switch
    {
        TextPart text => $"text {text.Text} {text.Citations.Count}",
        ReasoningPart reasoning => $"reasoning {reasoning.Text}",
        ToolCallPart call => $"call {call.CallId} {call.Name} {call.Arguments}",
        _ => part.ToString(),
    };
}
