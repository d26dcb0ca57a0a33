using System.Text.Json;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>
/// Chat completion chunks, by OpenAI's API reference and the SDK's <c>ChatCompletionChunk</c>; Mistral's, by its SDK's <c>CompletionChunk</c>: usage comes
/// with the last chunk unasked, content may be a list with thinking, calls come whole.
/// </summary>
internal sealed class ChatJudge(bool usageAsked, bool mistral = false) : Judge
{
    private static readonly string[] OpenAIReasons = ["stop", "length", "tool_calls", "content_filter", "function_call"];

    private static readonly string[] MistralReasons = ["stop", "length", "model_length", "error", "tool_calls"];

    private readonly Dictionary<int, SortedDictionary<int, SeenCall>> _calls = [];
    private readonly HashSet<int> _finished = [];
    private readonly HashSet<int> _started = [];
    private string? _id;
    private bool _done;
    private bool _usage;

    public override void Read(string body)
    {
        ReadEvents(body);
        Must(_done || Seen.Error is not null, "neither [DONE] nor an error");
        foreach (var (index, calls) in _calls) Seen.Candidate(index).Calls.AddRange(calls.Values);
    }

    private void ReadEvents(string body)
    {
        foreach (var (name, data) in Events(body))
        {
            Must(name.Length == 0, $"chunks have no event name: {name}");
            Must(!_done && Seen.Error is null, $"after the end: {data}");
            if (data == "[DONE]") Done();
            else Take(Parse(data));
        }
    }

    private void Done()
    {
        _done = Seen.IsComplete = true;
        Must(_started.Count > 0 && _started.SetEquals(_finished), "[DONE] before every choice has a finish_reason");
    }

    private void Take(JsonElement chunk)
    {
        if (mistral && chunk.GetProperty("object").ValueEquals("error"))
        {
            Seen.Error = Filled(chunk, "message");
            return;
        }
        if (chunk.TryGetProperty("error", out var error))
        {
            Filled(error, "type");
            foreach (string name in (string[])["code", "param"]) Member(error, name, JsonValueKind.String, JsonValueKind.Null);
            Seen.Error = Filled(error, "message");
            return;
        }
        Must(!_usage, $"a chunk after the usage: {chunk}");
        Must(Text(chunk, "object") == "chat.completion.chunk", $"object: {chunk}");
        Must((_id ??= Filled(chunk, "id")) == Text(chunk, "id"), "the id changes");
        Int(chunk, "created");
        Filled(chunk, "model");
        if (mistral) LastUsage(chunk);
        else if (usageAsked) Member(chunk, "usage", JsonValueKind.Null, JsonValueKind.Object);
        else Must(!chunk.TryGetProperty("usage", out _), "usage was not asked for");
        var choices = Items(chunk, "choices").ToList();
        if (!mistral && Has(chunk, "usage", out var usage)) Usage(usage, choices);
        else if (usageAsked && choices.Count == 0) UnknownUsage();
        else Must(choices.Count > 0, $"a chunk without choices: {chunk}");
        foreach (var choice in choices) Choice(choice);
    }

    private void Usage(JsonElement usage, List<JsonElement> choices)
    {
        Must(choices.Count == 0, "the usage chunk has no choices");
        Must(_started.SetEquals(_finished), "usage before the end of the choices");
        _usage = true;
        Seen.OutputTokens = Int(usage, "completion_tokens");
        Must(Int(usage, "prompt_tokens") + Seen.OutputTokens == Int(usage, "total_tokens"), $"the total is not the sum: {usage}");
    }

    // "choices ... can also be empty for the last chunk if you set stream_options", whether the counts are known or not.
    private void UnknownUsage()
    {
        Must(!mistral, "Mistral's chunks have choices");
        Must(_started.SetEquals(_finished), "the usage chunk before the end of the choices");
        _usage = true;
    }

    private void LastUsage(JsonElement chunk)
    {
        if (!Has(chunk, "usage", out var usage)) return;
        Must(Items(chunk, "choices").All(c => Has(c, "finish_reason", out _)), "usage comes with the last chunk");
        Seen.OutputTokens = Int(usage, "completion_tokens");
    }

    private void Choice(JsonElement choice)
    {
        int index = Int(choice, "index");
        Must(!_finished.Contains(index), $"choice {index} goes on after its end: {choice}");
        var delta = Member(choice, "delta", JsonValueKind.Object);
        if (_started.Add(index)) Must(Text(delta, "role") == "assistant", "the first chunk has the role");
        else Must(!delta.TryGetProperty("role", out _), "the role comes once");
        var seen = Seen.Candidate(index);
        if (Has(delta, "content", out var text)) Content(seen, text);
        if (Has(delta, "refusal", out var refusal)) seen.Refusal.Append(refusal.GetString());
        if (Has(delta, "reasoning_content", out var reasoning)) seen.Reasoning.Append(reasoning.GetString());
        if (delta.TryGetProperty("tool_calls", out var calls))
        {
            foreach (var call in calls.EnumerateArray()) Call(index, call);
        }
        if (Member(choice, "finish_reason", JsonValueKind.String, JsonValueKind.Null).GetString() is not { } reason) return;
        Must((mistral ? MistralReasons : OpenAIReasons).Contains(reason), $"no such finish_reason: {reason}");
        _finished.Add(index);
        seen.Finish = reason;
    }

    private void Content(SeenCandidate seen, JsonElement content)
    {
        Must(content.ValueKind == JsonValueKind.String || (mistral && content.ValueKind == JsonValueKind.Array), $"content: {content}");
        if (content.ValueKind == JsonValueKind.String)
        {
            seen.Text.Append(content.GetString());
            return;
        }
        foreach (var part in content.EnumerateArray())
        {
            if (Text(part, "type") == "text") seen.Text.Append(Text(part, "text"));
            else if (Text(part, "type") == "thinking") seen.Reasoning.Append(string.Concat(Items(part, "thinking").Select(t => Text(t, "text"))));
            else throw new GrammarFaultException($"no such part: {part}");
        }
    }

    private void Call(int candidate, JsonElement call)
    {
        int index = Int(call, "index");
        if (!_calls.TryGetValue(candidate, out var calls)) _calls[candidate] = calls = [];
        string kind = call.TryGetProperty("custom", out _) ? "custom" : "function";
        if (!calls.TryGetValue(index, out var seen))
        {
            Must(index == calls.Count, $"indexes of calls are not contiguous: {call}");
            Must(mistral ? !call.TryGetProperty("type", out var type) || type.GetString() == "function" : Text(call, "type") == kind, $"type: {call}");
            calls[index] = seen = new SeenCall(Filled(call, "id"), Filled(Member(call, kind), "name"));
        }
        else
        {
            Must(!mistral && !call.TryGetProperty("id", out _), $"the id comes once: {call}");
        }
        if (call.TryGetProperty(kind, out var called)) seen.Arguments.Append(Text(called, kind == "custom" ? "input" : "arguments"));
    }
}
