using Sluice.Chat;

namespace Sluice.Engine;

/// <summary>What an attempt used that was broken off before its provider told: at least the input was read.</summary>
internal static class LostUsage
{
    private const long UsualOutput = 1000;
    private const int CharactersOfToken = 4;

    /// <summary>The estimate; what the provider told before it was broken off counts first.</summary>
    public static Usage Of(Attempt attempt)
    {
        var demand = attempt.Call.Demand;
        // A whole answer may have been written to its end though nobody fetched it; of a stream nothing more is written.
        long output = attempt.Call.Head.Stream ? attempt.OutputCharacters / CharactersOfToken : Math.Min(demand.MaxOutput ?? UsualOutput, UsualOutput);
        long input = attempt.Usage?.InputTokens ?? demand.Tokens;
        output = Math.Max(output, attempt.Usage?.OutputTokens ?? 0);
        return (attempt.Usage ?? new Usage()) with { InputTokens = input, OutputTokens = output, TotalTokens = input + output };
    }
}
