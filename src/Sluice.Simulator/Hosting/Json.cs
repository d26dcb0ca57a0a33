using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Simulator.Hosting;

/// <summary>Writers are kept for each thread: an answer is written without an allocation for its writer.</summary>
internal static class Json
{
    [ThreadStatic]
    private static Utf8JsonWriter? compact;

    [ThreadStatic]
    private static Utf8JsonWriter? indented;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private static readonly ArrayBufferWriter<byte> Nowhere = new(16);

    /// <summary>JSON without white space, text outside ASCII as it is.</summary>
    public static void Write<TState>(IBufferWriter<byte> target, TState state, Action<Utf8JsonWriter, TState> write) =>
        Run(compact ??= new Utf8JsonWriter(Nowhere, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }), target, state, write);

    /// <summary>JSON on many lines, as OpenAI and Gemini send their whole answers.</summary>
    public static void WriteIndented<TState>(IBufferWriter<byte> target, TState state, Action<Utf8JsonWriter, TState> write) =>
        Run(indented ??= new Utf8JsonWriter(Nowhere, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, SkipValidation = true }), target, state, write);

    /// <summary>JSON with angle brackets and ampersands escaped, as Go's encoder does; they stand in strings only.</summary>
    public static void WriteEscaping<TState>(IBufferWriter<byte> target, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var whole = scratch ??= new ArrayBufferWriter<byte>(1024);
        whole.ResetWrittenCount();
        Write(whole, state, write);
        var left = whole.WrittenSpan;
        for (var at = left.IndexOfAny((byte)'<', (byte)'>', (byte)'&'); at >= 0; at = left.IndexOfAny((byte)'<', (byte)'>', (byte)'&'))
        {
            target.Write(left[..at]);
            target.Write(left[at] switch { (byte)'<' => "\\u003c"u8, (byte)'>' => "\\u003e"u8, _ => "\\u0026"u8 });
            left = left[(at + 1)..];
        }

        target.Write(left);
    }

    private static void Run<TState>(Utf8JsonWriter writer, IBufferWriter<byte> target, TState state, Action<Utf8JsonWriter, TState> write)
    {
        writer.Reset(target);
        try
        {
            write(writer, state);
            writer.Flush();
        }
        finally
        {
            writer.Reset(Nowhere);
        }
    }
}
