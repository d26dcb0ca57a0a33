using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>The headers of every answer of the API.</summary>
internal static class OpenAIHeaders
{
    public static Reply Add(SimulatedCall call, Reply reply, bool limited = false)
    {
        reply.With("openai-organization", "org-simulated")
            .With("openai-processing-ms", "12")
            .With("openai-version", "2020-10-01")
            .With("x-request-id", call.Stage.Ids.Hexadecimal("req_", 32));
        if (call.Method != "POST")
            return reply;
        var own = call.Limit;
        var reset = own is not null ? Duration(own.Reset) : limited ? "20s" : "6ms";
        return reply.With("x-ratelimit-limit-requests", (own?.Limit ?? 10_000).ToString())
            .With("x-ratelimit-limit-tokens", "2000000")
            .With("x-ratelimit-remaining-requests", limited ? "0" : (own?.Remaining ?? 9999).ToString())
            .With("x-ratelimit-remaining-tokens", limited && own is null ? "0" : "1999000")
            .With("x-ratelimit-reset-requests", reset)
            .With("x-ratelimit-reset-tokens", limited && own is null ? "20s" : "30ms");
    }

    /// <summary>As Go writes durations: <c>1m0s</c>, <c>20.5s</c>, <c>6ms</c>.</summary>
    private static string Duration(TimeSpan time) => time.TotalSeconds < 1
        ? $"{Math.Max(1, (int)time.TotalMilliseconds)}ms"
        : time.TotalMinutes < 1 ? $"{Math.Round(time.TotalSeconds, 3)}s" : $"{(int)time.TotalMinutes}m{time.Seconds}s";
}
