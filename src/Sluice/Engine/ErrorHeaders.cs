using System.Globalization;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Makes the headers of an error: when to come back and whether to, and how the provider knows it.</summary>
internal static class ErrorHeaders
{
    /// <summary>Adds them.</summary>
    /// <param name="head">The answer's head.</param>
    /// <param name="error">The error.</param>
    /// <param name="client">The format of the client, whose SDKs read some.</param>
    public static void Add(AnswerHead head, GatewayError error, IWireFormat client)
    {
        if (error.RetryAfter is { } wait)
        {
            // Rounded up: a client that comes back too early is refused again.
            head.Headers.Add(new("Retry-After", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
            if (wait.TotalSeconds < 60) head.Headers.Add(new("retry-after-ms", Math.Ceiling(wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
        }
        if (client.ShouldRetryHeader is { } name && (error.ShouldRetry ?? MayHelp(error)) is { } again) head.Headers.Add(new(name, again ? "true" : "false"));
        if (error.UpstreamRequestId is { } id) head.Headers.Add(new("x-sluice-upstream-request-id", AnswerHeads.Ascii(id, 200)));
        if (error.Guidance is { } guidance) head.Headers.Add(new("x-sluice-guidance", AnswerHeads.Ascii(guidance, 1000)));
    }

    // SDKs try 408, 409, 429 and all of 5xx again by themselves; what is spent or wrong stays so.
    private static bool? MayHelp(GatewayError error) => error.Kind == ErrorKind.QuotaSpent || error.Kind == ErrorKind.BudgetSpent ? false : error.StatusOrDefault switch
    {
        408 or 429 or >= 500 => true,
        409 or < 400 => null,
        _ => false,
    };
}
