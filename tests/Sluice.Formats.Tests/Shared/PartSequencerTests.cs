using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Formats.Tests.Streaming;
using Sluice.Streaming;

namespace Sluice.Formats.Tests.Shared;

public sealed class PartSequencerTests
{
    private static readonly TextPart Empty = new("");

    [Fact]
    public void Add_OfPartsThatOverlap_PutsThemOneAfterTheOther()
    {
        var written = Run(
            new ResponseStarted(),
            new PartStarted(0, 0, Empty),
            new PartStarted(0, 1, Empty),
            new PartDelta(0, 1, new TextDelta("b1")),
            new PartDelta(0, 0, new TextDelta("a1")),
            KeepAlive.Instance,
            new PartEnded(0, 1),
            new PartDelta(0, 0, new TextDelta("a2")),
            new PartEnded(0, 0),
            new CandidateFinished(0, FinishReason.Stop),
            new ResponseEnded());

        written.Select(Short).ShouldBe(["ResponseStarted", "start 0.0", "0.0 a1", "KeepAlive", "0.0 a2", "end 0.0", "start 0.1", "0.1 b1", "end 0.1", "finish 0", "ResponseEnded"]);
    }

    [Fact]
    public void Add_OfTheEndOfACandidateWhosePartsWait_WaitsToo()
    {
        var written = Run(
            new ResponseStarted(),
            new PartStarted(0, 0, Empty),
            new PartStarted(1, 0, Empty),
            new PartDelta(1, 0, new TextDelta("b")),
            new PartEnded(1, 0),
            new CandidateFinished(1, FinishReason.Stop),
            new PartDelta(0, 0, new TextDelta("a")),
            new PartEnded(0, 0),
            new CandidateFinished(0, FinishReason.Length),
            new ResponseEnded());

        written.Select(Short).ShouldBe(["ResponseStarted", "start 0.0", "0.0 a", "end 0.0", "start 1.0", "1.0 b", "end 1.0", "finish 1", "finish 0", "ResponseEnded"]);
    }

    [Fact]
    public void Add_OfAnyLegalStream_KeepsItLegalAndItsMeaningWithOnePartOpen()
    {
        PropertyChecks.Holds(LegalStreams.Generator, stream =>
        {
            var written = Run([.. stream.Events]);

            var grammar = new StreamGrammar();
            (int, int)? open = null;
            foreach (var next in written)
            {
                grammar.Check(next).ShouldBeNull();
                if (next is PartEnded) open = null;
                if (next is not PartStarted start) continue;
                open.ShouldBeNull();
                open = (start.Candidate, start.Index);
            }
            // What waits when the stream breaks off cannot be told: the part before it has no end.
            if (written[^1] is StreamFailed) return;
            written.Count.ShouldBe(stream.Events.Count);
            LegalStreams.Describe(written).ShouldBe(LegalStreams.Describe(stream.Events));
        });
    }

    private static List<StreamEvent> Run(params StreamEvent[] events)
    {
        var sequencer = new PartSequencer();
        var written = new List<StreamEvent>();
        foreach (var next in events) sequencer.Add(next, written);
        return written;
    }

    private static string Short(StreamEvent next) => next switch
    {
        PartStarted e => $"start {e.Candidate}.{e.Index}",
        PartDelta { Delta: TextDelta text } e => $"{e.Candidate}.{e.Index} {text.Text}",
        PartEnded e => $"end {e.Candidate}.{e.Index}",
        CandidateFinished e => $"finish {e.Candidate}",
        _ => next.GetType().Name,
    };
}
