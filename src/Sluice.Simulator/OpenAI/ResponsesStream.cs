using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>The events of a streamed response: numbered without gaps, nested by item, no <c>[DONE]</c>.</summary>
internal sealed class ResponsesStream(ResponseDocument document)
{
    private readonly Frames frames = new(8192);
    private int sequence;

    public Reply Write(int chunk)
    {
        Event("response.created", writer => WriteDocument(writer, done: false));
        Event("response.in_progress", writer => WriteDocument(writer, done: false));
        for (var i = 0; i < document.Items.Count; i++)
        {
            var (item, at) = (document.Items[i], i);
            Event("response.output_item.added", writer => WriteItem(writer, item, at, done: false));
            switch (item.Type)
            {
                case "reasoning":
                    WriteSummary(item, at, chunk);
                    break;
                case "function_call":
                    WriteArguments(item, at, chunk);
                    break;
                default:
                    WriteText(item, at, chunk);
                    break;
            }

            Event("response.output_item.done", writer => WriteItem(writer, item, at, done: true));
        }

        Event("response." + document.Status, writer => WriteDocument(writer, done: true));
        return OpenAIHeaders.Add(document.Call, new Reply { ContentType = "text/event-stream; charset=utf-8", Frames = frames, Streamed = true, WriteStreamError = WriteError });
    }

    private void WriteSummary(ResponseItem item, int at, int chunk)
    {
        if (!item.WithSummary || item.Text.Length == 0)
            return;
        Event("response.reasoning_summary_part.added", writer => WritePart(writer, item, at, "summary_index", part => ResponseItem.WritePart(part, "summary_text", "")));
        foreach (var piece in Chunks.Of(item.Text, chunk))
            Event("response.reasoning_summary_text.delta", writer => WriteDelta(writer, item, at, "summary_index", piece));
        Event("response.reasoning_summary_text.done", writer => WriteDone(writer, item, at, "summary_index", "text"));
        Event("response.reasoning_summary_part.done", writer => WritePart(writer, item, at, "summary_index", part => ResponseItem.WritePart(part, "summary_text", item.Text)));
    }

    private void WriteArguments(ResponseItem item, int at, int chunk)
    {
        foreach (var piece in Chunks.Of(item.Text, chunk))
            Event("response.function_call_arguments.delta", writer => WriteDelta(writer, item, at, null, piece));
        Event("response.function_call_arguments.done", writer => WriteDone(writer, item, at, null, "arguments"));
    }

    private void WriteText(ResponseItem item, int at, int chunk)
    {
        var kind = item.Refusal ? "refusal" : "output_text";
        Event("response.content_part.added", writer => WritePart(writer, item, at, "content_index", part => item.WriteContent(part, "")));
        foreach (var piece in Chunks.Of(item.Text, chunk))
            Event($"response.{kind}.delta", writer => WriteDelta(writer, item, at, "content_index", piece));
        Event($"response.{kind}.done", writer => WriteDone(writer, item, at, "content_index", item.Refusal ? "refusal" : "text"));
        Event("response.content_part.done", writer => WritePart(writer, item, at, "content_index", part => item.WriteContent(part, item.Text)));
    }

    private void WriteDocument(Utf8JsonWriter writer, bool done)
    {
        writer.WritePropertyName("response");
        document.Write(writer, done);
    }

    private void WriteItem(Utf8JsonWriter writer, ResponseItem item, int at, bool done)
    {
        writer.WritePropertyName("item");
        item.Write(writer, document.Call, done);
        writer.WriteNumber("output_index", at);
    }

    private static void WritePart(Utf8JsonWriter writer, ResponseItem item, int at, string indexName, Action<Utf8JsonWriter> part)
    {
        writer.WriteNumber(indexName, 0);
        writer.WriteString("item_id", item.Id);
        writer.WriteNumber("output_index", at);
        writer.WritePropertyName("part");
        part(writer);
    }

    private static void WriteDelta(Utf8JsonWriter writer, ResponseItem item, int at, string? indexName, string piece)
    {
        if (indexName is not null)
            writer.WriteNumber(indexName, 0);
        writer.WriteString("delta", piece);
        writer.WriteString("item_id", item.Id);
        WriteNoLogprobs(writer, item);
        writer.WriteString("obfuscation", "x9K2mQ7tR4vW1"[..(1 + (piece.Length % 12))]);
        writer.WriteNumber("output_index", at);
    }

    private static void WriteDone(Utf8JsonWriter writer, ResponseItem item, int at, string? indexName, string textName)
    {
        if (textName == "arguments")
            writer.WriteString("arguments", item.Text);
        if (indexName is not null)
            writer.WriteNumber(indexName, 0);
        writer.WriteString("item_id", item.Id);
        WriteNoLogprobs(writer, item);
        writer.WriteNumber("output_index", at);
        if (textName != "arguments")
            writer.WriteString(textName, item.Text);
    }

    private static void WriteNoLogprobs(Utf8JsonWriter writer, ResponseItem item)
    {
        if (item is not { Type: "message", Refusal: false })
            return;
        writer.WriteStartArray("logprobs");
        writer.WriteEndArray();
    }

    private void Event(string type, Action<Utf8JsonWriter> body) => Event(frames, type, sequence++, body);

    private static void Event(Frames target, string type, int number, Action<Utf8JsonWriter> body)
    {
        target.Write("event: "u8);
        target.Write(type);
        target.Write("\ndata: "u8);
        Json.Write(target.Writer, (type, number, body), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", state.type);
            state.body(writer);
            writer.WriteNumber("sequence_number", state.number);
            writer.WriteEndObject();
        });
        target.Write("\n\n"u8);
        target.Cut();
    }

    private void WriteError(Frames target, ProviderError error)
    {
        var (message, type, param, code) = OpenAIErrors.Shape(document.Call, error);
        var kind = code ?? (type == "requests" ? "rate_limit_exceeded" : type);
        if (error.Code != "failed")
        {
            Event(target, "error", target.Count, writer =>
            {
                writer.WriteString("code", kind);
                writer.WriteString("message", message);
                writer.WriteString("param", param);
            });
            return;
        }

        Event(target, "response.failed", target.Count, writer =>
        {
            var body = new Frames(2048);
            Json.WriteIndented(body.Writer, document, static (inner, response) => response.Write(inner, done: false));
            body.Cut();
            using var parsed = JsonDocument.Parse(body.All);
            writer.WriteStartObject("response");
            foreach (var member in parsed.RootElement.EnumerateObject())
            {
                if (member.NameEquals("status"))
                {
                    writer.WriteString("status", "failed");
                }
                else if (member.NameEquals("error"))
                {
                    writer.WriteStartObject("error");
                    writer.WriteString("code", kind);
                    writer.WriteString("message", message);
                    writer.WriteEndObject();
                }
                else
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        });
    }
}
