using Sluice.Engine;
using Sluice.Transforms;

namespace Sluice.RuleBench;

/// <summary>Preparing a request of the provider's own dialect.</summary>
internal static class RequestBenches
{
    private static readonly (string Name, string Rules)[] Rules =
    [
        ("no rule", ""),
        ("a rule for another model", "  - { on: request, where: { models: [\"openai/other*\"] }, drop: $.user }"),
        ("a rule for another dialect", "  - { on: request, where: { dialects: [gemini-generate] }, drop: $.user }"),
        ("`regex`, nothing found", "  - { on: request, regex: { pattern: '\\b\\d{16}\\b', replace: x } }"),
        ("`regex`, found in every message", "  - { on: request, regex: { pattern: '\\b12345\\b', replace: x } }"),
        ("`drop`, nothing found", "  - { on: request, drop: \"$.tools[?(@.function.name=='shell')]\" }"),
        ("`drop` of a member", "  - { on: request, drop: $.temperature }"),
        ("`set` of a member", "  - { on: request, set: { path: $.metadata.team, value: search } }"),
        ("`params`, one forced", "  - { on: request, params: { force: { temperature: 0 } } }"),
    ];

    public static IEnumerable<(string Name, Action Run)> All()
    {
        foreach (var (size, label) in new[] { (1024, "1 KB"), (100 * 1024, "100 KB") })
        {
            byte[] body = Calls.Body(size);
            foreach (var (name, rules) in Rules)
            {
                var attempt = Calls.Attempt(body, rules);
                yield return ($"request of {label}: {name}", () => Prepare(attempt));
            }
        }
    }

    private static void Prepare(Attempt attempt)
    {
        if (attempt.Target.Transforms is { } transforms) CallTransforms.Request(attempt, transforms);
        SameFormatPreparer.Prepare(attempt, attempt.Call.Inbound.Format).Request!.Dispose();
    }
}
