using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>
/// Whatever the upstream's dialect is, its decoder gives a sequence that <see cref="StreamGrammar"/> allows. So: any such sequence, written by any client
/// dialect's encoder, must be a legal stream of that dialect and say the same. <c>SLUICE_GRAMMAR_STREAMS</c> sets how many are tried.
/// </summary>
public sealed class StreamGrammarTests
{
    private static readonly int Streams = int.TryParse(Environment.GetEnvironmentVariable("SLUICE_GRAMMAR_STREAMS"), out int streams) ? streams : 3000;

    private static readonly WireFormatId OtherFormat = new("another-format");

    public static TheoryData<string> Dialects { get; } = [.. Dialect.All.Select(d => d.Name)];

    [Fact]
    public void Generate_AnySeed_IsLegal()
    {
        foreach (var wildness in Enum.GetValues<Wildness>())
        {
            for (int seed = 0; seed < Streams; seed++)
            {
                var grammar = new StreamGrammar();
                foreach (var e in EventGenerator.Generate(seed, wildness)) grammar.Check(e).ShouldBeNull($"{wildness} {seed}");
                grammar.IsOver.ShouldBeTrue();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Encode_CalmStreams_AreLegalAndSayTheSame(string name) => Try(name, Wildness.Calm);

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Encode_WildStreams_AreLegal(string name) => Try(name, Wildness.Wild);

    [Fact]
    public void Dialects_AllServerFormats_HaveAJudge() =>
        WireFormats.All.OfType<IChatServerFormat>().Select(f => f.Id).ShouldBe(Dialect.All.Select(d => d.Format).Distinct(), ignoreOrder: true);

    private static void Try(string name, Wildness wildness)
    {
        var dialect = Dialect.All.Single(d => d.Name == name);
        var faults = new List<string>();
        int failed = 0;
        for (int seed = 0; seed < Streams; seed++)
        {
            if (Fault(dialect, seed, wildness) is not { } fault) continue;
            failed++;
            if (faults.Count < 5) faults.Add($"seed {seed}: {fault}");
        }
        failed.ShouldBe(0, string.Join("\n\n", faults));
    }

    private static string? Fault(Dialect dialect, int seed, Wildness wildness)
    {
        var events = EventGenerator.Generate(seed, wildness);
        bool usageAsked = seed % 2 == 0;
        string body = "";
        try
        {
            body = Write(dialect, events, usageAsked);
            var judge = dialect.Judge(usageAsked);
            judge.Read(body);
            var folder = Fold(events);
            Compare(dialect, folder, judge.Seen, wildness, usageAsked);
            if (wildness == Wildness.Calm && folder.Error is null && ReasoningStandsAlone(events)) ReadBack(dialect, body, judge.Seen);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"{(e is GrammarFaultException or ShouldAssertException ? e.Message : e)}\n{string.Join('\n', events.Select(Short))}\n{body}";
        }
    }

    private static string Short(StreamEvent e) => e is UsageReported ? nameof(UsageReported) : e.ToString();

    private static void Compare(Dialect dialect, StreamFolder folder, Seen seen, Wildness wildness, bool usageAsked)
    {
        var answer = folder.ToResponse();
        bool gaveUp = dialect.FailsOnError && answer.Candidates.Any(c => c.Index == 0 && (c.FinishReason == FinishReason.Error || c.FinishReason == FinishReason.MalformedToolCall));
        seen.IsComplete.ShouldBe(folder.Error is null && !gaveUp, "complete");
        // Of a prompt that is too long, dialects say so in words of their own first.
        if (folder.Error is { } error) (error.Kind == ErrorKind.ContextTooLong ? seen.Error?[^Math.Min(error.Message.Length, seen.Error.Length)..] : seen.Error).ShouldBe(error.Message);
        if (folder.Error is not null || wildness == Wildness.Wild) return;
        seen.Content().ShouldBe(Seen.Of(answer, dialect.Traits).Content());
        if (!gaveUp && answer.Usage is { OutputTokens: { } output, InputTokens: not null }) seen.OutputTokens.ShouldBe(dialect.TellsUsage(usageAsked) ? output : null, "usage");
    }

    // What we wrote, our own reader of the same dialect must understand as the judge did.
    private static void ReadBack(Dialect dialect, string body, Seen seen)
    {
        if (dialect.Style != StreamStyle.Default || WireFormats.Find<IChatClientFormat>(dialect.Format) is not { } client) return;
        var decoder = client.CreateStreamDecoder(Context(dialect, usageAsked: true));
        var reader = FrameReaders.Create(client.Framing);
        var events = new List<StreamEvent>();
        reader.Append(Encoding.UTF8.GetBytes(body)).ShouldBeTrue();
        while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        while (reader.TryReadLast(out var frame)) decoder.Decode(frame, events);
        decoder.Complete(events);
        var grammar = new StreamGrammar();
        foreach (var e in events) grammar.Check(e).ShouldBeNull("reading back");
        var folder = Fold(events);
        // An answer without a word is none, unless it says why it ended.
        if (folder.Error?.Code == "empty_answer" && seen.Content().Length == 0) return;
        folder.IsComplete.ShouldBe(seen.IsComplete, $"reading back: {folder.Error}");
        if (seen.IsComplete) Seen.Of(folder.ToResponse(), dialect.Traits).Content().ShouldBe(seen.Content(), "reading back");
    }

    // Chunks of Chat Completions cannot say to which text a signature belongs when something else came between: reading them back is only asked where nothing did.
    private static bool ReasoningStandsAlone(List<StreamEvent> events)
    {
        var open = new HashSet<(int, int)>();
        var reasoning = new HashSet<(int, int)>();
        foreach (var e in events)
        {
            if (e is PartStarted start)
            {
                if (start.Part is ReasoningPart) reasoning.Add((start.Candidate, start.Index));
                open.Add((start.Candidate, start.Index));
                if (open.Count(o => o.Item1 == start.Candidate) > 1 && open.Overlaps(reasoning)) return false;
            }
            else if (e is PartEnded end)
            {
                open.Remove((end.Candidate, end.Index));
            }
        }
        return true;
    }

    private static StreamFolder Fold(IEnumerable<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var e in events) folder.Add(e);
        return folder;
    }

    private static string Write(Dialect dialect, IEnumerable<StreamEvent> events, bool usageAsked)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = WireFormats.Find<IChatServerFormat>(dialect.Format)!.CreateStreamEncoder(Context(dialect, usageAsked));
        foreach (var e in events) encoder.Encode(e, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static TranslationContext Context(Dialect dialect, bool usageAsked) => new()
    {
        ClientFormat = dialect.Format,
        UpstreamFormat = OtherFormat,
        UpstreamModel = "upstream-model",
        Request = new ChatRequest { Model = "model-x", Messages = [], Stream = true, IncludeUsage = usageAsked ? true : null },
        StreamStyle = dialect.Style,
        Ids = new SequentialIds(),
        Time = new ManualTime(),
    };
}
