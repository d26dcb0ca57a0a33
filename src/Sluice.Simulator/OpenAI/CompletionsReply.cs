using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>The legacy completions API: one text an answer for each prompt.</summary>
internal static class CompletionsReply
{
    public static Reply Answer(SimulatedCall call, JsonElement root)
    {
        var prompts = Prompts(root);
        var answers = new List<(Ask Ask, Answer Answer)>();
        foreach (var prompt in prompts)
        {
            var ask = new Ask { Model = call.Model!, UserText = prompt, MaxTokens = root.Number("max_tokens") ?? 16_000 };
            ask.Prompt.Add(prompt);
            if (root.Has("stop", out var stop))
                ask.Stops.AddRange(stop.ValueKind == JsonValueKind.String ? [stop.GetString()!] : stop.Items().Select(item => item.GetString() ?? ""));
            call.UserText = prompt;
            var answer = Brain.Think(ask, Directives.Read(prompt));
            if (root.Flag("echo") == true)
                answer = answer with { Text = prompt + answer.Text };
            for (var i = 0; i < Math.Clamp(root.Number("n") ?? 1, 1, 128); i++)
                answers.Add((ask, answer));
        }

        var head = new Head(call.Stage.Ids.Letters("cmpl-", 29), call.UnixSeconds, call.Model!);
        return root.Flag("stream") == true ? Stream(call, root, head, answers) : Whole(call, head, answers);
    }

    private static Reply Whole(SimulatedCall call, Head head, List<(Ask Ask, Answer Answer)> answers)
    {
        var frames = new Frames();
        Json.WriteIndented(frames.Writer, (head, answers), static (writer, state) =>
        {
            WriteHead(writer, state.head);
            writer.WriteStartArray("choices");
            for (var i = 0; i < state.answers.Count; i++)
                WriteChoice(writer, i, state.answers[i].Answer.Text, Reason(state.answers[i].Answer));
            writer.WriteEndArray();
            WriteUsage(writer, state.answers);
            writer.WriteEndObject();
        });
        frames.Cut();
        return OpenAIHeaders.Add(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    private static Reply Stream(SimulatedCall call, JsonElement root, Head head, List<(Ask Ask, Answer Answer)> answers)
    {
        var frames = new Frames(4096);
        var includeUsage = root.Has("stream_options", out var options) && options.Flag("include_usage") == true;
        for (var i = 0; i < answers.Count; i++)
        {
            foreach (var piece in Chunks.Of(answers[i].Answer.Text, call.ChunkCharacters))
                Chunk(frames, head, includeUsage, i, piece, null, null);
            Chunk(frames, head, includeUsage, i, "", Reason(answers[i].Answer), null);
        }

        if (includeUsage)
            Chunk(frames, head, includeUsage, -1, "", null, answers);
        frames.Add("data: [DONE]\n\n"u8);
        return OpenAIHeaders.Add(call, new Reply
        {
            ContentType = "text/event-stream; charset=utf-8", Frames = frames, Streamed = true,
            WriteStreamError = (target, error) => OpenAIErrors.WriteChatEvent(target, call, error),
        });
    }

    private static void Chunk(Frames frames, Head head, bool includeUsage, int index, string text, string? reason, List<(Ask Ask, Answer Answer)>? usageOf)
    {
        frames.Write("data: "u8);
        Json.Write(frames.Writer, (head, includeUsage, index, text, reason, usageOf), static (writer, state) =>
        {
            WriteHead(writer, state.head);
            writer.WriteStartArray("choices");
            if (state.index >= 0)
                WriteChoice(writer, state.index, state.text, state.reason);
            writer.WriteEndArray();
            if (state.usageOf is { } answers)
                WriteUsage(writer, answers);
            else if (state.includeUsage)
                writer.WriteNull("usage");
            writer.WriteEndObject();
        });
        frames.Write("\n\n"u8);
        frames.Cut();
    }

    private static void WriteHead(Utf8JsonWriter writer, Head head)
    {
        writer.WriteStartObject();
        writer.WriteString("id", head.Id);
        writer.WriteString("object", "text_completion");
        writer.WriteNumber("created", head.Created);
        writer.WriteString("model", head.Model);
    }

    private static void WriteChoice(Utf8JsonWriter writer, int index, string text, string? reason)
    {
        writer.WriteStartObject();
        writer.WriteString("text", text);
        writer.WriteNumber("index", index);
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", reason);
        writer.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter writer, List<(Ask Ask, Answer Answer)> answers)
    {
        var input = answers.Select(answer => answer.Ask).Distinct().Sum(ask => ask.Prompt.Tokens);
        var output = answers.Sum(answer => answer.Answer.OutputTokens);
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", input);
        writer.WriteNumber("completion_tokens", output);
        writer.WriteNumber("total_tokens", input + output);
        writer.WriteEndObject();
    }

    private static string Reason(Answer answer) => answer.Finish == Finish.Length ? "length" : "stop";

    private static List<string> Prompts(JsonElement root)
    {
        if (!root.Has("prompt", out var prompt))
            return [""];
        if (prompt.ValueKind == JsonValueKind.String)
            return [prompt.GetString()!];
        var items = prompt.Items().ToList();
        if (items.Count > 0 && items[0].ValueKind == JsonValueKind.Number)
            return [$"{items.Count} tokens"];
        return [.. items.Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : $"{item.Items().Count()} tokens")];
    }

    private sealed record Head(string Id, long Created, string Model);
}
