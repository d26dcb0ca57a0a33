using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>How wild a generated stream is.</summary>
internal enum Wildness
{
    /// <summary>Texts of one candidate follow each other, arguments are JSON: what is told can be compared.</summary>
    Calm,

    /// <summary>Every overlap and every kind of part that the grammar allows: only the form of what is written can be judged.</summary>
    Wild,
}

/// <summary>Makes event sequences that are legal under <see cref="StreamGrammar"/>, the same for the same seed.</summary>
internal sealed class EventGenerator(int seed, Wildness wildness)
{
    private static readonly string[] Pieces =
        ["Hello", " world", "", ".", "\n\n", "日本語", "😀", "é", "\u2028", "</think>", "data: [DONE]", "\"q\\\"", "\t", "\u0001", "<b>&", "the quick brown fox jumps over the lazy dog", "event: x\n", "{}", "\r\n", " "];

    private static readonly string[] Arguments =
        ["", "{}", "{\"city\":\"Paris\"}", "{\"a\":[1,2,{\"b\":null}],\"s\":\"\\u00e9\\n\\\"x\\\"\",\"e\":\"😀\"}", "{ \"n\" : 1.50e3 , \"big\": 12345678901234567890 }", "{\"nested\":{\"deep\":{\"er\":[[[]]]}},\"t\":true}", "{\"\":\"\"}"];

    private static readonly string[] Families = ["anthropic", "gemini", "openai", "openrouter", "mistral"];

    private readonly Random _random = new(seed);
    private readonly List<StreamEvent> _events = [];
    private int _ids;

    /// <summary>The sequence of a seed.</summary>
    public static List<StreamEvent> Generate(int seed, Wildness wildness) => new EventGenerator(seed, wildness).Run();

    private List<StreamEvent> Run()
    {
        if (Chance(3)) _events.Add(KeepAlive.Instance);
        if (Chance(2)) return [.. _events, Failure()];
        _events.Add(Started());
        int candidates = Chance(8) ? _random.Next(2, 4) : 1;
        var scripts = Enumerable.Range(0, candidates).Select(c => new Script(Parts(c))).ToList();
        while (scripts.Exists(s => !s.IsOver))
        {
            var live = scripts.FindAll(s => !s.IsOver);
            _events.Add(live[_random.Next(live.Count)].Next(_random, wildness));
            Between();
        }
        bool late = Chance(50);
        if (!late && Chance(70)) _events.Add(Usage());
        foreach (int c in Enumerable.Range(0, candidates).OrderBy(_ => _random.Next())) Finish(c);
        if (late) _events.Add(Usage());
        _events.Add(Chance(10) ? Failure() : new ResponseEnded());
        return Chance(12) ? [.. _events.Take(_random.Next(1, _events.Count)), Failure()] : _events;
    }

    private void Between()
    {
        if (Chance(4)) _events.Add(KeepAlive.Instance);
        if (Chance(4)) _events.Add(Usage());
        if (Chance(3)) _events.Add(new RawEvent(new WireFormatId("another-format"), "odd_event", RawJson.FromText("{\"odd\":true}")));
    }

    private void Finish(int candidate)
    {
        if (Chance(4)) return;
        bool calls = _events.Exists(e => e is PartStarted { Part: ToolCallPart } p && p.Candidate == candidate);
        FinishReason[] reasons = [FinishReason.Stop, FinishReason.Length, FinishReason.StopSequence, FinishReason.ContentFilter, FinishReason.Refusal, FinishReason.Pause, FinishReason.MalformedToolCall, FinishReason.Error, new("odd_reason")];
        var reason = calls && Chance(80) ? FinishReason.ToolCalls : reasons[Chance(50) ? 0 : _random.Next(reasons.Length)];
        _events.Add(new CandidateFinished(candidate, reason) { StopSequence = reason == FinishReason.StopSequence && Chance(70) ? "END" : null });
    }

    private ResponseStarted Started() => new()
    {
        Id = Chance(70) ? $"answer-{seed}" : "",
        Model = Chance(80) ? "model-x" : "",
        CreatedAt = Chance(50) ? DateTimeOffset.FromUnixTimeSeconds(1_750_000_000) : null,
        ServiceTier = Chance(20) ? "default" : null,
        SystemFingerprint = Chance(20) ? "fp_1" : null,
    };

    private UsageReported Usage()
    {
        long input = _random.Next(1, 5000), output = _random.Next(0, 5000);
        return new UsageReported(new Usage
        {
            InputTokens = Chance(95) ? input : null,
            OutputTokens = output,
            TotalTokens = Chance(50) ? input + output : null,
            CacheReadTokens = Chance(50) ? input / 2 : null,
            CacheWriteTokens = Chance(30) ? input / 4 : null,
            ReasoningTokens = Chance(50) ? output / 2 : null,
        });
    }

    private StreamFailed Failure()
    {
        ErrorKind[] kinds = [ErrorKind.Overloaded, ErrorKind.RateLimited, ErrorKind.MalformedAnswer, ErrorKind.Network, ErrorKind.Upstream, ErrorKind.ContextTooLong, ErrorKind.QuotaSpent, new("odd_kind")];
        return new StreamFailed(new GatewayError(kinds[_random.Next(kinds.Length)], "it \"broke\"\nhere 😀") { Code = Chance(30) ? "some_code" : null, Type = Chance(30) ? "some_type" : null });
    }

    private List<List<StreamEvent>> Parts(int candidate)
    {
        var parts = new List<List<StreamEvent>>();
        int count = _random.Next(0, 6), index = _random.Next(0, 2);
        for (int i = 0; i < count; i++)
        {
            parts.Add(Part(candidate, index));
            index += Chance(80) ? 1 : 2;
        }
        return parts;
    }

    private List<StreamEvent> Part(int candidate, int index)
    {
        var (part, deltas) = _random.Next(wildness == Wildness.Wild ? 15 : 10) switch
        {
            < 3 => Text(),
            < 5 => Reasoning(),
            5 => Refusal(),
            < 10 => Call(),
            10 => (new ServerToolCallPart(NextId("srv_"), "web_search", RawJson.FromText("{\"query\":\"x\"}")), []),
            11 => (new ServerToolResultPart(NextId("srv_"), "web_search_tool_result", RawJson.FromText("[]")), []),
            12 => (new RawPart(new WireFormatId("another-format"), "odd_part", RawJson.FromText("{\"type\":\"odd_part\"}")), []),
            13 => (new MediaPart(MediaKind.Audio, new InlineMedia("") { MediaType = "audio/wav" }), [new MediaDelta("AAAA", "a "), new MediaDelta("", "word"), new MediaDelta("AAA=", "")]),
            _ => (new MediaPart(MediaKind.Image, new InlineMedia("iVBORw0KGgo=") { MediaType = "image/png" }), new List<Delta>()),
        };
        if (wildness == Wildness.Wild && Chance(5)) deltas.Add(new RawDelta(new WireFormatId("another-format"), "odd_delta", RawJson.FromText("1")));
        List<StreamEvent> events = [new PartStarted(candidate, index, part), .. deltas.Select(d => new PartDelta(candidate, index, d)), new PartEnded(candidate, index)];
        if (Chance(15)) events[^1] = new PartEnded(candidate, index) { Final = Folded(events) };
        return events;
    }

    // What a format that repeats the complete part says at its end.
    private static Part Folded(List<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var e in events) folder.Add(e);
        return folder.ToResponse().Candidates[0].Parts[0];
    }

    private (Part Part, List<Delta> Deltas) Text()
    {
        var deltas = Some(() => (Delta)new TextDelta(Piece()));
        if (Chance(15)) deltas.Add(new CitationDelta(new Citation { Kind = "url_citation", Url = "https://example.com/a", Title = "A", CitedText = "a", StartIndex = 0, EndIndex = 1 }));
        if (Chance(10)) deltas.Insert(0, new LogprobsDelta([new TokenLogprob("Hello", -0.25) { Bytes = [72, 101], Top = [new TokenLogprob("Hi", -1.5)] }]));
        return (new TextPart(Chance(20) ? Piece() : "") { Signature = Chance(5) ? Sign() : null }, deltas);
    }

    private (Part Part, List<Delta> Deltas) Refusal() => (new RefusalPart(Chance(20) ? "No" : ""), [new RefusalDelta("I can't"), .. Some(() => (Delta)new RefusalDelta(Piece()))]);

    private (Part Part, List<Delta> Deltas) Reasoning()
    {
        if (Chance(15)) return (new ReasoningPart("") { IsRedacted = true, Signature = Sign() }, []);
        bool summary = Chance(30);
        int paragraph = 0;
        var deltas = Some(() => (Delta)new ReasoningDelta(Piece()) { Paragraph = summary ? paragraph += Chance(30) ? 1 : 0 : null });
        if (Chance(50)) deltas.Add(new SignatureDelta(Sign()));
        return (new ReasoningPart("") { IsSummary = summary, Id = Chance(30) ? NextId("rs_") : null }, deltas);
    }

    private (Part Part, List<Delta> Deltas) Call()
    {
        bool custom = wildness == Wildness.Wild && Chance(10);
        string arguments = wildness == Wildness.Wild && Chance(10) ? "{\"cut\": \"of" : Arguments[_random.Next(Arguments.Length)];
        var deltas = new List<Delta>();
        bool atOnce = Chance(15);
        for (int at = 0; at < arguments.Length && !atOnce;)
        {
            int length = Math.Min(_random.Next(1, 12), arguments.Length - at);
            if (char.IsHighSurrogate(arguments[at + length - 1])) length++;
            deltas.Add(new ArgumentsDelta(arguments.Substring(at, length)));
            at += length;
        }
        if (Chance(10)) deltas.Add(new ArgumentsDelta(""));
        if (Chance(10)) deltas.Add(new SignatureDelta(Sign()));
        return (new ToolCallPart(NextId("call_"), Chance(90) ? "get_weather" : "search-2", atOnce ? arguments : "") { IsCustom = custom }, deltas);
    }

    private Signature Sign() => new(Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes($"signature {_random.Next()}")), Families[_random.Next(Families.Length)]);

    private List<Delta> Some(Func<Delta> make) => [.. Enumerable.Range(0, _random.Next(0, 6)).Select(_ => make())];

    private string Piece() => Pieces[_random.Next(Pieces.Length)];

    private string NextId(string prefix) => $"{prefix}{seed}x{_ids++}";

    private bool Chance(int percent) => _random.Next(100) < percent;

    /// <summary>The parts of one candidate, several of them open at a time.</summary>
    private sealed class Script(List<List<StreamEvent>> parts)
    {
        private readonly List<(List<StreamEvent> Events, int At)> _open = [];
        private int _started;

        public bool IsOver => _started == parts.Count && _open.Count == 0;

        public StreamEvent Next(Random random, Wildness wildness)
        {
            bool mayStart = _started < parts.Count && (_open.Count == 0 || wildness == Wildness.Wild || !_open.Exists(o => Kind(o.Events) == Kind(parts[_started]) && Kind(o.Events) != "call"));
            if (mayStart && (_open.Count == 0 || random.Next(100) < 25))
            {
                var part = parts[_started++];
                _open.Add((part, 1));
                return part[0];
            }
            int which = random.Next(_open.Count);
            var (events, at) = _open[which];
            if (at + 1 == events.Count) _open.RemoveAt(which);
            else _open[which] = (events, at + 1);
            return events[at];
        }

        // Refusals and texts are one string in most dialects: they count as one kind.
        private static string Kind(List<StreamEvent> part) => ((PartStarted)part[0]).Part switch
        {
            ToolCallPart => "call",
            ReasoningPart => "reasoning",
            _ => "text",
        };
    }
}
