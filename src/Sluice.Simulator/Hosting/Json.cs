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
    private static Utf8JsonWriter? escaping;

    private static readonly ArrayBufferWriter<byte> Nowhere = new(16);

    /// <summary>JSON without white space, text outside ASCII as it is.</summary>
    public static void Write<TState>(IBufferWriter<byte> target, TState state, Action<Utf8JsonWriter, TState> write) =>
        Run(compact ??= new Utf8JsonWriter(Nowhere, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }), target, state, write);

    /// <summary>JSON on many lines, as OpenAI and Gemini send their whole answers.</summary>
    public static void WriteIndented<TState>(IBufferWriter<byte> target, TState state, Action<Utf8JsonWriter, TState> write) =>
        Run(indented ??= new Utf8JsonWriter(Nowhere, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, SkipValidation = true }), target, state, write);

    /// <summary>JSON with the angle brackets and ampersands escaped, as Go's encoder does.</summary>
    public static void WriteEscaping<TState>(IBufferWriter<byte> target, TState state, Action<Utf8JsonWriter, TState> write) =>
        Run(escaping ??= new Utf8JsonWriter(Nowhere, new JsonWriterOptions { Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All), SkipValidation = true }), target, state, write);

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
