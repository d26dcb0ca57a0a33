using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Pricing;

namespace Sluice.Telemetry.Logging;

/// <summary>The line of a call. What clients and providers wrote is escaped: no value can begin a new line or forge a field.</summary>
internal sealed class CallLine(CallRecord call) : LogLine
{
    public override DateTimeOffset Time => call.StartedAt;

    public override LogLevelName Level => LevelOf(call);

    public override string Event => "call";

    public override IReadOnlyList<string>? Credentials => call.Credentials;

    public static LogLevelName LevelOf(CallRecord call) => call.Error is null ? LogLevelName.Info : call.Status >= 500 ? LogLevelName.Error : LogLevelName.Warning;

    public override void WriteFields(LogFields fields)
    {
        var w = fields.Writer;
        w.WriteString("request_id"u8, call.RequestId);
        fields.Write("shadow_of"u8, call.ShadowOf);
        w.WriteNumber("status"u8, call.Status);
        w.WriteString("format"u8, call.Format.Value);
        fields.Write("key"u8, call.KeyName);
        fields.Write("requested_model"u8, call.RequestedModel);
        fields.Write("route"u8, call.Route);
        fields.Write("provider"u8, call.Provider);
        fields.Write("model"u8, call.Model);
        fields.Write("answered_model"u8, call.AnsweredModel);
        fields.Write("lane"u8, call.Lane?.Name());
        w.WriteBoolean("stream"u8, call.Streamed);
        fields.Write("duration_ms"u8, call.Duration);
        if (call.FirstContent is { } first) fields.Write("first_content_ms"u8, first);
        Usage(w);
        if (call.CostUsd is { } cost) w.WriteString("cost_usd"u8, Money.Text(cost));
        Attempts(fields);
        PassedOver(fields);
        if (call.Losses.Count > 0) fields.Write("dropped"u8, LossText.Paths(call.Losses));
        if (call.Error is { } error)
        {
            w.WriteString("error"u8, error.Kind.Value);
            fields.Write("message"u8, error.Message);
        }
        if (call.Fault is { } fault) fields.Write("fault"u8, Fault(fault));
        fields.Write("trace_id"u8, call.TraceId);
    }

    public override void WriteText(StringBuilder line, LogText text)
    {
        if (call.ShadowOf is { } original) line.Append("shadow of ").Append(original).Append(' ');
        line.Append(call.Status).Append(' ').Append(call.Format.Value).Append(call.Streamed ? " stream " : " ").Append(text.Plain(call.Route ?? call.RequestedModel ?? "-"));
        if (call.Provider is { } provider) line.Append(" -> ").Append(provider).Append('/').Append(text.Plain(call.Model ?? "")).Append(' ').Append(call.Lane?.Name());
        line.Append(CultureInfo.InvariantCulture, $" {call.Duration.TotalMilliseconds:0} ms");
        if (call.FirstContent is { } first && call.Streamed) line.Append(CultureInfo.InvariantCulture, $" (first {first.TotalMilliseconds:0})");
        if (call.Usage is { } usage) line.Append(CultureInfo.InvariantCulture, $" {usage.InputTokens}+{usage.OutputTokens} tokens");
        if (call.CostUsd is { } cost) line.Append(CultureInfo.InvariantCulture, $" ${Money.Text(cost)}");
        if (call.SentAttempts is > 1 and var sent) line.Append(CultureInfo.InvariantCulture, $" {sent} attempts");
        if (call.KeyName is { } key) line.Append(" key ").Append(text.Plain(key));
        if (call.PassedOver.Count > 0) line.Append(" passed over: ").Append(text.Plain(string.Join("; ", call.PassedOver.Select(p => $"{p.Target}: {p.Reason}"))));
        if (call.Losses.Count > 0) line.Append(" dropped: ").Append(text.Plain(LossText.Paths(call.Losses)));
        if (call.Error is { } error) line.Append(" error: ").Append(text.Plain(error.Message));
        if (call.Fault is { } fault) line.Append(" fault: ").Append(text.Plain(Fault(fault)));
        line.Append(' ').Append(call.RequestId);
    }

    private void Usage(Utf8JsonWriter w)
    {
        if (call.Usage is not { } usage) return;
        if (usage.InputTokens is { } input) w.WriteNumber("input_tokens"u8, input);
        if (usage.OutputTokens is { } output) w.WriteNumber("output_tokens"u8, output);
        if (usage.CacheReadTokens is { } cached) w.WriteNumber("cached_tokens"u8, cached);
        if (usage.CacheWriteTokens is { } written) w.WriteNumber("cache_write_tokens"u8, written);
        if (usage.ReasoningTokens is { } reasoning) w.WriteNumber("reasoning_tokens"u8, reasoning);
    }

    private void Attempts(LogFields fields)
    {
        var w = fields.Writer;
        w.WriteStartArray("attempts"u8);
        foreach (var attempt in call.Attempts)
        {
            w.WriteStartObject();
            w.WriteString("provider"u8, attempt.Provider);
            fields.Write("model"u8, attempt.Model);
            fields.Write("provider_key"u8, attempt.KeyName);
            if (!attempt.IsSent) w.WriteBoolean("sent"u8, false);
            if (attempt.UpstreamStatus != 0) w.WriteNumber("status"u8, attempt.UpstreamStatus);
            fields.Write("duration_ms"u8, attempt.Duration);
            if (attempt.Error is { } error) w.WriteString("error"u8, error.Kind.Value);
            if (attempt.Role != AttemptRole.Usual) w.WriteString("role"u8, attempt.Role == AttemptRole.Hedge ? "hedge"u8 : "continuation"u8);
            if (attempt.IsAside) Aside(w, attempt);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    // What was used beside the answer: its cost is in the call's.
    private static void Aside(Utf8JsonWriter w, AttemptRecord attempt)
    {
        w.WriteBoolean("aside"u8, true);
        if (attempt.IsEstimated) w.WriteBoolean("estimated"u8, true);
        if (attempt.Usage?.InputTokens is { } input) w.WriteNumber("input_tokens"u8, input);
        if (attempt.Usage?.OutputTokens is { } output) w.WriteNumber("output_tokens"u8, output);
        if (attempt.CostUsd is { } cost) w.WriteString("cost_usd"u8, Money.Text(cost));
    }

    private void PassedOver(LogFields fields)
    {
        if (call.PassedOver.Count == 0) return;
        var w = fields.Writer;
        w.WriteStartArray("passed_over"u8);
        foreach (var passed in call.PassedOver)
        {
            w.WriteStartObject();
            fields.Write("target"u8, passed.Target);
            fields.Write("reason"u8, passed.Reason);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    // The kind of exception and where it came from. Its text stays out: it may quote what was being read.
    private static string Fault(Exception fault) => $"{fault.GetType().Name} {fault.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
}
