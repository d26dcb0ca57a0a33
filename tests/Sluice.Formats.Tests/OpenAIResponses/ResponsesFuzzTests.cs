using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIResponses;

/// <summary>Bytes of every kind give an answer or a clear error; events of every legal order give a legal stream.</summary>
public sealed class ResponsesFuzzTests
{
    private const int Rounds = 4000;

    private static readonly string[] Requests =
    [
        """{"model":"m","instructions":"Be terse.","input":[{"role":"user","content":[{"type":"input_text","text":"hé"},{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"low"}]},{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"A"}],"encrypted_content":"c2x1aWNlLnYxOmdlbWluaStuZXh0Ong="},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"x"}]}],"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]},"text":{"format":{"type":"json_schema","name":"n","schema":{}}},"include":["reasoning.encrypted_content"]}""",
    ];

    private static readonly string[] Answers =
    [
        """{"id":"r","object":"response","created_at":1.5,"status":"completed","model":"m","output":[{"type":"reasoning","id":"rs","summary":[],"content":[{"type":"reasoning_text","text":"t"}]},{"type":"message","id":"msg","role":"assistant","status":"completed","content":[{"type":"output_text","text":"hé","annotations":[{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":1}],"logprobs":[{"token":"h","logprob":-1,"bytes":[1],"top_logprobs":[]}]}]},{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":"{}"},{"type":"web_search_call","id":"ws","status":"completed","action":{"type":"search"}}],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"input_tokens_details":{"cached_tokens":1},"output_tokens_details":{"reasoning_tokens":1}}}""",
    ];

    private static IEnumerable<Exchange> Recorded => Corpus.Of("openai-responses");

    [Fact]
    public void DecodeRequest_MutatedBytes_AnswersOrRefuses() => Mutate([.. Requests, .. Recorded.Select(e => e.RequestBody).OfType<string>().Where(b => b.Length < 20_000)], bytes =>
    {
        var read = Responses.Format.DecodeRequest(new WireRequest { Body = bytes });
        if (read.IsSuccess) Responses.Write(read.Value, Responses.Context(client: WireFormatId.OpenAIResponses));
        else read.Error.StatusOrDefault.ShouldBe(400);
    });

    [Fact]
    public void DecodeResponse_MutatedBytes_AnswersOrRefuses() => Mutate([.. Answers, .. Recorded.Where(e => e.Status == 200).Select(e => e.ResponseBody).OfType<string>().Where(b => b.Length < 20_000)], bytes =>
    {
        var read = Responses.Format.DecodeResponse(bytes, Responses.Context());
        if (read.IsSuccess) Responses.Write(read.Value);
        Responses.Format.CreateTap(stream: false).Observe(StreamFrame.OfData(bytes));
        Responses.Format.DecodeError(500, bytes).Message.ShouldNotBeNullOrEmpty();
    });

    [Fact]
    public void DecodeStream_MutatedBytes_IsALegalSequence()
    {
        string made = Responses.Stream(Generate(new Random(1)));
        Mutate([made, .. Recorded.Select(e => e.Sse).OfType<string>().Where(b => b.Length < 30_000)], bytes =>
        {
            var events = Responses.Events([bytes]); // checks the grammar
            Responses.Fold(events);
            Responses.Stream(events);
            var tap = Responses.Format.CreateTap(stream: true);
            var reader = new SseFrameReader();
            reader.Append(bytes);
            while (reader.TryRead(out var frame)) tap.Observe(frame);
        });
    }

    [Fact]
    public void EncodeStream_AnyLegalEvents_IsALegalStreamOfTheSameAnswer()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var events = Generate(new Random(seed));
            var grammar = new StreamGrammar();
            foreach (var next in events) grammar.Check(next).ShouldBeNull($"the generator, seed {seed}");

            string stream = Responses.Stream(events, Responses.Context(upstream: WireFormatId.AnthropicMessages));

            ResponsesStreamRules.Check(Responses.Data(stream)).ShouldBeNull($"seed {seed}\n{stream}");
            var wanted = Outline(Responses.Fold(events).Candidates.FirstOrDefault(c => c.Index == 0) ?? new Candidate());
            if (events[^1] is not ResponseEnded) continue;
            var got = Responses.Fold(Responses.Events(stream)).Candidates is [var first, ..] ? first : new Candidate();
            Outline(got).ShouldBe(wanted, $"seed {seed}");
        }
    }

    // What must arrive whatever the order: words, refusals, reasoning, calls.
    private static string Outline(Candidate candidate) => string.Join('|',
        string.Concat(candidate.Parts.OfType<TextPart>().Select(p => p.Text)),
        string.Concat(candidate.Parts.OfType<RefusalPart>().Select(p => p.Text)),
        string.Concat(candidate.Parts.OfType<ReasoningPart>().Select(p => p.Text.Replace("\n\n", "", StringComparison.Ordinal))),
        string.Join(',', candidate.Parts.OfType<ToolCallPart>().Select(p => $"{p.CallId}:{p.Name}({p.Arguments})")));

    private static List<StreamEvent> Generate(Random random)
    {
        var events = new List<StreamEvent> { new ResponseStarted { Id = "id", Model = "m" } };
        var open = new List<(int Index, Part Part)>();
        int next = 0;
        for (int steps = random.Next(0, 40); steps > 0; steps--)
        {
            switch (random.Next(0, 8))
            {
                case 0 or 1:
                    var part = NewPart(random, next);
                    open.Add((next, part));
                    events.Add(new PartStarted(0, next++, part));
                    break;
                case 2 when open.Count > 0:
                    int ended = random.Next(open.Count);
                    events.Add(new PartEnded(0, open[ended].Index));
                    open.RemoveAt(ended);
                    break;
                case 3:
                    events.Add(random.Next(3) switch { 0 => KeepAlive.Instance, 1 => new UsageReported(new Usage { InputTokens = 1, OutputTokens = steps }), _ => new RawEvent(WireFormatId.AnthropicMessages, "x", RawJson.FromText("{}")) });
                    break;
                default:
                    if (open.Count == 0) break;
                    var (index, target) = open[random.Next(open.Count)];
                    events.Add(new PartDelta(0, index, NewDelta(random, target)));
                    break;
            }
            if (random.Next(60) != 0) continue;
            events.Add(new StreamFailed(new GatewayError(ErrorKind.Network, "cut")));
            return events;
        }
        foreach (var (index, _) in open) events.Add(new PartEnded(0, index));
        if (random.Next(10) > 0) events.Add(new CandidateFinished(0, new FinishReason(random.Next(4) switch { 0 => "length", 1 => "tool_calls", 2 => "content_filter", _ => "stop" })));
        events.Add(random.Next(10) == 0 ? new StreamFailed(new GatewayError(ErrorKind.Upstream, "late")) : new ResponseEnded());
        return events;
    }

    private static Part NewPart(Random random, int index) => random.Next(8) switch
    {
        0 => new ReasoningPart(""),
        1 => new ReasoningPart("") { IsRedacted = true, Signature = new Signature("cg==", "anthropic") },
        2 => new ToolCallPart($"call_{index}", "f", "") { Signature = random.Next(2) == 0 ? new Signature("cg==", "gemini") : null },
        3 => new ToolCallPart($"call_{index}", "g", "") { IsCustom = true },
        4 => new RefusalPart(random.Next(2) == 0 ? "" : "No. "),
        5 => new ServerToolCallPart("s", "web_search", default),
        _ => new TextPart(random.Next(3) == 0 ? "Hi " : ""),
    };

    private static Delta NewDelta(Random random, Part part) => part switch
    {
        ReasoningPart when random.Next(4) == 0 => new SignatureDelta(new Signature("cg==", "anthropic")),
        ReasoningPart => new ReasoningDelta("think "),
        ToolCallPart or ServerToolCallPart => new ArgumentsDelta(random.Next(3) == 0 ? "" : "1"),
        RefusalPart => new RefusalDelta("sorry "),
        _ => random.Next(6) switch
        {
            0 => new SignatureDelta(new Signature("cg==", "gemini")),
            1 => new CitationDelta(new Citation { Kind = "url", Url = random.Next(2) == 0 ? "https://example.com" : null }),
            2 => new LogprobsDelta([new TokenLogprob("a", -1)]),
            3 => new TextDelta(""),
            _ => new TextDelta("word \"é\"\n"),
        },
    };

    private static void Mutate(string[] seeds, Action<byte[]> use)
    {
        var random = new Random(7);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(seeds[round % seeds.Length]);
            for (int n = random.Next(1, 4); n > 0 && bytes.Length > 0; n--) bytes = Mutate(bytes, random);
            try
            {
                use(bytes);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"round {round}: {Encoding.UTF8.GetString(bytes)[..Math.Min(3000, bytes.Length)]}", e);
            }
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length), length = Math.Min(random.Next(1, 40), bytes.Length - at);
        string[] pieces = ["null", "{}", "[]", "\"\"", "-1", "1e400", "99999999999999999999", "true", "\"\\ud800\"", "\"$plain\":true,", "{\"a\":", "[[[[", "\0", "\n\n", "\"type\":\"message\""];
        switch (random.Next(6))
        {
            case 0: bytes[at] = (byte)random.Next(256); return bytes;
            case 1: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2: return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 3: return bytes[..at];
            case 4: return [.. bytes[..at], .. Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]), .. bytes[at..]];
            default:
                // A whole value is replaced by another kind, which keeps the document JSON and its types wrong.
                int colon = Array.IndexOf(bytes, (byte)':', at);
                int end = colon < 0 ? -1 : Array.FindIndex(bytes, colon, b => b is (byte)',' or (byte)'}' or (byte)']');
                return end < 0 ? bytes : [.. bytes[..(colon + 1)], .. Encoding.UTF8.GetBytes(pieces[random.Next(10)]), .. bytes[end..]];
        }
    }
}
