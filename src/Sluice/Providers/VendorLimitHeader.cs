namespace Sluice.Providers;

/// <summary>The headers in which a vendor tells one of its limits.</summary>
/// <param name="Kind">What is limited: <c>requests</c>, <c>tokens</c>, <c>input_tokens</c>, <c>output_tokens</c>.</param>
/// <param name="Limit">The header with the limit.</param>
/// <param name="Remaining">The header with what is left of it.</param>
/// <param name="Reset">The header that says when it is whole again; null where there is none.</param>
/// <param name="ResetAs">How <paramref name="Reset"/> is written.</param>
public sealed record VendorLimitHeader(string Kind, string Limit, string Remaining, string? Reset, LimitResetForm ResetAs);

/// <summary>How the time of a reset is written.</summary>
public enum LimitResetForm
{
    /// <summary>It is not told.</summary>
    None,

    /// <summary>A span with units: <c>6m0s</c>, <c>120ms</c>, <c>1.5s</c> (OpenAI).</summary>
    Duration,

    /// <summary>A time by RFC 3339 (Anthropic).</summary>
    Timestamp,

    /// <summary>Seconds from now.</summary>
    Seconds,

    /// <summary>Milliseconds since 1970 (OpenRouter).</summary>
    UnixMilliseconds,
}
