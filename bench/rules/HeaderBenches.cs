using Sluice.Engine;
using Sluice.Upstream;

namespace Sluice.RuleBench;

/// <summary>Headers of a request, and of an answer with what OpenAI sends.</summary>
internal static class HeaderBenches
{
    private static readonly (string Name, string Headers)[] Rules =
    [
        ("no rule", ""),
        ("`forward` of one", "headers: { forward: [X-Trace-*] }"),
        ("`drop`, `add` and `set` of one each", "headers: { drop: [X-Old], add: { X-Team: search }, set: { X-Lab: a } }"),
        ("`allow_only`", "headers: { allow_only: [] }"),
    ];

    private static readonly (string Name, string Headers)[] AnswerRules =
    [
        ("no rule", ""),
        ("`forward` of one", "response_headers: { forward: [openai-organization] }"),
        ("`drop`, `add` and `set` of one each", "response_headers: { drop: [x-ratelimit-*], add: { X-Served-By: gateway }, set: { X-Sluice-Lane: hidden } }"),
        ("`allow_only`", "response_headers: { allow_only: [] }"),
    ];

    public static IEnumerable<(string Name, Action Run)> All()
    {
        byte[] body = Calls.Body(1024);
        foreach (var (name, headers) in Rules)
        {
            var attempt = Calls.Attempt(body, headers: headers);
            var request = SameFormatPreparer.Prepare(attempt, attempt.Call.Inbound.Format).Request!;
            var key = attempt.Target.Provider.Keys.Choose(attempt.Target.Model, default).Key;
            yield return ($"headers of a request: {name}", () => UpstreamMessage.Create(attempt, key, request).Dispose());
        }
        var answer = Answer();
        foreach (var (name, headers) in AnswerRules)
        {
            var rules = Calls.Attempt(body, headers: headers).Target.ResponseHeaders;
            yield return ($"headers of an answer: {name}", () =>
            {
                var head = new AnswerHead { Status = 200, ContentType = "application/json" };
                ResponseHeaderRules.Forward(rules, answer.Headers, head);
                rules?.Apply(head);
            });
        }
        yield return ("headers of an answer: not looked at", () => _ = new AnswerHead { Status = 200, ContentType = "application/json" });
    }

    private static HttpResponseMessage Answer()
    {
        var answer = new HttpResponseMessage();
        foreach (var (name, value) in new (string, string)[]
        {
            ("Date", "Sat, 21 Nov 2026 08:50:30 GMT"), ("Connection", "keep-alive"), ("x-request-id", "req_1"), ("openai-organization", "org-1"), ("openai-processing-ms", "312"), ("openai-version", "2020-10-01"),
            ("x-ratelimit-limit-requests", "10000"), ("x-ratelimit-limit-tokens", "2000000"), ("x-ratelimit-remaining-requests", "9999"), ("x-ratelimit-remaining-tokens", "1999900"), ("x-ratelimit-reset-requests", "6ms"), ("x-ratelimit-reset-tokens", "3ms"),
            ("strict-transport-security", "max-age=31536000"), ("cf-cache-status", "DYNAMIC"), ("set-cookie", "__cf_bm=1"), ("server", "cloudflare"), ("cf-ray", "1"), ("alt-svc", "h3"),
        }) answer.Headers.TryAddWithoutValidation(name, value);
        return answer;
    }
}
