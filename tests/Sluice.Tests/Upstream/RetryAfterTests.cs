using Sluice.Providers;
using Sluice.TestKit;
using Sluice.Upstream;

namespace Sluice.Tests.Upstream;

public sealed class RetryAfterTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("openai", "Retry-After: 20", 20)]
    [InlineData("openai", "retry-after-ms: 1500; Retry-After: 20", 1.5)]
    [InlineData("openai", "Retry-After: Fri, 20 Nov 2026 12:01:30 GMT", 90)]
    [InlineData("openai", "Retry-After: Fri, 20 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("openai", "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: 6m0s; x-ratelimit-remaining-tokens: 100; x-ratelimit-reset-tokens: 8h", 360)]
    [InlineData("openai", "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: 1s; x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 120ms", 1)]
    [InlineData("groq", "x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 7.66s", 7.66)]
    [InlineData("azure", "x-ratelimit-remaining-tokens: -1; x-ratelimit-reset-tokens: 0", double.NaN)]
    [InlineData("azure", "x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 15", 15)]
    [InlineData("anthropic", "anthropic-ratelimit-requests-remaining: 0; anthropic-ratelimit-requests-reset: 2026-11-20T12:00:45Z", 45)]
    [InlineData("anthropic", "anthropic-ratelimit-requests-remaining: 0; anthropic-ratelimit-requests-reset: 2026-11-20T12:00:45Z; anthropic-ratelimit-input-tokens-remaining: 0; anthropic-ratelimit-input-tokens-reset: 2026-11-20T12:01:00Z", 60)]
    [InlineData("cerebras", "x-ratelimit-remaining-tokens-minute: 0; x-ratelimit-reset-tokens-minute: 11.4", 11.4)]
    [InlineData("openrouter", "x-ratelimit-remaining: 0; x-ratelimit-reset: 1795176060000", 60)]
    [InlineData("openai", "x-ratelimit-remaining-requests: 190; x-ratelimit-reset-requests: 8m38s", double.NaN)]
    [InlineData("openai", "x-other: 1", double.NaN)]
    [InlineData("openai", "Retry-After: soon", double.NaN)]
    [InlineData("openai", "Retry-After: 1e99", 1e6)]
    public void Read_OfTheVendorsHeaders_GivesTheWait(string vendor, string headers, double seconds)
    {
        using var answer = new HttpResponseMessage();
        foreach (string header in headers.Split("; "))
        {
            string[] parts = header.Split(": ", 2);
            answer.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }

        var wait = RetryAfter.Read(answer.Headers, Vendors.Get(vendor).LimitHeaders, _time);

        if (double.IsNaN(seconds)) wait.ShouldBeNull();
        else wait.ShouldNotBeNull().TotalSeconds.ShouldBe(seconds, 0.001);
    }

    [Theory]
    [InlineData("Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 41.724s. Visit ...", 41.724)]
    [InlineData("Please try again in 6ms.", 0.006)]
    [InlineData("Please try again in 1m12s", 72)]
    [InlineData("Please try again in 1h2m3.5s.", 3723.5)]
    [InlineData("Please try again in a few minutes.", double.NaN)]
    [InlineData("Please try again in 20", double.NaN)]
    [InlineData("slow down", double.NaN)]
    public void FromMessage_ReadsWhatOpenAIWrites(string message, double seconds)
    {
        var wait = RetryAfter.FromMessage(message);

        if (double.IsNaN(seconds)) wait.ShouldBeNull();
        else wait.ShouldNotBeNull().TotalSeconds.ShouldBe(seconds, 0.001);
    }
}
