using System.Globalization;
using Sluice.Errors;

namespace Sluice.Engine;

/// <summary>Makes the error of a call out of those of its attempts.</summary>
internal static class AttemptSummary
{
    /// <summary>The error that tells the client more: of two limits the one that ends sooner, else the later, but nothing that was not even tried.</summary>
    public static GatewayError Better(GatewayError? last, GatewayError error)
    {
        if (last is null) return error;
        if (last.Kind == ErrorKind.RateLimited && error.Kind == ErrorKind.RateLimited) return last.RetryAfter < error.RetryAfter ? last : error;
        if (IsResting(last) && IsResting(error)) return last.RetryAfter < error.RetryAfter ? last : error;
        return IsResting(error) ? last : error;
    }

    /// <summary>One target: its own error, as it is. Several: what became of each, with the status of the last.</summary>
    public static GatewayError? Of(CallContext call, GatewayError? last)
    {
        if (last is null) return null;
        if (IsResting(last)) return Resting(call, last.RetryAfter ?? TimeSpan.FromSeconds(1));
        var failed = call.Attempts.Where(a => a.Error is not null).ToArray();
        if (failed.Select(a => (a.Provider, a.Model)).Distinct().Count() < 2) return last;
        var told = failed.GroupBy(a => (a.Provider, a.Model, a.Error!.Message)).Select(g => $"{g.Key.Provider}/{g.Key.Model}: {g.Key.Message}{(g.Count() > 1 ? $" ({g.Count()} times)" : "")}");
        return last with { Message = $"no target of '{call.Route?.Name}' could answer: {string.Join("; ", told)}", Raw = default };
    }

    /// <summary>
    /// Which attempts failed and why, in order and in a few words: <c>openai/gpt-5.4: rate_limited 429; openai/gpt-5.4: timeout first_token</c>.
    /// <see langword="null"/> where none did.
    /// </summary>
    public static string? Failures(IReadOnlyList<AttemptRecord> attempts)
    {
        var told = attempts.Where(a => a.Error is not null).Select(a => $"{a.Provider}/{a.Model}: {a.Error!.Kind.Value}{Detail(a)}");
        return string.Join("; ", told) is { Length: > 0 } text ? text : null;
    }

    // The provider's status, or the name that we give to a failure without one.
    private static string Detail(AttemptRecord attempt) => attempt.UpstreamStatus >= 400 ? string.Create(CultureInfo.InvariantCulture, $" {attempt.UpstreamStatus}") : attempt.Error!.Code is { Length: > 0 } code ? $" {code}" : "";

    private static bool IsResting(GatewayError error) => error.Code == "target_resting";

    private static GatewayError Resting(CallContext call, TimeSpan rest) =>
        new(ErrorKind.Overloaded, $"every target of '{call.Route?.Name}' rests after repeated failures; try again in {Math.Max(1, Math.Ceiling(rest.TotalSeconds)):0} s") { Status = 503, Code = "all_targets_resting", RetryAfter = rest };
}
