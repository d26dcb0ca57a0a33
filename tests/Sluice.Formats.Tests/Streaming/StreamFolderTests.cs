using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Streaming;

public sealed class StreamFolderTests
{
    [Fact]
    public void ToResponse_OfTextWithSources_JoinsThePieces()
    {
        var part = Part(new TextPart("Hel"), new TextDelta("lo"), new CitationDelta(new Citation { Kind = "url" }), new TextDelta("!")).ShouldBeOfType<TextPart>();

        part.Text.ShouldBe("Hello!");
        part.Citations.ShouldHaveSingleItem().Kind.ShouldBe("url");
    }

    [Theory]
    [InlineData(false, "", "{}")]
    [InlineData(true, "", "")]
    [InlineData(false, "{\"a\":1}", "{\"a\":1}")]
    public void ToResponse_OfACall_GivesItsArguments(bool custom, string arguments, string expected)
    {
        Part(new ToolCallPart("c", "n", "") { IsCustom = custom }, new ArgumentsDelta(arguments)).ShouldBeOfType<ToolCallPart>().Arguments.ShouldBe(expected);
    }

    [Fact]
    public void ToResponse_OfSummaryParagraphsInAnyOrder_JoinsThemByNumber()
    {
        var part = Part(
            new ReasoningPart(""),
            new ReasoningDelta("second") { Paragraph = 1 },
            new ReasoningDelta("fir") { Paragraph = 0 },
            new ReasoningDelta("st") { Paragraph = 0 },
            new SignatureDelta(new Signature("s", "openai"))).ShouldBeOfType<ReasoningPart>();

        part.Text.ShouldBe("first\n\nsecond");
        part.SummaryParagraphs.ShouldBe(["first", "second"]);
        part.IsSummary.ShouldBeTrue();
        part.Signature.ShouldBe(new Signature("s", "openai"));
    }

    [Fact]
    public void ToResponse_OfAParagraphWithAHugeNumber_UsesNoMemoryForThoseBefore()
    {
        Part(new ReasoningPart(""), new ReasoningDelta("x") { Paragraph = int.MaxValue }).ShouldBeOfType<ReasoningPart>().Text.ShouldBe("x");
    }

    [Theory]
    [InlineData("AAAA", "BBBB", "AAAABBBB")]
    [InlineData("AA==", "AQ==", "AAE=")]
    [InlineData("not base64 =", "AQ==", "not base64 =AQ==")]
    public void ToResponse_OfMediaInPieces_GivesOneBase64(string first, string second, string expected)
    {
        var part = Part(new MediaPart(MediaKind.Audio, new InlineMedia("")), new MediaDelta(first, "he"), new MediaDelta(second, "llo")).ShouldBeOfType<MediaPart>();

        part.Source.ShouldBeOfType<InlineMedia>().Base64.ShouldBe(expected);
        part.Transcript.ShouldBe("hello");
    }

    [Fact]
    public void ToResponse_OfAPartThatIsRepeatedAtItsEnd_TakesTheRepetition()
    {
        var folder = new StreamFolder();
        folder.Add(new ResponseStarted());
        folder.Add(new PartStarted(0, 0, new TextPart("")));
        folder.Add(new PartDelta(0, 0, new TextDelta("draft")));
        folder.Add(new PartEnded(0, 0) { Final = new TextPart("final") });

        folder.ToResponse().Candidates[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("final");
    }

    [Fact]
    public void ToResponse_OfSeveralCandidates_KeepsPartsReasonsAndProbabilitiesApart()
    {
        var folder = new StreamFolder();
        folder.Add(new ResponseStarted { Id = "r", Model = "m" });
        folder.Add(new PartStarted(1, 4, new TextPart("b")));
        folder.Add(new PartStarted(0, 2, new TextPart("a2")));
        folder.Add(new PartStarted(0, 1, new ServerToolCallPart("s", "search", default)));
        folder.Add(new PartDelta(0, 1, new ArgumentsDelta("{\"q\":1}")));
        folder.Add(new PartDelta(1, 4, new LogprobsDelta([new TokenLogprob("b", -1)])));
        folder.Add(new CandidateFinished(0, FinishReason.StopSequence) { StopSequence = "END" });
        folder.Add(new UsageReported(new Usage { OutputTokens = 1 }));
        folder.Add(new UsageReported(new Usage { OutputTokens = 2 }));
        folder.Add(new ResponseEnded());

        var answer = folder.ToResponse();

        folder.IsComplete.ShouldBeTrue();
        (answer.Id, answer.Model, answer.Usage!.OutputTokens).ShouldBe(("r", "m", 2));
        answer.Candidates[0].Parts.Select(p => p.GetType()).ShouldBe([typeof(ServerToolCallPart), typeof(TextPart)]);
        ((ServerToolCallPart)answer.Candidates[0].Parts[0]).Input.ShouldBe(RawJson.FromText("{\"q\":1}"));
        (answer.Candidates[0].FinishReason, answer.Candidates[0].StopSequence, answer.Candidates[0].Logprobs).ShouldBe((FinishReason.StopSequence, "END", null));
        answer.Candidates[1].Logprobs!.ShouldHaveSingleItem().Token.ShouldBe("b");
        answer.Candidates[1].FinishReason.ShouldBeNull();
    }

    [Fact]
    public void Error_OfABrokenStream_IsKeptAndTheAnswerIsNotComplete()
    {
        var folder = new StreamFolder();
        folder.Add(new ResponseStarted());
        folder.Add(new PartStarted(0, 0, new TextPart("half")));
        folder.Add(new StreamFailed(new GatewayError(ErrorKind.Network, "gone")));

        folder.IsComplete.ShouldBeFalse();
        folder.Error!.Message.ShouldBe("gone");
        folder.ToResponse().Candidates[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("half");
    }

    private static Part Part(Part start, params Delta[] deltas)
    {
        var folder = new StreamFolder();
        folder.Add(new ResponseStarted());
        folder.Add(new PartStarted(0, 0, start));
        foreach (var delta in deltas) folder.Add(new PartDelta(0, 0, delta));
        folder.Add(new PartEnded(0, 0));
        return folder.ToResponse().Candidates.ShouldHaveSingleItem().Parts.ShouldHaveSingleItem();
    }
}
