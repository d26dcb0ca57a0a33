using System.Text;
using Sluice.Chat;
using Sluice.Engine;
using Sluice.Formats.Json;
using Sluice.Pricing;
using Sluice.Storage;

namespace Sluice.Accounting.Ledger;

/// <summary>Makes the ledger's entry of a call.</summary>
internal static class LedgerEntries
{
    /// <summary>The entry; <see langword="null"/> for a call that reached no provider.</summary>
    public static LedgerEntry? Of(CallContext call, CallRecord record)
    {
        if (!record.SentAny || call.Current is not { } answering) return null;
        var (usage, isEstimated) = CallUsage.Of(call, record);
        // Nothing used is nothing owed; what was used at no known price is unknown.
        var cost = usage is null ? new Cost { Usd = 0 } : call.Gateway.Costs.Priced(answering, usage);
        var entry = new LedgerEntry
        {
            Id = record.RequestId,
            StartedAt = record.StartedAt,
            Duration = record.Duration,
            FirstContent = record.FirstContent,
            Format = record.Format.Value,
            Status = record.Status,
            Outcome = record.Error?.Kind.Value ?? "ok",
            KeyId = record.KeyId,
            KeyName = record.KeyName,
            Groups = call.Inbound.Caller?.Groups ?? [],
            Route = record.Route,
            Provider = record.Provider,
            Model = record.Model,
            AnsweredModel = record.AnsweredModel,
            Streamed = record.Streamed,
            Attempts = Attempts(record),
            Estimated = isEstimated || record.Attempts.Any(a => a.IsEstimated),
            Labels = CallLabels.Of(call),
        };
        return With(entry, usage, cost, call.HasSideCosts ? call.SideCost : 0);
    }

    /// <summary>An entry with what the call used and cost.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="usage">What the answer used; <see langword="null"/> for nothing.</param>
    /// <param name="cost">What that cost.</param>
    /// <param name="aside">What attempts beside it cost in USD; <see langword="null"/> where that is unknown.</param>
    public static LedgerEntry With(LedgerEntry entry, Usage? usage, Cost cost, decimal? aside) => entry with
    {
        InputTokens = usage?.InputTokens,
        OutputTokens = usage?.OutputTokens,
        CacheReadTokens = usage?.CacheReadTokens,
        CacheWriteTokens = Sum(usage?.CacheWriteTokens, usage?.CacheWrite1hTokens),
        ReasoningTokens = usage?.ReasoningTokens,
        AudioTokens = Sum(usage?.InputAudioTokens, usage?.OutputAudioTokens),
        RawUsage = usage is { Raw.IsAbsent: false } ? Encoding.UTF8.GetString(usage.Raw.Utf8.Span) : null,
        RawUsageFormat = usage?.RawFormat?.Value,
        CostUsd = cost.Usd + aside,
        Price = usage is null ? null : cost.ToJson(),
    };

    private static long? Sum(long? a, long? b) => a is null && b is null ? null : (a ?? 0) + (b ?? 0);

    private static string Attempts(CallRecord record) => JsonOutput.ToText(record, static (w, r) =>
    {
        w.WriteStartArray();
        foreach (var attempt in r.Attempts)
        {
            w.WriteStartObject();
            w.WriteString("provider"u8, attempt.Provider);
            w.WriteString("model"u8, attempt.Model);
            if (attempt.KeyName is { } key) w.WriteString("key"u8, key);
            if (attempt.UpstreamStatus != 0) w.WriteNumber("status"u8, attempt.UpstreamStatus);
            if (!attempt.IsSent) w.WriteBoolean("sent"u8, false);
            if (attempt.IsAside) w.WriteBoolean("aside"u8, true);
            if (attempt.Error is { } error) w.WriteString("error"u8, error.Kind.Value);
            w.WriteNumber("ms"u8, Math.Round(attempt.Duration.TotalMilliseconds, 1));
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });
}
