using FsCheck;
using FsCheck.Fluent;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;

namespace Sluice.Formats.Tests.Streaming;

/// <summary>A stream of events that the grammar allows.</summary>
public sealed record LegalStream(IReadOnlyList<StreamEvent> Events)
{
    public override string ToString() => string.Join("\n", Events);
}

/// <summary>Makes legal streams at random: parts of every kind that overlap, several candidates, late usage, pings, failures at any place.</summary>
public static class LegalStreams
{
    public static Gen<LegalStream> Generator { get; } = Gen.Choose(0, int.MaxValue - 1).Select(Make);

    /// <summary>What the stream says, in one text to compare: parts by candidate and place, with reasons, usage and failure.</summary>
    public static string Describe(IEnumerable<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var next in events) folder.Add(next);
        var answer = folder.ToResponse();
        var candidates = answer.Candidates.Select(c => $"{c.Index} {c.FinishReason} {string.Join(" / ", c.Parts.Select(Describe))}");
        return $"{string.Join("\n", candidates)}\n{answer.Usage?.OutputTokens} {folder.IsComplete} {folder.Error?.Message}";
    }

    private static string Describe(Part part) => part switch
    {
        TextPart p => $"text {p.Text}",
        ReasoningPart p => $"reasoning {p.Text} {p.Signature}",
        ToolCallPart p => $"call {p.CallId} {p.Name} {p.Arguments}",
        RefusalPart p => $"refusal {p.Text}",
        _ => part.ToString(),
    };

    /// <summary>The stream of a seed: the same one every time.</summary>
    public static LegalStream Make(int seed)
    {
        var random = new Random(seed);
        var events = new List<StreamEvent> { new ResponseStarted { Id = "r1", Model = "m" } };
        int candidates = random.Next(4) == 0 ? 2 : 1;
        var open = new List<(int Candidate, int Index, string Kind)>();
        int[] started = new int[candidates];
        int[] wanted = [.. Enumerable.Range(0, candidates).Select(_ => random.Next(5))];
        bool fails = random.Next(6) == 0;
        for (int steps = random.Next(60); steps > 0; steps--) Step(random, events, open, started, wanted);
        if (fails)
        {
            events.Add(new StreamFailed(new GatewayError(ErrorKind.Network, "broke off")));
            return new LegalStream(events);
        }
        while (open.Count > 0) End(random, events, open);
        for (int i = 0; i < candidates; i++) events.Add(new CandidateFinished(i, random.Next(2) == 0 ? FinishReason.Stop : FinishReason.ToolCalls));
        if (random.Next(2) == 0) events.Add(new UsageReported(new Usage { InputTokens = random.Next(100), OutputTokens = random.Next(100) }));
        events.Add(new ResponseEnded());
        return new LegalStream(events);
    }

    private static void Step(Random random, List<StreamEvent> events, List<(int Candidate, int Index, string Kind)> open, int[] started, int[] wanted)
    {
        int candidate = random.Next(started.Length);
        switch (random.Next(8))
        {
            case 0 or 1 when started[candidate] < wanted[candidate]:
                var (kind, part) = Part(random, $"call_{candidate}_{started[candidate]}");
                open.Add((candidate, started[candidate], kind));
                events.Add(new PartStarted(candidate, started[candidate]++, part));
                break;
            case 2 when open.Count > 0:
                End(random, events, open);
                break;
            case 3 when random.Next(3) == 0:
                events.Add(KeepAlive.Instance);
                break;
            case 4 when random.Next(3) == 0:
                events.Add(new UsageReported(new Usage { InputTokens = 1, OutputTokens = random.Next(9) }));
                break;
            case > 3 when open.Count > 0:
                var target = open[random.Next(open.Count)];
                events.Add(new PartDelta(target.Candidate, target.Index, Delta(random, target.Kind)));
                break;
            default:
                break;
        }
    }

    private static void End(Random random, List<StreamEvent> events, List<(int Candidate, int Index, string Kind)> open)
    {
        int at = random.Next(open.Count);
        var (candidate, index, kind) = open[at];
        if (kind == "call" && random.Next(2) == 0) events.Add(new PartDelta(candidate, index, new ArgumentsDelta("")));
        events.Add(new PartEnded(candidate, index));
        open.RemoveAt(at);
    }

    private static (string Kind, Part Part) Part(Random random, string callId) => random.Next(5) switch
    {
        0 => ("call", new ToolCallPart(callId, "tool", "")),
        1 => ("reasoning", new ReasoningPart("")),
        2 => ("refusal", new RefusalPart("")),
        3 => ("text", new TextPart("begun ")),
        _ => ("text", new TextPart("")),
    };

    private static Delta Delta(Random random, string kind) => kind switch
    {
        "call" => new ArgumentsDelta(random.Next(3) == 0 ? "" : "{\"a\":1}"[..random.Next(8)]),
        "reasoning" => random.Next(4) == 0 ? new SignatureDelta(new Signature($"sig{random.Next(9)}", "anthropic")) : new ReasoningDelta($"think{random.Next(9)} "),
        "refusal" => new RefusalDelta($"no{random.Next(9)} "),
        _ => new TextDelta(random.Next(5) == 0 ? "" : $"wörd{random.Next(9)} "),
    };
}
