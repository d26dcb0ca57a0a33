using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Cohere;

/// <summary>Answers a chat call, whole or streamed.</summary>
internal sealed class CohereChat
{
    private readonly SimulatedCall call;
    private readonly Ask ask;
    private readonly Answer answer;
    private readonly string id;
    private readonly int cached;
    private readonly int chunk;
    private readonly bool streams;
    private readonly string[] callIds;
    private readonly Frames frames = new(4096);

    public CohereChat(SimulatedCall call, Ask ask, JsonElement root)
    {
        this.call = call;
        this.ask = ask;
        var directives = Directives.Read(ask.UserText);
        answer = Brain.Think(ask, directives);
        id = call.Stage.Ids.Uuid();
        cached = call.Stage.Cache.ReadImplicit("cohere", ask.Prompt);
        chunk = directives.Chunk ?? call.ChunkCharacters;
        streams = root.Flag("stream") == true;
        callIds = [.. answer.Calls.Select(use => call.Stage.Ids.Small(use.Name + "_", 12))];
    }

    public Reply Answer()
    {
        if (!streams)
        {
            Json.Write(frames.Writer, this, static (writer, chat) => chat.WriteWhole(writer));
            frames.Cut();
            return CohereProvider.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames }, ask.Prompt.Tokens);
        }

        WriteStream();
        return CohereProvider.AddHeaders(call, new Reply { ContentType = "text/event-stream", Frames = frames, Streamed = true, WriteStreamError = WriteError }, ask.Prompt.Tokens);
    }

    private string Reason => answer.Finish switch
    {
        Finish.Length => "MAX_TOKENS",
        Finish.StopSequence => "STOP_SEQUENCE",
        Finish.ToolCalls => "TOOL_CALL",
        Finish.Filter => "ERROR_TOXIC",
        _ => "COMPLETE",
    };

    private void WriteWhole(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        if (answer.Calls.Count > 0)
        {
            writer.WriteString("tool_plan", answer.Text.Length > 0 ? answer.Text : "I will use one of the tools.");
            writer.WriteStartArray("tool_calls");
            for (var i = 0; i < answer.Calls.Count; i++)
                WriteCall(writer, i, answer.Calls[i].Arguments);
            writer.WriteEndArray();
        }

        if (answer.Reasoning.Length > 0 || answer.Calls.Count == 0)
        {
            writer.WriteStartArray("content");
            if (answer.Reasoning.Length > 0)
                WriteContent(writer, "thinking", answer.Reasoning, typed: true);
            if (answer.Calls.Count == 0)
                WriteContent(writer, "text", answer.Text, typed: true);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteString("finish_reason", Reason);
        WriteUsage(writer);
        writer.WriteEndObject();
    }

    private void WriteStream()
    {
        Event("message-start", null, writer =>
        {
            writer.WriteString("role", "assistant");
            foreach (var list in (ReadOnlySpan<string>)["content", "tool_calls", "citations"])
            {
                writer.WriteStartArray(list);
                writer.WriteEndArray();
            }

            writer.WriteString("tool_plan", "");
        });
        var index = 0;
        if (answer.Reasoning.Length > 0)
            WriteBlock(index++, "thinking", answer.Reasoning);
        if (answer.Calls.Count == 0)
        {
            WriteBlock(index, "text", answer.Text);
        }
        else
        {
            foreach (var piece in Chunks.Of(answer.Text.Length > 0 ? answer.Text : "I will use one of the tools.", chunk))
                Event("tool-plan-delta", null, writer => writer.WriteString("tool_plan", piece));
            for (var i = 0; i < answer.Calls.Count; i++)
                WriteCallEvents(i);
        }

        End(Reason, null, withUsage: true, frames);
        frames.Add("data: [DONE]\n\n"u8);
    }

    private void WriteBlock(int index, string type, string text)
    {
        Event("content-start", index, writer =>
        {
            writer.WritePropertyName("content");
            WriteContent(writer, type, "", typed: true);
        });
        foreach (var piece in Chunks.Of(text, chunk))
        {
            Event("content-delta", index, writer =>
            {
                writer.WritePropertyName("content");
                WriteContent(writer, type, piece, typed: false);
            });
        }

        Event("content-end", index, null);
    }

    private void WriteCallEvents(int index)
    {
        Event("tool-call-start", index, writer =>
        {
            writer.WritePropertyName("tool_calls");
            WriteCall(writer, index, "");
        });
        foreach (var piece in Chunks.Of(answer.Calls[index].Arguments, chunk))
        {
            Event("tool-call-delta", index, writer =>
            {
                writer.WriteStartObject("tool_calls");
                writer.WriteStartObject("function");
                writer.WriteString("arguments", piece);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }

        Event("tool-call-end", index, null);
    }

    private static void WriteContent(Utf8JsonWriter writer, string type, string text, bool typed)
    {
        writer.WriteStartObject();
        if (typed)
            writer.WriteString("type", type);
        writer.WriteString(type, text);
        writer.WriteEndObject();
    }

    private void WriteCall(Utf8JsonWriter writer, int index, string arguments)
    {
        writer.WriteStartObject();
        writer.WriteString("id", callIds[index]);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", answer.Calls[index].Name);
        writer.WriteString("arguments", arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Billed units leave out what the vendor adds to the prompt; tokens count all.</summary>
    private void WriteUsage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage");
        writer.WriteStartObject("billed_units");
        writer.WriteNumber("input_tokens", ask.Prompt.Tokens);
        writer.WriteNumber("output_tokens", answer.OutputTokens);
        writer.WriteEndObject();
        writer.WriteStartObject("tokens");
        writer.WriteNumber("input_tokens", ask.Prompt.Tokens + 66);
        writer.WriteNumber("output_tokens", answer.OutputTokens + 2);
        writer.WriteEndObject();
        writer.WriteNumber("cached_tokens", cached);
        writer.WriteEndObject();
    }

    private void Event(string type, int? index, Action<Utf8JsonWriter>? message)
    {
        Begin(frames, type);
        Json.Write(frames.Writer, (chat: this, type, index, message), static (writer, state) =>
        {
            writer.WriteStartObject();
            if (state.type == "message-start")
                writer.WriteString("id", state.chat.id);
            writer.WriteString("type", state.type);
            if (state.index is { } index)
                writer.WriteNumber("index", index);
            if (state.message is not null)
            {
                writer.WriteStartObject("delta");
                writer.WriteStartObject("message");
                state.message(writer);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
        frames.Write("\n\n"u8);
        frames.Cut();
    }

    private void End(string reason, string? error, bool withUsage, Frames target)
    {
        Begin(target, "message-end");
        Json.Write(target.Writer, (chat: this, reason, error, withUsage), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "message-end");
            writer.WriteStartObject("delta");
            if (state.error is not null)
                writer.WriteString("error", state.error);
            writer.WriteString("finish_reason", state.reason);
            if (state.withUsage)
                state.chat.WriteUsage(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        target.Write("\n\n"u8);
        target.Cut();
    }

    private static void Begin(Frames target, string type)
    {
        target.Write("event: "u8);
        target.Write(type);
        target.Write("\ndata: "u8);
    }

    /// <summary>The API has no error event of its own: the stream ends with the reason ERROR.</summary>
    private void WriteError(Frames target, ProviderError error) => End("ERROR", CohereProvider.Message(call, error), withUsage: false, target);
}
