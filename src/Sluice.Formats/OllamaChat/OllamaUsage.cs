using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// The counts and durations (nanoseconds) at the root of an answer, <c>api.Metrics</c>. A count that is zero is left out on the wire, for example when the
/// whole prompt was cached.
/// </summary>
internal static class OllamaUsage
{
    /// <summary>The answer has neither counts nor durations.</summary>
    public const string None = "no-metrics";

    /// <summary>Names of the members.</summary>
    public static IReadOnlyList<string> Names { get; } = ["total_duration", "load_duration", "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration"];

    private static byte[][] Members { get; } = [.. Names.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>Reads them; <see langword="null"/> where there are none.</summary>
    public static Usage? Read(JsonElement root)
    {
        if (!Array.Exists(Members, name => root.Get(name) is not null)) return null;
        return new Usage
        {
            InputTokens = root.Tokens("prompt_eval_count"u8),
            OutputTokens = root.Tokens("eval_count"u8),
            Raw = JsonOutput.ToRaw(root, static (writer, source) => Copy(writer, source)),
            RawFormat = WireFormatId.OllamaChat,
        };
    }

    /// <summary>Writes them: Ollama's own as they came, else the counts that are known and the durations that were measured.</summary>
    public static void Write(Utf8JsonWriter writer, Usage? usage, in OllamaTimings timings)
    {
        if (usage is { RawFormat: { } format, Raw.IsAbsent: false } && format == WireFormatId.OllamaChat)
        {
            foreach (var member in usage.Raw.ToElement().EnumerateObject()) member.WriteTo(writer);
            return;
        }
        writer.WriteNumber("total_duration"u8, timings.Total);
        writer.WriteNumber("load_duration"u8, 0);
        if (usage?.InputTokens is { } input) writer.WriteNumber("prompt_eval_count"u8, input);
        writer.WriteNumber("prompt_eval_duration"u8, timings.Prompt);
        if (usage?.OutputTokens is { } output) writer.WriteNumber("eval_count"u8, output);
        writer.WriteNumber("eval_duration"u8, timings.Total - timings.Prompt);
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement root)
    {
        writer.WriteStartObject();
        foreach (byte[] name in Members)
        {
            if (root.Get(name) is not { } value) continue;
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}

/// <summary>How long an answer took, in nanoseconds, measured by the gateway.</summary>
/// <param name="Total">From the call's begin to the answer's end.</param>
/// <param name="Prompt">From the call's begin to the first content.</param>
internal readonly record struct OllamaTimings(long Total, long Prompt)
{
    /// <summary>Nanoseconds between two time stamps.</summary>
    public static long Between(TimeProvider time, long start, long end) => time.GetElapsedTime(start, end).Ticks * 100;
}
