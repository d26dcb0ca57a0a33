using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>Answers a chat completion, whole or streamed.</summary>
internal static class ChatReply
{
    public static Reply Answer(SimulatedCall call, JsonElement root)
    {
        var ask = new Ask();
        if (ChatReader.Read(call, root, ask) is { } refused)
            return OpenAIErrors.Reply(call, refused);
        var directives = Directives.Read(ask.UserText);
        var answer = Brain.Think(ask, directives);
        var message = new ChatMessage(call, ask, answer, root);
        if (root.Flag("stream") == true)
            return new ChatStream(message, root).Write(directives.Chunk ?? call.ChunkCharacters);
        var frames = new Frames(1024 + answer.Text.Length);
        Json.WriteIndented(frames.Writer, message, static (writer, body) => Write(writer, body));
        frames.Cut();
        return OpenAIHeaders.Add(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    private static void Write(Utf8JsonWriter writer, ChatMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("id", message.Id);
        writer.WriteString("object", "chat.completion");
        writer.WriteNumber("created", message.Created);
        writer.WriteString("model", message.Ask.Model);
        writer.WriteStartArray("choices");
        for (var i = 0; i < message.Ask.Count; i++)
            WriteChoice(writer, message, i);
        writer.WriteEndArray();
        message.WriteUsage(writer);
        if (!message.DeepSeek)
            writer.WriteString("service_tier", "default");
        writer.WriteString("system_fingerprint", message.Fingerprint);
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatMessage message, int index)
    {
        var answer = message.Answer;
        writer.WriteStartObject();
        writer.WriteNumber("index", index);
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        if (answer.Refused || (answer.Calls.Count > 0 && !message.DeepSeek) || answer.Finish == Finish.Filter)
            writer.WriteNull("content");
        else
            writer.WriteString("content", message.TextOf(index));
        if (message.DeepSeek)
            writer.WriteString("reasoning_content", answer.Reasoning);
        if (answer.Calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            for (var i = 0; i < answer.Calls.Count; i++)
            {
                writer.WriteStartObject();
                if (message.DeepSeek)
                    writer.WriteNumber("index", i);
                writer.WriteString("id", message.CallId(index, i));
                writer.WriteString("type", "function");
                writer.WriteStartObject("function");
                writer.WriteString("name", answer.Calls[i].Name);
                writer.WriteString("arguments", answer.Calls[i].Arguments);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (!message.DeepSeek)
        {
            writer.WriteString("refusal", answer.Refused ? answer.Text : null);
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        message.WriteLogprobs(writer, message.Logprobs ? message.TextOf(index) : null);
        writer.WriteString("finish_reason", message.FinishReason);
        writer.WriteEndObject();
    }
}
