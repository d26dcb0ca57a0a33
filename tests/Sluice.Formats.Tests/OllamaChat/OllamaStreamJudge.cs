using System.Text;
using System.Text.Json;

namespace Sluice.Formats.Tests.OllamaChat;

/// <summary>
/// Checks the lines of a streamed answer by what Ollama's documentation and the types of its JavaScript client say, and gathers what they hold as
/// that client would. Written without our codec.
/// </summary>
internal static class OllamaStreamJudge
{
    /// <summary>What a client gathers.</summary>
    public sealed record Gathered(string Text, string Thinking, IReadOnlyList<string> Calls, bool Failed);

    public static Gathered Read(string[] lines)
    {
        var text = new StringBuilder();
        var thinking = new StringBuilder();
        var calls = new List<string>();
        lines.ShouldNotBeEmpty();
        for (int i = 0; i < lines.Length; i++)
        {
            var line = JsonDocument.Parse(lines[i]).RootElement;
            bool last = i == lines.Length - 1;
            if (line.TryGetProperty("error", out var error))
            {
                last.ShouldBeTrue("nothing follows an error");
                error.ValueKind.ShouldBe(JsonValueKind.String);
                line.GetPropertyCount().ShouldBe(1);
                return new Gathered(text.ToString(), thinking.ToString(), calls, Failed: true);
            }
            Gather(line, text, thinking, calls);
            line.GetProperty("done").GetBoolean().ShouldBe(last, "exactly the last line is done");
            if (last) JudgeEnd(line);
        }
        return new Gathered(text.ToString(), thinking.ToString(), calls, Failed: false);
    }

    private static void Gather(JsonElement line, StringBuilder text, StringBuilder thinking, List<string> calls)
    {
        line.GetProperty("model").GetString().ShouldNotBeNullOrEmpty();
        line.GetProperty("created_at").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
        var message = line.GetProperty("message");
        message.GetProperty("role").GetString().ShouldBe("assistant");
        text.Append(message.GetProperty("content").GetString());
        if (message.TryGetProperty("thinking", out var thought)) thinking.Append(thought.GetString());
        if (!message.TryGetProperty("tool_calls", out var list)) return;
        foreach (var call in list.EnumerateArray())
        {
            call.GetProperty("function").GetProperty("name").GetString().ShouldNotBeNullOrEmpty();
            call.GetProperty("function").GetProperty("arguments").ValueKind.ShouldBe(JsonValueKind.Object);
            calls.Add(call.GetProperty("id").GetString()!);
        }
    }

    private static void JudgeEnd(JsonElement line)
    {
        line.GetProperty("done_reason").GetString().ShouldBeOneOf("stop", "length");
        foreach (string duration in new[] { "total_duration", "load_duration", "prompt_eval_duration", "eval_duration" })
        {
            line.GetProperty(duration).GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        }
    }
}
