using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>
/// The events of a streamed chat completion. One tool call begins in the first chunk; several begin after a chunk with the role alone. With
/// <c>include_usage</c> every chunk has <c>"usage":null</c> and one without choices follows the last.
/// </summary>
internal sealed class ChatStream
{
    private const string Padding = "aB3dE5gH7jK9mN1pQ";
    private readonly ChatMessage message;
    private readonly Frames frames = new(4096);
    private readonly bool includeUsage;
    private readonly bool obfuscate;

    public ChatStream(ChatMessage message, JsonElement root)
    {
        this.message = message;
        var hasOptions = root.Has("stream_options", out var options);
        includeUsage = hasOptions && options.Flag("include_usage") == true;
        obfuscate = !message.DeepSeek && !(hasOptions && options.Flag("include_obfuscation") == false);
    }

    public Reply Write(int chunk)
    {
        for (var i = 0; i < message.Ask.Count; i++)
            WriteStart(i);
        for (var i = 0; i < message.Ask.Count; i++)
            WriteBody(i, chunk);
        for (var i = 0; i < message.Ask.Count; i++)
            WriteEnd(i);
        if (includeUsage && !message.DeepSeek)
            WriteChunk(null, null);
        frames.Add("data: [DONE]\n\n"u8);
        var call = message.Call;
        return OpenAIHeaders.Add(call, new Reply
        {
            ContentType = "text/event-stream; charset=utf-8", Frames = frames, Streamed = true,
            WriteStreamError = (target, error) => OpenAIErrors.WriteChatEvent(target, call, error),
        });
    }

    private void WriteStart(int choice)
    {
        var answer = message.Answer;
        WriteDelta(choice, writer =>
        {
            writer.WriteString("role", "assistant");
            if (message.DeepSeek)
            {
                writer.WriteNull("content");
                writer.WriteString("reasoning_content", "");
                return;
            }

            if (answer.Calls.Count > 0 || answer.Refused)
                writer.WriteNull("content");
            else
                writer.WriteString("content", "");
            if (answer.Calls.Count == 1)
                WriteCallStart(writer, choice, 0);
            if (answer.Refused)
                writer.WriteString("refusal", "");
            else if (answer.Calls.Count < 2)
                writer.WriteNull("refusal");
        });
    }

    private void WriteBody(int choice, int chunk)
    {
        var answer = message.Answer;
        if (message.DeepSeek)
        {
            foreach (var piece in Chunks.Of(answer.Reasoning, chunk))
            {
                WriteDelta(choice, writer =>
                {
                    writer.WriteNull("content");
                    writer.WriteString("reasoning_content", piece);
                });
            }
        }

        foreach (var piece in Chunks.Of(message.TextOf(choice), chunk))
        {
            WriteDelta(choice, writer =>
            {
                writer.WriteString(answer.Refused ? "refusal" : "content", piece);
                if (message.DeepSeek)
                    writer.WriteNull("reasoning_content");
            }, message.Logprobs ? piece : null);
        }

        for (var i = 0; i < answer.Calls.Count; i++)
        {
            var at = i;
            if (answer.Calls.Count > 1 || message.DeepSeek)
                WriteDelta(choice, writer => WriteCallStart(writer, choice, at));
            foreach (var piece in Chunks.Of(answer.Calls[i].Arguments, chunk))
            {
                WriteDelta(choice, writer =>
                {
                    writer.WriteStartArray("tool_calls");
                    writer.WriteStartObject();
                    writer.WriteNumber("index", at);
                    writer.WriteStartObject("function");
                    writer.WriteString("arguments", piece);
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                    writer.WriteEndArray();
                });
            }
        }
    }

    private void WriteEnd(int choice) => WriteChunk(writer =>
    {
        WriteChoiceHead(writer, choice);
        writer.WriteStartObject("delta");
        if (message.DeepSeek)
        {
            writer.WriteString("content", "");
            writer.WriteNull("reasoning_content");
        }

        writer.WriteEndObject();
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", message.FinishReason);
        writer.WriteEndObject();
    }, usageHere: message.DeepSeek && includeUsage);

    private void WriteDelta(int choice, Action<Utf8JsonWriter> delta, string? logprobsOf = null) => WriteChunk(writer =>
    {
        WriteChoiceHead(writer, choice);
        writer.WriteStartObject("delta");
        delta(writer);
        writer.WriteEndObject();
        message.WriteLogprobs(writer, logprobsOf);
        writer.WriteNull("finish_reason");
        writer.WriteEndObject();
    });

    private static void WriteChoiceHead(Utf8JsonWriter writer, int choice)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", choice);
    }

    private void WriteCallStart(Utf8JsonWriter writer, int choice, int at)
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteNumber("index", at);
        writer.WriteString("id", message.CallId(choice, at));
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", message.Answer.Calls[at].Name);
        writer.WriteString("arguments", "");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void WriteChunk(Action<Utf8JsonWriter>? choice, bool? usageHere = false)
    {
        frames.Write("data: "u8);
        Json.Write(frames.Writer, (this, choice, usageHere), static (writer, state) =>
        {
            var (stream, choice, usageHere) = state;
            var shared = stream.message;
            writer.WriteStartObject();
            writer.WriteString("id", shared.Id);
            writer.WriteString("object", "chat.completion.chunk");
            writer.WriteNumber("created", shared.Created);
            writer.WriteString("model", shared.Ask.Model);
            if (!shared.DeepSeek)
                writer.WriteString("service_tier", "default");
            writer.WriteString("system_fingerprint", shared.Fingerprint);
            writer.WriteStartArray("choices");
            choice?.Invoke(writer);
            writer.WriteEndArray();
            if (choice is null || usageHere == true)
                shared.WriteUsage(writer);
            else if (stream.includeUsage)
                writer.WriteNull("usage");
            if (stream.obfuscate)
                writer.WriteString("obfuscation", Padding.AsSpan(0, (stream.frames.Count * 7) % Padding.Length));
            writer.WriteEndObject();
        });
        frames.Write("\n\n"u8);
        frames.Cut();
    }
}
