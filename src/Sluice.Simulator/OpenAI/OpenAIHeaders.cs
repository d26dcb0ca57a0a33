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
        return reply.With("x-ratelimit-limit-requests", "10000")
            .With("x-ratelimit-limit-tokens", "2000000")
            .With("x-ratelimit-remaining-requests", limited ? "0" : "9999")
            .With("x-ratelimit-remaining-tokens", limited ? "0" : "1999000")
            .With("x-ratelimit-reset-requests", limited ? "20s" : "6ms")
            .With("x-ratelimit-reset-tokens", limited ? "20s" : "30ms");
    }
}
