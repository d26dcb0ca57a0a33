using Sluice.Chat;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Accounting.Ledger;

/// <summary>What a call used: by its provider's count where that is known to the end, else by estimate.</summary>
/// <param name="Usage">The usage; <see langword="null"/> where nothing was used.</param>
/// <param name="IsEstimated">True for an estimate.</param>
internal readonly record struct CallUsage(Usage? Usage, bool IsEstimated)
{
    private const double CharactersOfToken = 4;

    /// <summary>The usage of a call whose outcome is certain.</summary>
    public static CallUsage Of(CallContext call, CallRecord record)
    {
        if (call.Inbound.Format.Operation == WireOperation.CountTokens) return new CallUsage(record.Usage, false);
        bool isWhole = record.Error is null;
        if (isWhole && IsTold(call, record.Usage)) return new CallUsage(record.Usage, call.IsEstimated);
        bool mayHaveCost = isWhole || record.OutputCharacters > 0 || record.Usage is not null || record.Error!.Kind == ErrorKind.Canceled || record.Error.Kind == ErrorKind.Timeout;
        return mayHaveCost ? Completed(call, record) : default;
    }

    // Vectors have no output; of an answer both counts must be there and readable.
    private static bool IsTold(CallContext call, Usage? usage) => usage is { InputTokens: not null } && (usage.OutputTokens is not null || call.Inbound.Format.Operation == WireOperation.Embeddings);

    // A broken stream has told its input at best: Anthropic counts the output only at the end, and begins with a token or two.
    private static CallUsage Completed(CallContext call, CallRecord record)
    {
        var told = record.Usage ?? new Usage();
        long seen = (long)Math.Ceiling(record.OutputCharacters / CharactersOfToken);
        long output = told.OutputTokens is { } counted && counted * 2 >= seen ? counted : seen;
        bool isEstimated = told.InputTokens is null || told.OutputTokens != output || record.Error is not null;
        return new CallUsage(told with { InputTokens = told.InputTokens ?? call.Demand.Tokens, OutputTokens = output, TotalTokens = null }, isEstimated);
    }
}
