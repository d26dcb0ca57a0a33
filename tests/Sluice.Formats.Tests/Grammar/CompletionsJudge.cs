using System.Text.Json;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>Legacy completion chunks, by OpenAI's API reference and the SDK's <c>Completion</c>.</summary>
internal sealed class CompletionsJudge(bool usageAsked) : Judge
{
    private readonly HashSet<int> _started = [];
    private readonly HashSet<int> _finished = [];
    private bool _done;
    private bool _usage;

    public override void Read(string body)
    {
        foreach (var (name, data) in Events(body))
        {
            Must(name.Length == 0 && !_done && Seen.Error is null, $"after the end, or with a name: {data}");
            if (data != "[DONE]")
            {
                Take(Parse(data));
                continue;
            }
            _done = Seen.IsComplete = true;
            Must(_started.Count > 0 && _started.SetEquals(_finished), "[DONE] before every choice has a finish_reason");
        }
        Must(_done || Seen.Error is not null, "neither [DONE] nor an error");
    }

    private void Take(JsonElement chunk)
    {
        if (chunk.TryGetProperty("error", out var error))
        {
            Seen.Error = Filled(error, "message");
            return;
        }
        Must(Text(chunk, "object") == "text_completion", $"object: {chunk}");
        Filled(chunk, "id");
        Filled(chunk, "model");
        Int(chunk, "created");
        Must(usageAsked || !chunk.TryGetProperty("usage", out _), "usage was not asked for");
        Must(!_usage, "a chunk after the usage");
        if (Has(chunk, "usage", out var usage))
        {
            _usage = true;
            Must(!Items(chunk, "choices").Any(), "the usage chunk has no choices");
            Seen.OutputTokens = Int(usage, "completion_tokens");
        }
        foreach (var choice in Items(chunk, "choices")) Choice(choice);
    }

    private void Choice(JsonElement choice)
    {
        int index = Int(choice, "index");
        Must(!_finished.Contains(index), $"choice {index} goes on after its end");
        _started.Add(index);
        Member(choice, "logprobs", JsonValueKind.Null, JsonValueKind.Object);
        Seen.Candidate(index).Text.Append(Text(choice, "text"));
        if (Member(choice, "finish_reason", JsonValueKind.String, JsonValueKind.Null).GetString() is not { } reason) return;
        Must(reason is "stop" or "length" or "content_filter", $"no such finish_reason: {reason}");
        _finished.Add(index);
        Seen.Candidate(index).Finish = reason;
    }
}
