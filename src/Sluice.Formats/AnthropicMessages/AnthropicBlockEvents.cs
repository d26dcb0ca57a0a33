using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Writes the events of the blocks of one stream and numbers the blocks.</summary>
internal sealed class AnthropicBlockEvents
{
    private int _index;

    /// <summary><c>content_block_start</c>.</summary>
    public void Start(Part part, AnthropicBlockWriter blocks, IBufferWriter<byte> output) => JsonOutput.WriteSse(output, "content_block_start"u8, (_index, part, blocks), static (writer, s) =>
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "content_block_start"u8);
        writer.WriteNumber("index"u8, s._index);
        writer.WritePropertyName("content_block"u8);
        s.blocks.Write(writer, s.part);
        writer.WriteEndObject();
    });

    /// <summary><c>content_block_stop</c>; what follows is of the next block.</summary>
    public void Stop(IBufferWriter<byte> output) => JsonOutput.WriteSse(output, "content_block_stop"u8, _index++, static (writer, index) =>
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "content_block_stop"u8);
        writer.WriteNumber("index"u8, index);
        writer.WriteEndObject();
    });

    /// <summary>A delta of one text.</summary>
    public void Delta(string type, string name, string text, IBufferWriter<byte> output) => JsonOutput.WriteSse(output, "content_block_delta"u8, (_index, type, name, text), static (writer, s) =>
    {
        StartDelta(writer, s._index, s.type);
        writer.WriteString(s.name, s.text);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary><c>citations_delta</c>.</summary>
    public void Citation(Citation citation, IBufferWriter<byte> output) => JsonOutput.WriteSse(output, "content_block_delta"u8, (_index, citation), static (writer, s) =>
    {
        StartDelta(writer, s._index, "citations_delta");
        writer.WritePropertyName("citation"u8);
        AnthropicCitations.Write(writer, s.citation);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>A delta as the provider wrote it.</summary>
    public void Raw(RawJson delta, IBufferWriter<byte> output) => JsonOutput.WriteSse(output, "content_block_delta"u8, (_index, delta), static (writer, s) =>
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "content_block_delta"u8);
        writer.WriteNumber("index"u8, s._index);
        writer.WritePropertyName("delta"u8);
        writer.WriteOneLine(s.delta);
        writer.WriteEndObject();
    });

    private static void StartDelta(Utf8JsonWriter writer, int index, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "content_block_delta"u8);
        writer.WriteNumber("index"u8, index);
        writer.WriteStartObject("delta"u8);
        writer.WriteString("type"u8, type);
    }
}
