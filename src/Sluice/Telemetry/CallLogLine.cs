using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Formats.Json;

namespace Sluice.Telemetry;

/// <summary>The line of a call. What clients and providers wrote is escaped: no value can begin a new line or forge a field.</summary>
internal static class CallLogLine
{
    private const int MaxValue = 512;

    public static void Write(IBufferWriter<byte> output, CallRecord call, LogFormat format, long dropped)
    {
        if (format == LogFormat.Json) JsonOutput.Write(output, (call, dropped), static (w, s) => Json(w, s.call, s.dropped));
        else output.Write(Encoding.UTF8.GetBytes(Text(call, dropped)));
        output.Write("\n"u8);
    }

    private static void Json(Utf8JsonWriter w, CallRecord call, long dropped)
    {
        w.WriteStartObject();
        w.WriteString("time"u8, call.StartedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        w.WriteString("level"u8, Level(call));
        w.WriteString("event"u8, "call"u8);
        w.WriteString("request_id"u8, call.RequestId);
        w.WriteNumber("status"u8, call.Status);
        w.WriteString("format"u8, call.Format.Value);
        Optional(w, "key"u8, call.KeyName);
        Optional(w, "requested_model"u8, call.RequestedModel);
        Optional(w, "route"u8, call.Route);
        Optional(w, "provider"u8, call.Provider);
        Optional(w, "model"u8, call.Model);
        Optional(w, "lane"u8, call.Lane?.Name());
        w.WriteBoolean("stream"u8, call.Streamed);
        w.WriteNumber("duration_ms"u8, Math.Round(call.Duration.TotalMilliseconds, 2));
        if (call.FirstContent is { } first) w.WriteNumber("first_content_ms"u8, Math.Round(first.TotalMilliseconds, 2));
        if (call.Usage is { } usage)
        {
            if (usage.InputTokens is { } input) w.WriteNumber("input_tokens"u8, input);
            if (usage.OutputTokens is { } outputTokens) w.WriteNumber("output_tokens"u8, outputTokens);
            if (usage.CacheReadTokens is { } cached) w.WriteNumber("cached_tokens"u8, cached);
            if (usage.ReasoningTokens is { } reasoning) w.WriteNumber("reasoning_tokens"u8, reasoning);
        }
        if (call.CostUsd is { } cost) w.WriteString("cost_usd"u8, cost.ToString(CultureInfo.InvariantCulture));
        Attempts(w, call);
        PassedOver(w, call);
        if (call.Losses.Count > 0) w.WriteString("dropped"u8, Cut(string.Join(", ", call.Losses.Select(l => l.Path))));
        if (call.Error is { } error)
        {
            w.WriteString("error"u8, error.Kind.Value);
            w.WriteString("message"u8, Cut(error.Message));
        }
        if (call.Fault is { } fault) w.WriteString("fault"u8, Fault(fault));
        if (dropped > 0) w.WriteNumber("lines_dropped"u8, dropped);
        w.WriteEndObject();
    }

    private static void Attempts(Utf8JsonWriter w, CallRecord call)
    {
        w.WriteStartArray("attempts"u8);
        foreach (var attempt in call.Attempts)
        {
            w.WriteStartObject();
            w.WriteString("provider"u8, attempt.Provider);
            w.WriteString("model"u8, attempt.Model);
            Optional(w, "provider_key"u8, attempt.KeyName);
            if (!attempt.IsSent) w.WriteBoolean("sent"u8, false);
            if (attempt.UpstreamStatus != 0) w.WriteNumber("status"u8, attempt.UpstreamStatus);
            w.WriteNumber("duration_ms"u8, Math.Round(attempt.Duration.TotalMilliseconds, 2));
            if (attempt.Error is { } error) w.WriteString("error"u8, error.Kind.Value);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void PassedOver(Utf8JsonWriter w, CallRecord call)
    {
        if (call.PassedOver.Count == 0) return;
        w.WriteStartArray("passed_over"u8);
        foreach (var passed in call.PassedOver)
        {
            w.WriteStartObject();
            w.WriteString("target"u8, Cut(passed.Target));
            w.WriteString("reason"u8, Cut(passed.Reason));
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static string Text(CallRecord call, long dropped)
    {
        var line = new StringBuilder(200);
        line.Append(call.StartedAt.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)).Append(' ').Append(Level(call).PadRight(7)).Append(' ').Append(call.Status);
        line.Append(' ').Append(call.Format.Value).Append(call.Streamed ? " stream " : " ").Append(Clean(call.Route ?? call.RequestedModel ?? "-"));
        if (call.Provider is { } provider) line.Append(" -> ").Append(provider).Append('/').Append(Clean(call.Model ?? "")).Append(' ').Append(call.Lane?.Name());
        line.Append(CultureInfo.InvariantCulture, $" {call.Duration.TotalMilliseconds:0} ms");
        if (call.FirstContent is { } first && call.Streamed) line.Append(CultureInfo.InvariantCulture, $" (first {first.TotalMilliseconds:0})");
        if (call.Usage is { } usage) line.Append(CultureInfo.InvariantCulture, $" {usage.InputTokens}+{usage.OutputTokens} tokens");
        if (call.CostUsd is { } cost) line.Append(CultureInfo.InvariantCulture, $" ${cost}");
        if (call.SentAttempts is > 1 and var sent) line.Append(CultureInfo.InvariantCulture, $" {sent} attempts");
        if (call.PassedOver.Count > 0) line.Append(" passed over: ").Append(Clean(string.Join("; ", call.PassedOver.Select(p => $"{p.Target}: {p.Reason}"))));
        if (call.Losses.Count > 0) line.Append(" dropped: ").Append(Clean(string.Join(", ", call.Losses.Select(l => l.Path))));
        if (call.Error is { } error) line.Append(" error: ").Append(Clean(error.Message));
        if (call.Fault is { } fault) line.Append(" fault: ").Append(Clean(Fault(fault)));
        if (dropped > 0) line.Append(CultureInfo.InvariantCulture, $" ({dropped} lines dropped)");
        return line.Append(' ').Append(call.RequestId).ToString();
    }

    // The kind of exception and where it came from. Its text stays out: it may quote what was being read.
    private static string Fault(Exception fault) => $"{fault.GetType().Name} {fault.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";

    private static string Level(CallRecord call) => call.Error is null ? "info" : call.Status >= 500 ? "error" : "warning";

    private static void Optional(Utf8JsonWriter w, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) w.WriteString(name, Cut(value));
    }

    private static string Cut(string value) => value.Length <= MaxValue ? value : value[..MaxValue] + "...";

    // Terminals act on control characters, and a line break would begin a forged line.
    private static string Clean(string value)
    {
        string cut = Cut(value);
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c)) : cut;
    }
}
