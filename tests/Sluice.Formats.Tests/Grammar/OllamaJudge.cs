using System.Globalization;
using System.Text.Json;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>Ollama's lines, by its docs/api.md and the SDK's <c>ChatResponse</c> and <c>GenerateResponse</c>.</summary>
internal sealed class OllamaJudge(bool chat) : Judge
{
    private static readonly string[] Counts = ["total_duration", "load_duration", "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration"];

    public override void Read(string body)
    {
        Must(body.EndsWith('\n'), "the last line is not ended");
        foreach (string line in body[..^1].Split('\n'))
        {
            Must(!Seen.IsComplete && Seen.Error is null, $"a line after the last: {line}");
            Take(Parse(line));
        }
        Must(Seen.IsComplete || Seen.Error is not null, "no line says done");
    }

    private void Take(JsonElement line)
    {
        if (line.TryGetProperty("error", out _))
        {
            Seen.Error = Filled(line, "error");
            return;
        }
        Filled(line, "model");
        Must(DateTimeOffset.TryParse(Text(line, "created_at"), CultureInfo.InvariantCulture, out _), "created_at is no time");
        var seen = Seen.Candidate(0);
        if (chat) Message(seen, Member(line, "message"));
        else seen.Text.Append(Text(line, "response"));
        if (!chat && Has(line, "thinking", out var thinking)) seen.Reasoning.Append(thinking.GetString());
        bool done = Member(line, "done", JsonValueKind.True, JsonValueKind.False).GetBoolean();
        Must(done == line.TryGetProperty("done_reason", out var reason), $"done_reason belongs to the last line: {line}");
        if (!done) return;
        Must(reason.GetString() is "stop" or "length" or "load" or "unload", $"no such done_reason: {reason}");
        foreach (string name in Counts)
        {
            if (line.TryGetProperty(name, out var count)) Must(count.TryGetInt64(out long number) && number >= 0, $"{name}: {count}");
        }
        if (line.TryGetProperty("eval_count", out var output)) Seen.OutputTokens = output.GetInt64();
        seen.Finish = reason.GetString();
        Seen.IsComplete = true;
    }

    private static void Message(SeenCandidate seen, JsonElement message)
    {
        Must(Text(message, "role") == "assistant", $"role: {message}");
        seen.Text.Append(Text(message, "content"));
        if (Has(message, "thinking", out var thinking)) seen.Reasoning.Append(thinking.GetString());
        if (!message.TryGetProperty("tool_calls", out var calls)) return;
        foreach (var item in calls.EnumerateArray())
        {
            var function = Member(item, "function");
            var call = new SeenCall(item.TryGetProperty("id", out var id) ? id.GetString()! : "", Filled(function, "name"));
            call.Arguments.Append(Member(function, "arguments", JsonValueKind.Object).GetRawText());
            seen.Calls.Add(call);
        }
    }
}
