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
    public static RetryDecision Decide(GatewayError error, RetryConfig retry, int attempt, double random)
    {
        switch (error.Kind.Value)
        {
            case "canceled" or "budget_spent" or "internal":
                return new RetryDecision(NextStep.Stop);
            case "invalid_request" or "too_large":
                return new RetryDecision(NextStep.Stop);
            case "content_filter":
                return new RetryDecision(retry.ContentFilter ? NextStep.NextTarget : NextStep.Stop);
            case "authentication" or "permission" or "not_found" or "context_too_long" or "quota_spent":
                return new RetryDecision(NextStep.NextTarget);
            default:
                break;
        }
        bool again = attempt < retry.MaxAttempts && (error.Kind == ErrorKind.Network || error.Kind == ErrorKind.MalformedAnswer || error.Kind == ErrorKind.Timeout || error.Kind == ErrorKind.Overloaded || retry.Statuses.Contains(error.StatusOrDefault));
        return again ? new RetryDecision(NextStep.Retry, Delay(error, retry, attempt, random)) : new RetryDecision(NextStep.NextTarget);
    }

    private static TimeSpan Delay(GatewayError error, RetryConfig retry, int attempt, double random)
    {
        if (retry.RespectRetryAfter && error.RetryAfter is { } asked) return asked;
        double full = Math.Min(retry.BaseDelay.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30)), retry.MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(full * (1 - (retry.Jitter * random)));
    }
}
