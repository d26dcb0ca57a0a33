using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Gemini;
using Sluice.Streaming;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

/// <summary>Damaged bytes into every reader, and made-up streams out of the writer. Seeds are fixed.</summary>
public sealed class GeminiFuzzTests
{
    private const string Request = """
        {"contents":[{"role":"user","parts":[{"text":"hé"},{"inlineData":{"mimeType":"image/png","data":"AA=="}},{"fileData":{"fileUri":"https://a/b.png"}}]},
          {"role":"model","parts":[{"text":"t","thought":true,"thoughtSignature":"s"},{"functionCall":{"name":"f","args":{"a":[1,{}]}}},{"toolCall":{"toolType":"X","args":{}}},{"executableCode":{"code":"x"}}]},
          {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"x"},"parts":[{"inlineData":{"mimeType":"image/png","data":"AA=="}}]}}]}],
         "systemInstruction":{"parts":[{"text":"s"}]},"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true}}}}]},{"googleSearch":{}}],
         "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"generationConfig":{"maxOutputTokens":5,"temperature":0.5,"responseSchema":{"type":"OBJECT"},"thinkingConfig":{"thinkingBudget":-1}}}
        """;

    private const string Answer = """
        {"candidates":[{"content":{"parts":[{"text":"Één zin."},{"functionCall":{"name":"f","args":{"a":1},"partialArgs":[{"jsonPath":"$.a[0].b","stringValue":"x"}],"willContinue":false}},{"inlineData":{"mimeType":"audio/wav","data":"AA=="}}],"role":"model"},
          "finishReason":"STOP","index":0,"logprobsResult":{"chosenCandidates":[{"token":"a","logProbability":-1}],"topCandidates":[{"candidates":[]}]},
          "groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],"groundingSupports":[{"segment":{"startIndex":2,"endIndex":5,"text":"n"},"groundingChunkIndices":[0]}]}}],
         "usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4,"totalTokenCount":7,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":1}]},"modelVersion":"m","responseId":"r","createTime":"2026-02-15T07:50:39.178410Z"}
        """;

    [Fact]
    public void Readers_DamagedBytes_GiveAValueOrAnError()
    {
        var random = new Random(20261120);
        var counting = new GeminiCountTokensFormat();
        var embedding = new GeminiEmbedFormat();
        for (int round = 0; round < 4000; round++)
        {
            byte[] request = Damage(Request, random), answer = Damage(Answer, random);
            var wire = new WireRequest { Path = "/v1beta/models/m:generateContent", Body = request };
            var read = Format.DecodeRequest(wire);
            if (read.IsSuccess)
            {
                JsonDocument.Parse(Encode(read.Value, Context()));
                JsonDocument.Parse(Encode(read.Value, Foreign()));
            }
            counting.DecodeRequest(wire);
            counting.DecodeCount(answer);
            embedding.DecodeRequest(wire);
            embedding.DecodeResponse(answer, new EmbeddingRequest { Model = "m", Inputs = [] });
            Format.DecodeError(500, answer).Message.ShouldNotBeNull();
            Format.CreateTap(true).Observe(StreamFrame.OfData(answer));
            var whole = Format.DecodeResponse(answer, Context());
            if (whole.IsSuccess) JsonDocument.Parse(EncodeAnswer(whole.Value, Foreign()));
            var events = new List<StreamEvent>();
            var decoder = Format.CreateStreamDecoder(Context());
            decoder.Decode(StreamFrame.OfData(Bytes(Answer)), events);
            decoder.Decode(StreamFrame.OfData(answer), events);
            decoder.Decode(StreamFrame.OfData(Damage(Answer, random)), events);
            decoder.Complete(events);
            Check(events);
            EncodeStream(events);
        }
    }

    [Fact]
    public void Encoder_MadeUpStreams_ReadBackAsTheyWereMeant()
    {
        var random = new Random(7);
        for (int round = 0; round < 1500; round++)
        {
            var events = MakeUp(random);
            Check(events);
            var meant = Fold(events);

            string sse = EncodeStream(events, Foreign());
            var told = Fold(DecodeStream(sse));

            foreach (string frame in sse.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)) JsonDocument.Parse(frame["data: ".Length..]);
            told.IsComplete.ShouldBe(meant.IsComplete);
            if (!meant.IsComplete) continue;
            foreach (var (candidate, other) in meant.ToResponse().Candidates.Zip(told.ToResponse().Candidates))
            {
                Text<TextPart>(other, p => p.Text).ShouldBe(Text<TextPart>(candidate, p => p.Text));
                Text<ReasoningPart>(other, p => p.Text).ShouldBe(Text<ReasoningPart>(candidate, p => p.Text));
                Text<ToolCallPart>(other, p => $"{p.CallId} {p.Name} {p.Arguments};").ShouldBe(Text<ToolCallPart>(candidate, p => $"{p.CallId} {p.Name} {p.Arguments};"));
            }
        }
    }

    private static string Text<T>(Candidate candidate, Func<T, string> text) => string.Concat(candidate.Parts.OfType<T>().Select(text));

    private static byte[] Damage(string json, Random random)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        int kind = random.Next(4);
        if (kind == 0) return bytes[..random.Next(bytes.Length)];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Length);
            if (kind == 1) bytes[at] = (byte)random.Next(256);
            else if (kind == 2) bytes[at] = "{}[]\",:0123456789ntf\\ "u8[random.Next(22)];
            else bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(30))..]];
            if (bytes.Length == 0) break;
        }
        return bytes;
    }

    // A legal sequence with parts that overlap, of one or two candidates, which may break off.
    private static List<StreamEvent> MakeUp(Random random)
    {
        var events = new List<StreamEvent> { new ResponseStarted { Id = "r", Model = "m" } };
        int candidates = random.Next(1, 3);
        var open = new List<(int Candidate, int Index, Part Part)>();
        int[] next = new int[candidates];
        for (int step = random.Next(1, 25); step > 0; step--)
        {
            int what = random.Next(5);
            if (what == 0 || open.Count == 0)
            {
                int candidate = random.Next(candidates);
                Part part = random.Next(4) switch
                {
                    0 => new ReasoningPart(""),
                    1 => new ToolCallPart($"c{candidate}{next[candidate]}", "f", ""),
                    2 => new RefusalPart(""),
                    _ => new TextPart(random.Next(2) == 0 ? "" : "a"),
                };
                if (part is RefusalPart) part = new TextPart("");
                open.Add((candidate, next[candidate], part));
                events.Add(new PartStarted(candidate, next[candidate]++, part));
            }
            else if (what == 1)
            {
                var last = open[random.Next(open.Count)];
                open.Remove(last);
                Close(events, last);
            }
            else if (what == 2)
            {
                events.Add(random.Next(2) == 0 ? KeepAlive.Instance : new UsageReported(new Usage { InputTokens = step }));
            }
            else
            {
                var (candidate, index, part) = open[random.Next(open.Count)];
                if (part is TextPart) events.Add(new PartDelta(candidate, index, new TextDelta("é\n\"")));
                else if (part is ReasoningPart) events.Add(new PartDelta(candidate, index, new ReasoningDelta("hm ")));
            }
        }
        if (random.Next(6) == 0)
        {
            events.Add(new StreamFailed(new GatewayError(ErrorKind.Overloaded, "busy")));
            return events;
        }
        foreach (var part in open) Close(events, part);
        for (int i = 0; i < candidates; i++) events.Add(new CandidateFinished(i, FinishReason.Stop));
        events.Add(new ResponseEnded());
        return events;
    }

    private static void Close(List<StreamEvent> events, (int Candidate, int Index, Part Part) part)
    {
        if (part.Part is ToolCallPart && part.Index % 2 == 0)
        {
            events.Add(new PartDelta(part.Candidate, part.Index, new ArgumentsDelta("{\"a\":")));
            events.Add(new PartDelta(part.Candidate, part.Index, new ArgumentsDelta("1}")));
        }
        events.Add(new PartEnded(part.Candidate, part.Index));
    }
}
