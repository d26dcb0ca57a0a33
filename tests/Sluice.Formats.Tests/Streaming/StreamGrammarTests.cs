using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Streaming;

public sealed class StreamGrammarTests
{
    private static readonly ResponseStarted Start = new();
    private static readonly PartStarted Open = new(0, 0, new TextPart(""));
    private static readonly PartDelta More = new(0, 0, new TextDelta("a"));
    private static readonly PartEnded Close = new(0, 0);
    private static readonly CandidateFinished Finish = new(0, FinishReason.Stop);
    private static readonly ResponseEnded End = new();
    private static readonly StreamFailed Fail = new(new GatewayError(ErrorKind.Network, "x"));

    public static TheoryData<string, StreamEvent[], string> Illegal { get; } = new()
    {
        { "nothing before the start", [Open], "PartStarted before the start" },
        { "usage before the start", [new UsageReported(new Usage())], "UsageReported before the start" },
        { "one start", [Start, Start], "a second start" },
        { "a part starts once", [Start, Open, Close, Open], "part 0 of candidate 0 started twice" },
        { "a delta needs its part", [Start, More], "TextDelta for part 0 of candidate 0, which is not open" },
        { "a delta needs its part open", [Start, Open, Close, More], "TextDelta for part 0 of candidate 0, which is not open" },
        { "an end needs its part", [Start, Close], "end of part 0 of candidate 0, which is not open" },
        { "a part ends once", [Start, Open, Close, Close], "end of part 0 of candidate 0, which is not open" },
        { "parts end before their candidate", [Start, Open, Finish], "candidate 0 finished with parts open" },
        { "a candidate ends once", [Start, Finish, Finish], "candidate 0 finished twice" },
        { "no part after the candidate", [Start, Finish, Open], "part 0 started after candidate 0 finished" },
        { "parts end before the answer", [Start, Open, End], "the end with parts open" },
        { "nothing after the end", [Start, Finish, End, KeepAlive.Instance], "KeepAlive after the end" },
        { "nothing after a failure", [Fail, Start], "ResponseStarted after the end" },
    };

    public static TheoryData<string, StreamEvent[]> Legal { get; } = new()
    {
        { "one part", [Start, Open, More, Close, Finish, End] },
        { "things before the start", [KeepAlive.Instance, new RawEvent(WireFormatId.OpenAIChat, "x", RawJson.FromText("1")), Start, Finish, End] },
        { "parts that overlap and late usage", [Start, Open, new PartStarted(0, 3, new TextPart("")), More, Close, new PartEnded(0, 3), Finish, new UsageReported(new Usage()), End] },
        { "two candidates", [Start, Open, new PartStarted(1, 0, new TextPart("")), Close, Finish, new PartEnded(1, 0), new CandidateFinished(1, FinishReason.Length), End] },
        { "broken off", [Start, Open, Fail] },
        { "failed at once", [Fail] },
    };

    [Theory]
    [MemberData(nameof(Illegal))]
    public void Check_OfAnIllegalSequence_NamesTheLastEvent(string rule, StreamEvent[] events, string fault)
    {
        var grammar = new StreamGrammar();
        foreach (var next in events[..^1]) grammar.Check(next).ShouldBeNull(rule);

        grammar.Check(events[^1]).ShouldBe(fault, rule);
    }

    [Theory]
    [MemberData(nameof(Legal))]
    public void Check_OfALegalSequence_FindsNothing(string what, StreamEvent[] events)
    {
        var grammar = new StreamGrammar();
        foreach (var next in events)
        {
            grammar.IsOver.ShouldBeFalse(what);
            grammar.Check(next).ShouldBeNull(what);
        }
        grammar.IsOver.ShouldBeTrue(what);
    }

    [Fact]
    public void Check_OfGeneratedStreams_FindsNothing()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var grammar = new StreamGrammar();
            foreach (var next in LegalStreams.Make(seed).Events) grammar.Check(next).ShouldBeNull($"seed {seed}");
        }
    }
}
