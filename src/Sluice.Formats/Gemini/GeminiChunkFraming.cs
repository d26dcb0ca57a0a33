using System.Buffers;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// How chunks stand in the body: as server-sent events that end with CR LF CR LF (<c>alt=sse</c>, which the SDKs ask for), or as the elements of one
/// JSON array that is written over time.
/// </summary>
internal sealed class GeminiChunkFraming(StreamStyle style)
{
    private bool _isOpen;

    public void Chunk<TState>(IBufferWriter<byte> output, TState state, Action<Utf8JsonWriter, TState> write)
    {
        Begin(output);
        JsonOutput.Write(output, state, write);
        if (style != StreamStyle.JsonArray) output.Write("\r\n\r\n"u8);
    }

    public void Error(GatewayError error, IBufferWriter<byte> output)
    {
        Begin(output);
        GeminiErrors.WriteLine(error, output);
        if (style == StreamStyle.JsonArray) output.Write("]"u8);
        else output.Write("\r\n\r\n"u8);
    }

    public void End(IBufferWriter<byte> output)
    {
        if (style == StreamStyle.JsonArray) output.Write("]"u8);
    }

    private void Begin(IBufferWriter<byte> output)
    {
        output.Write(style != StreamStyle.JsonArray ? "data: "u8 : _isOpen ? ",\r\n"u8 : "["u8);
        _isOpen = true;
    }
}
