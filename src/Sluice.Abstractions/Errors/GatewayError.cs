using Sluice.Wire;

namespace Sluice.Errors;

/// <summary>A failure as a value. Server-side codecs write it in the client's own format.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Message">What, where, and what would be right; the provider's own message where it is the provider's error. Never a secret.</param>
public sealed record GatewayError(ErrorKind Kind, string Message)
{
    /// <summary>The HTTP status for the client; 0 lets <see cref="StatusOrDefault"/> choose by kind.</summary>
    public int Status { get; init; }

    /// <summary>The provider's error code (<c>model_not_found</c>, <c>overloaded_error</c>, <c>RESOURCE_EXHAUSTED</c>) as it spelled it.</summary>
    public string? Code { get; init; }

    /// <summary>The provider's error type as it spelled it.</summary>
    public string? Type { get; init; }

    /// <summary>The request field at fault, as a path (<c>messages[2].content</c>).</summary>
    public string? Param { get; init; }

    /// <summary>How long to wait before trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The name of the provider that failed; <see langword="null"/> for an error of the gateway.</summary>
    public string? Provider { get; init; }

    /// <summary>What the user can do about it: which variable to set, where a key is made.</summary>
    public string? Guidance { get; init; }

    /// <summary>The provider's error body; absent where there was none or it is not JSON.</summary>
    public RawJson Raw { get; init; }

    /// <summary>The format of <see cref="Raw"/>.</summary>
    public WireFormatId? RawFormat { get; init; }

    /// <summary>Whether the provider says that trying again may help (<c>x-should-retry</c>); <see langword="null"/> where it does not say.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>True where the gateway itself cannot go on with the call: no target is at fault, and none is tried after it.</summary>
    public bool StopsCall { get; init; }

    /// <summary>The id of the client's request; <see langword="null"/> until the client is told.</summary>
    public string? RequestId { get; init; }

    /// <summary>The provider's own request id, for its support.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary><see cref="Status"/>, or the usual one of <see cref="Kind"/>.</summary>
    public int StatusOrDefault => Status != 0 ? Status : Kind.Value switch
    {
        "authentication" => 401,
        "permission" => 403,
        "not_found" => 404,
        "invalid_request" or "context_too_long" or "content_filter" => 400,
        "too_large" => 413,
        "rate_limited" => 429,
        "quota_spent" or "budget_spent" => 402,
        "overloaded" => 503,
        "timeout" => 504,
        "network" or "malformed_answer" => 502,
        "canceled" => 499,
        _ => 500,
    };

    /// <summary>The usual kind of an HTTP status that a provider answered with.</summary>
    public static ErrorKind KindOfStatus(int status) => status switch
    {
        401 => ErrorKind.Authentication,
        402 => ErrorKind.QuotaSpent,
        403 => ErrorKind.Permission,
        404 => ErrorKind.NotFound,
        408 or 504 => ErrorKind.Timeout,
        413 => ErrorKind.TooLarge,
        429 => ErrorKind.RateLimited,
        503 or 529 => ErrorKind.Overloaded,
        >= 400 and < 500 => ErrorKind.InvalidRequest,
        _ => ErrorKind.Upstream,
    };
}
