using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Formats.Json;

/// <summary>Pooled JSON writers. Text outside ASCII is written as it is, as the providers do.</summary>
public static class JsonOutput
{
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    private static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 256 };

    /// <summary>A writer with the options of this class, for one who writes many values and keeps it.</summary>
    public static Utf8JsonWriter CreateWriter(IBufferWriter<byte> output) => new(output, Options);

    /// <summary>Writes one JSON value to an output.</summary>
    public static void Write<TState>(IBufferWriter<byte> output, TState state, Action<Utf8JsonWriter, TState> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var writer = _writer ?? new Utf8JsonWriter(output, Options);
        _writer = null;
        writer.Reset(output);
        write(writer, state);
        writer.Flush();
        _writer = writer;
    }

    /// <summary>Writes one JSON value as the data of a server-sent event, with an event name where one is given.</summary>
    public static void WriteSse<TState>(IBufferWriter<byte> output, ReadOnlySpan<byte> name, TState state, Action<Utf8JsonWriter, TState> write)
    {
        if (!name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(name);
            output.Write("\n"u8);
        }
        output.Write("data: "u8);
        Write(output, state, write);
        output.Write("\n\n"u8);
    }

    /// <summary>Writes one JSON value into bytes of its own.</summary>
    public static Wire.RawJson ToRaw<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = Written(state, write);
        var raw = new Wire.RawJson(buffer.WrittenSpan.ToArray());
        Keep(buffer);
        return raw;
    }

    /// <summary>Writes one JSON value as text.</summary>
    public static string ToText<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = Written(state, write);
        string text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        Keep(buffer);
        return text;
    }

    /// <summary>A JSON string with quotes, escaped as our writers do.</summary>
    public static byte[] QuotedString(string value) => ToRaw(value, static (w, v) => w.WriteStringValue(v)).Utf8.ToArray();

    private static ArrayBufferWriter<byte> Written<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = _buffer ?? new ArrayBufferWriter<byte>(1024);
        _buffer = null;
        buffer.ResetWrittenCount();
        Write(buffer, state, write);
        return buffer;
    }

    private static void Keep(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity <= 64 * 1024) _buffer = buffer;
    }
}
