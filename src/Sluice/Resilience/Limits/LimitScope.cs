using Sluice.Configuration;

namespace Sluice.Resilience.Limits;

/// <summary>One thing that calls are limited for: a provider, a target, a route, a key.</summary>
/// <param name="Name">Its name in messages: <c>provider 'openai'</c>.</param>
/// <param name="Limits">The rates in force.</param>
/// <param name="Limiter">What has been used of them; outlives a change of the rates.</param>
public sealed record LimitScope(string Name, LimitsConfig Limits, RateLimiter Limiter);
