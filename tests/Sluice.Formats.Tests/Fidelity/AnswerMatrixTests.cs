using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Formats.Tests.Grammar;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>Every recorded answer through every other dialect: what a client sees is what the provider said, whole and streamed.</summary>
public sealed class AnswerMatrixTests
{
    private static readonly string[] Whole = ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate", "ollama-chat", "mistral-chat"];

    public static TheoryData<string> Targets { get; } = [.. Whole];

    public static TheoryData<string> Dialects { get; } = [.. Dialect.All.Where(d => Whole.Contains(d.Name)).Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void WholeAnswers_InAnotherDialect_SayTheSame(string target)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside the checkout");
        var server = WireFormats.Find<IChatServerFormat>(new WireFormatId(target))!;
        var faults = new List<string>();
        int compared = 0;
        foreach (var format in RecordedAnswers.Formats.Where(f => f.Id.Value != target && f.Id.Value != "bedrock-invoke-anthropic"))
        {
            foreach (var exchange in Corpus.Of(format.Id.Value).Where(e => e is { Status: < 300, ResponseBody: not null }))
            {
                if (RecordedAnswers.Read(format, exchange) is not { } answer) continue;
                var output = new ArrayBufferWriter<byte>();
                server.EncodeResponse(answer, RecordedAnswers.Context(server.Id, format.Id), output);
                compared++;
                var said = PlainAnswers.Read(format.Id.Value, JsonDocument.Parse(exchange.ResponseBody!).RootElement);
                var came = PlainAnswers.Read(target, JsonDocument.Parse(output.WrittenMemory).RootElement);
                if (Difference(said, came) is { } difference) faults.Add($"{exchange.Id}: {difference}");
            }
        }
        compared.ShouldBeGreaterThan(200);
        faults.Count.ShouldBe(0, string.Join("\n\n", faults.Take(8)));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void StreamedAnswers_InAnotherDialect_AreLegalAndSayTheSame(string target)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside the checkout");
        var dialect = Dialect.All.Single(d => d.Name == target);
        var server = WireFormats.Find<IChatServerFormat>(dialect.Format)!;
        var faults = new List<string>();
        foreach (var (id, format, events) in RecordedAnswers.Streamed().Where(s => s.Format.Id != dialect.Format))
        {
            var encoder = server.CreateStreamEncoder(RecordedAnswers.Context(server.Id, format.Id));
            var output = new ArrayBufferWriter<byte>();
            var folder = new StreamFolder();
            foreach (var e in events)
            {
                encoder.Encode(e, output);
                folder.Add(e);
            }
            try
            {
                var judge = dialect.Judge(true);
                judge.Read(Encoding.UTF8.GetString(output.WrittenSpan));
                if (judge.Seen.IsComplete != folder.IsComplete) faults.Add($"{id}: complete {judge.Seen.IsComplete}");
                else if (folder.IsComplete && Seen.Of(folder.ToResponse(), dialect.Traits).Content() is var said && judge.Seen.Content() != said) faults.Add($"{id}:\n  said {said}\n  came {judge.Seen.Content()}");
            }
            catch (GrammarFaultException e)
            {
                faults.Add($"{id}: {e.Message}");
            }
        }
        faults.Count.ShouldBe(0, string.Join("\n\n", faults.Take(8)));
    }

    // Ids are each dialect's own matter; who said it as a refusal too.
    private static string? Difference(Seen said, Seen came)
    {
        var (a, b) = (said.Candidate(0), came.Candidate(0));
        string[] wanted = [Squeezed(a.Text), Squeezed(a.Reasoning), Calls(a)], got = [Squeezed(b.Text), Squeezed(b.Reasoning), Calls(b)];
        string[] names = ["text", "reasoning", "calls"];
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] != got[i]) return $"{names[i]}\n  said {Short(wanted[i])}\n  came {Short(got[i])}";
        }
        return said.OutputTokens is { } tokens && came.OutputTokens != tokens ? $"output tokens {tokens}, came {came.OutputTokens}" : null;
    }

    private static string Squeezed(StringBuilder text) => string.Concat(text.ToString().Where(c => !char.IsWhiteSpace(c)));

    private static string Calls(SeenCandidate view) => string.Join('\n', view.Calls.Select(c => $"{c.Name} {PlainJson.Canonical(c.Arguments.ToString())}"));

    private static string Short(string text) => text.Length <= 400 ? text : text[..400] + "...";
}
