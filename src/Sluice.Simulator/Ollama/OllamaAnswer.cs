using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Ollama;

/// <summary>Answers chat and generate: one line of JSON a piece, unless <c>stream</c> is false. A tool call comes whole, in one line.</summary>
internal sealed class OllamaAnswer(SimulatedCall call, Ask ask, bool chat)
{
    private readonly Frames frames = new(4096);
    private Answer answer = new();

    public Reply Write(JsonElement root)
    {
        var directives = Directives.Read(ask.UserText);
        answer = Brain.Think(ask, directives);

        // A request without anything to answer only loads the model.
        var loads = ask.UserText.Length == 0 && ask.Prompt.Characters == 0;
        if (root.Flag("stream") == false || loads)
            return OllamaReplies.Whole(this, (writer, self) => self.WriteLine(writer, loads ? "" : answer.Text, loads ? "" : answer.Reasoning, !loads, loads ? "load" : Reason()));
        var chunk = directives.Chunk ?? call.ChunkCharacters;
        foreach (var piece in Chunks.Of(answer.Reasoning, chunk))
            Line("", piece, calls: false, null);
        foreach (var piece in Chunks.Of(answer.Text, chunk))
            Line(piece, "", calls: false, null);
        if (answer.Calls.Count > 0)
            Line("", "", calls: true, null);
        Line("", "", calls: false, Reason());
        return new Reply
        {
            ContentType = "application/x-ndjson", Frames = frames, Streamed = true,
            WriteStreamError = (target, error) => OllamaReplies.WriteErrorLine(target, call, error),
        };
    }

    private string Reason() => answer.Finish == Finish.Length ? "length" : "stop";

    private void Line(string text, string thinking, bool calls, string? reason)
    {
        Json.WriteEscaping(frames.Writer, (self: this, text, thinking, calls, reason), static (writer, state) => state.self.WriteLine(writer, state.text, state.thinking, state.calls, state.reason));
        frames.Write("\n"u8);
        frames.Cut();
    }

    private void WriteLine(Utf8JsonWriter writer, string text, string thinking, bool calls, string? reason)
    {
        writer.WriteStartObject();
        writer.WriteString("model", ask.Model);
        writer.WriteString("created_at", OllamaReplies.Now(call));
        if (chat)
            WriteMessage(writer, text, thinking, calls);
        else
            WriteResponse(writer, text, thinking);
        writer.WriteBoolean("done", reason is not null);
        if (reason is not null)
        {
            writer.WriteString("done_reason", reason);
            if (!chat && reason != "load")
            {
                writer.WriteStartArray("context");
                for (var i = 0; i < 3; i++)
                    writer.WriteNumberValue(151_644 + i);
                writer.WriteEndArray();
            }

            if (reason != "load")
                WriteCounts(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter writer, string text, string thinking)
    {
        writer.WriteString("response", text);
        if (thinking.Length > 0)
            writer.WriteString("thinking", thinking);
    }

    private void WriteMessage(Utf8JsonWriter writer, string text, string thinking, bool calls)
    {
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        writer.WriteString("content", text);
        if (thinking.Length > 0)
            writer.WriteString("thinking", thinking);
        if (calls && answer.Calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            for (var i = 0; i < answer.Calls.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("id", call.Stage.Ids.Small("call_", 8));
                writer.WriteStartObject("function");
                writer.WriteNumber("index", i);
                writer.WriteString("name", answer.Calls[i].Name);
                writer.WritePropertyName("arguments");
                writer.WriteRawValue(answer.Calls[i].Arguments, skipInputValidation: true);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteCounts(Utf8JsonWriter writer)
    {
        writer.WriteNumber("total_duration", 174_560_334);
        writer.WriteNumber("load_duration", 101_397_084);
        writer.WriteNumber("prompt_eval_count", ask.Prompt.Tokens);
        writer.WriteNumber("prompt_eval_duration", 13_074_791);
        writer.WriteNumber("eval_count", answer.OutputTokens);
        writer.WriteNumber("eval_duration", 52_479_709);
    }
}
