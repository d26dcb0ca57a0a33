using Sluice.Configuration;
using Sluice.Errors;

namespace Sluice.Resilience;

/// <summary>Decides by the kind of error whether trying again can help, here or elsewhere.</summary>
internal static class RetryPolicy
{
    /// <summary>Decides what follows.</summary>
    /// <param name="error">Why the attempt failed.</param>
    /// <param name="retry">The target's settings.</param>
    /// <param name="attempt">Attempts made at this target so far.</param>
    /// <param name="random">A number from 0 to 1.</param>
    /// <param name="hasOtherKey">Whether the provider has keys that this call has not tried.</param>
    public static RetryDecision Decide(GatewayError error, RetryConfig retry, int attempt, double random, bool hasOtherKey)
    {
        switch (error.Kind.Value)
        {
            case "canceled" or "budget_spent" or "internal" or "invalid_request" or "too_large":
                return new RetryDecision(NextStep.Stop);
            case "overloaded" when error.StopsCall:
                return new RetryDecision(NextStep.Stop);
            case "content_filter":
                return new RetryDecision(retry.ContentFilter ? NextStep.NextTarget : NextStep.Stop);
            case "not_found" or "context_too_long":
                return new RetryDecision(NextStep.NextTarget);
            case "authentication" or "permission" or "quota_spent":
                return new RetryDecision(hasOtherKey ? NextStep.NextKey : NextStep.NextTarget);
            case "rate_limited":
                if (hasOtherKey) return new RetryDecision(NextStep.NextKey);
                return attempt < retry.MaxAttempts && retry.Statuses.Contains(429) ? new RetryDecision(NextStep.Hold, Delay(error, retry, attempt, random)) : new RetryDecision(NextStep.NextTarget);
            // A certificate does not mend itself within a call.
            case "network" when error.Code == "tls":
                return new RetryDecision(NextStep.NextTarget);
            default:
                break;
        }
        bool again = attempt < retry.MaxAttempts && (error.Kind == ErrorKind.Network || error.Kind == ErrorKind.MalformedAnswer || error.Kind == ErrorKind.Timeout || error.Kind == ErrorKind.Overloaded || retry.Statuses.Contains(error.StatusOrDefault));
        if (!again) return new RetryDecision(NextStep.NextTarget);
        var delay = Delay(error, retry, attempt, random);
        // Who asks for a long rest is left alone while others can answer.
        return new RetryDecision(delay > retry.MaxDelay ? NextStep.Hold : NextStep.Retry, delay);
    }

    private static TimeSpan Delay(GatewayError error, RetryConfig retry, int attempt, double random)
    {
        // A little later than asked, each call by another share: not all who were told the same come back at the same moment.
        // Who asks for no wait at all, or for a time that is over, gets the backoff: three attempts at once would help nobody.
        if (retry.RespectRetryAfter && error.RetryAfter is { } asked && asked > TimeSpan.Zero) return asked + (asked * (0.1 * retry.Jitter * random));
        double full = Math.Min(retry.BaseDelay.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30)), retry.MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(full * (1 - (retry.Jitter * random)));
    }
}
