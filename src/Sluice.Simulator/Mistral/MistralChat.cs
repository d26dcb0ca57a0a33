using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Mistral;

/// <summary>
/// Answers a chat call, whole or streamed. Reasoning makes the content a list of parts; calls have no type and come whole in the last chunk, which
/// also has the usage, asked for or not.
/// </summary>
internal sealed class MistralChat
{
    private readonly SimulatedCall call;
    private readonly Ask ask;
    private readonly Answer answer;
    private readonly string id;
    private readonly long created;
    private readonly int cached;
    private readonly int chunk;
    private readonly bool streams;
    private readonly string[] callIds;
    private readonly Frames frames = new(4096);

    public MistralChat(SimulatedCall call, Ask ask, JsonElement root)
    {
        this.call = call;
        this.ask = ask;
        var directives = Directives.Read(ask.UserText);
        answer = Brain.Think(ask, directives);
        id = call.Stage.Ids.Hexadecimal("", 32);
        created = call.UnixSeconds;
        cached = call.Stage.Cache.ReadImplicit("mistral", ask.Prompt);
        chunk = directives.Chunk ?? call.ChunkCharacters;
        streams = root.Flag("stream") == true;
        callIds = [.. answer.Calls.Select(_ => call.Stage.Ids.Letters("", 9))];
    }

    public Reply Answer()
    {
        if (!streams)
        {
            Json.Write(frames.Writer, this, static (writer, chat) => chat.WriteWhole(writer));
            frames.Cut();
            return MistralErrors.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames });
        }

        WriteStream();
        return MistralErrors.AddHeaders(call, new Reply
        {
            ContentType = "text/event-stream; charset=utf-8", Frames = frames, Streamed = true,
            WriteStreamError = (target, error) => MistralErrors.WriteEvent(target, call, error),
        });
    }

    private string Reason => answer.Finish switch { Finish.Length => "length", Finish.ToolCalls => "tool_calls", Finish.Filter => "error", _ => "stop" };

    private void WriteWhole(Utf8JsonWriter writer)
    {
        WriteHead(writer, "chat.completion");
        writer.WriteStartArray("choices");
        for (var i = 0; i < ask.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", i);
            writer.WriteStartObject("message");
            writer.WriteString("role", "assistant");
            if (answer.Calls.Count > 0)
                WriteCalls(writer);
            else
                writer.WriteNull("tool_calls");
            writer.WritePropertyName("content");
            if (answer.Reasoning.Length > 0)
            {
                writer.WriteStartArray();
                WriteThinking(writer, answer.Reasoning, closed: true);
                if (answer.Text.Length > 0)
                    WriteTextPart(writer, answer.Text);
                writer.WriteEndArray();
            }
            else
            {
                writer.WriteStringValue(answer.Text);
            }

            writer.WriteEndObject();
            writer.WriteString("finish_reason", Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteUsage(writer);
        writer.WriteEndObject();
    }

    private void WriteStream()
    {
        Chunk(static writer =>
        {
            writer.WriteString("role", "assistant");
            writer.WriteString("content", "");
        });
        foreach (var piece in Chunks.Of(answer.Reasoning, chunk))
        {
            Chunk(writer =>
            {
                writer.WriteStartArray("content");
                WriteThinking(writer, piece, closed: false);
                writer.WriteEndArray();
            });
        }

        foreach (var piece in Chunks.Of(answer.Text, chunk))
            Chunk(writer => writer.WriteString("content", piece));
        Chunk(writer =>
        {
            writer.WriteString("content", "");
            if (answer.Calls.Count > 0)
                WriteCalls(writer);
        }, last: true);
        frames.Add("data: [DONE]\n\n"u8);
    }

    private void Chunk(Action<Utf8JsonWriter> delta, bool last = false)
    {
        frames.Write("data: "u8);
        Json.Write(frames.Writer, (chat: this, delta, last), static (writer, state) =>
        {
            state.chat.WriteHead(writer, "chat.completion.chunk");
            writer.WriteStartArray("choices");
            for (var i = 0; i < state.chat.ask.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteNumber("index", i);
                writer.WriteStartObject("delta");
                state.delta(writer);
                writer.WriteEndObject();
                writer.WriteString("finish_reason", state.last ? state.chat.Reason : null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (state.last)
                state.chat.WriteUsage(writer);
            writer.WriteEndObject();
        });
        frames.Write("\n\n"u8);
        frames.Cut();
    }

    private void WriteHead(Utf8JsonWriter writer, string kind)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("object", kind);
        writer.WriteNumber("created", created);
        writer.WriteString("model", ask.Model);
    }

    private void WriteCalls(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("tool_calls");
        for (var i = 0; i < answer.Calls.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("id", callIds[i]);
            writer.WriteStartObject("function");
            writer.WriteString("name", answer.Calls[i].Name);
            writer.WriteString("arguments", answer.Calls[i].Arguments);
            writer.WriteEndObject();
            writer.WriteNumber("index", i);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteThinking(Utf8JsonWriter writer, string text, bool closed)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "thinking");
        writer.WriteStartArray("thinking");
        WriteTextPart(writer, text);
        writer.WriteEndArray();
        if (closed)
            writer.WriteBoolean("closed", true);
        writer.WriteEndObject();
    }

    private static void WriteTextPart(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    private void WriteUsage(Utf8JsonWriter writer)
    {
        var output = answer.OutputTokens * ask.Count;
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", ask.Prompt.Tokens);
        writer.WriteNumber("total_tokens", ask.Prompt.Tokens + output);
        writer.WriteNumber("completion_tokens", output);
        if (cached > 0)
            writer.WriteNumber("num_cached_tokens", cached);
        writer.WriteEndObject();
    }
}
