using Sluice.Errors;

namespace Sluice.Resilience.Limits;

/// <summary>A limit that is reached.</summary>
/// <param name="Scope">What is limited, for messages: <c>provider 'openai'</c>.</param>
/// <param name="Name">The setting: <c>rpm</c>, <c>tpm</c> or <c>concurrency</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Wait">How long until there is room, those who wait already served first.</param>
public readonly record struct LimitRefusal(string Scope, string Name, long Value, TimeSpan Wait)
{
    /// <summary>Why there is no place in the queue either; <see langword="null"/> where the call did not ask for one.</summary>
    public string? Queue { get; init; }

    /// <summary>The refusal as the client gets it: status 429, code <c>rate_limit_exceeded</c>, with <see cref="Wait"/> as Retry-After.</summary>
    /// <param name="provider">The provider whose limit it is; <see langword="null"/> for a limit of the gateway's own.</param>
    public GatewayError ToError(string? provider = null) =>
        new(ErrorKind.RateLimited, $"{Scope} limits.{Name} = {Value} is reached{Queue}; try again in {Math.Max(1, Math.Ceiling(Wait.TotalSeconds)):0} s")
        {
            Provider = provider,
            Status = 429,
            Code = "rate_limit_exceeded",
            RetryAfter = Wait,
        };
}
