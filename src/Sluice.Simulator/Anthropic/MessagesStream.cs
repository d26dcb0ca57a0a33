using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>
/// The events of a streamed message: start, blocks one after the other, delta with the stop reason and the cumulative usage, stop. As with the real
/// service a ping follows the start of the first block, and white space of varying length stands before the last brace.
/// </summary>
internal sealed class MessagesStream(Message message)
{
    private const string Spaces = "               ";
    private readonly Frames frames = new(4096);

    public Reply Write(int chunk)
    {
        Event("message_start", writer =>
        {
            writer.WriteStartObject("message");
            message.WriteHead(writer);
            writer.WriteStartArray("content");
            writer.WriteEndArray();
            writer.WriteNull("stop_reason");
            writer.WriteNull("stop_sequence");
            writer.WriteNull("stop_details");
            message.WriteUsage(writer, outputTokens: 1, start: true, end: false);
            writer.WriteEndObject();
        });
        for (var i = 0; i < message.Blocks.Count; i++)
            WriteBlock(i, chunk);
        Event("message_delta", writer =>
        {
            writer.WriteStartObject("delta");
            message.WriteStop(writer);
            writer.WriteEndObject();
            message.WriteUsage(writer, message.Answer.OutputTokens, start: false, end: true);
        });
        Event("message_stop", static _ => { });
        var call = message.Call;
        return AnthropicErrors.AddHeaders(call, new Reply
        {
            ContentType = "text/event-stream; charset=utf-8", Frames = frames, Streamed = true,
            WriteStreamError = (target, error) => AnthropicErrors.WriteEvent(target, call, error),
        }).With("cache-control", "no-cache");
    }

    private void WriteBlock(int index, int chunk)
    {
        var block = message.Blocks[index];
        Event("content_block_start", writer =>
        {
            writer.WriteNumber("index", index);
            writer.WritePropertyName("content_block");
            (block.Type switch
            {
                "redacted_thinking" => block,
                "tool_use" => block with { Text = "{}" },
                _ => block with { Text = "", Signature = "" },
            }).Write(writer);
        });
        if (index == 0)
            frames.Add("event: ping\ndata: {\"type\": \"ping\"}\n\n"u8);
        switch (block.Type)
        {
            case "text":
                WriteDeltas(index, "text_delta", "text", Chunks.Of(block.Text, chunk));
                break;
            case "thinking":
                WriteDeltas(index, "thinking_delta", "thinking", Chunks.Of(block.Text, chunk));
                WriteDeltas(index, "signature_delta", "signature", [block.Signature]);
                break;
            case "tool_use":
                // The first piece is always empty; a call without arguments has no other.
                WriteDeltas(index, "input_json_delta", "partial_json", block.Text == "{}" ? [""] : Chunks.Of(block.Text, chunk).Prepend(""));
                break;
        }

        Event("content_block_stop", writer => writer.WriteNumber("index", index));
    }

    private void WriteDeltas(int index, string type, string member, IEnumerable<string> pieces)
    {
        foreach (var piece in pieces)
        {
            Event("content_block_delta", writer =>
            {
                writer.WriteNumber("index", index);
                writer.WriteStartObject("delta");
                writer.WriteString("type", type);
                writer.WriteString(member, piece);
                writer.WriteEndObject();
            });
        }
    }

    private void Event(string type, Action<Utf8JsonWriter> body)
    {
        frames.Write("event: "u8);
        frames.Write(type);
        frames.Write("\ndata: "u8);
        Json.Write(frames.Writer, (type, body), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", state.type);
            state.body(writer);
        });
        frames.Write(Spaces[..(frames.Count * 11 % Spaces.Length)]);
        frames.Write("}\n\n"u8);
        frames.Cut();
    }
}
