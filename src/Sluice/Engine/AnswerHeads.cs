using System.Globalization;
using Sluice.Pricing;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Makes the headers that every answer carries.</summary>
internal static class AnswerHeads
{
    private const int MaxDropped = 2048;

    /// <summary>The head of a good answer.</summary>
    public static AnswerHead Of(CallContext call, string contentType, long? length, bool stream)
    {
        var border = call.Target?.Provider.Border;
        var head = new AnswerHead { Status = 200, ContentType = border?.Back(contentType) ?? contentType, ContentLength = length, IsStream = stream };
        Common(head, call);
        if (call.UpstreamHeaders is { } upstream && UpstreamErrors.RequestId(upstream) is { } id) head.Headers.Add(new("x-sluice-upstream-request-id", Ascii(border?.Back(id) ?? id, 200)));
        Passed(head, call);
        return head;
    }

    /// <summary>The head of a stream whose answer has not begun: who will answer is not known yet.</summary>
    public static AnswerHead Early(string contentType) => new() { Status = 200, ContentType = contentType, IsStream = true };

    /// <summary>Adds what is known of the call.</summary>
    public static void Common(AnswerHead head, CallContext call)
    {
        if (call.Target is { } target)
        {
            head.Headers.Add(new("x-sluice-provider", target.Provider.Name));
            head.Headers.Add(new("x-sluice-model", Ascii(target.Model, 200)));
        }
        if (call.Lane is { } lane) head.Headers.Add(new("x-sluice-lane", lane.Name()));
        if (call.PassedOver is { } passed) head.Headers.Add(new("x-sluice-passed-over", Ascii(string.Join("; ", passed.Select(p => $"{p.Target}: {p.Reason}")), MaxDropped)));
        if (call.AttemptCount > 0) head.Headers.Add(new("x-sluice-attempts", call.AttemptCount.ToString(CultureInfo.InvariantCulture)));
        if (call.Attempts is { Count: > 0 } attempts && AttemptSummary.Failures(attempts) is { } failures) head.Headers.Add(new("x-sluice-failed-attempts", Ascii(failures, MaxDropped)));
        // A stream's usage comes at its end: what is known before would be too little.
        if (!head.IsStream && call.Gateway.Costs.Of(call) is { } cost) head.Headers.Add(new("x-sluice-cost-usd", Money.Text(cost)));
        if (call.OutputCap is { } cap) head.Headers.Add(new("x-sluice-max-tokens", cap.ToString(CultureInfo.InvariantCulture)));
        if (call.IsEstimated) head.Headers.Add(new("x-sluice-estimated", "true"));
        if (call.Losses is { IsEmpty: false } losses) head.Headers.Add(new("x-sluice-dropped", Dropped(losses)));
    }

    /// <summary>Adds what the provider said and may pass, then applies the rules of the target.</summary>
    public static void Passed(AnswerHead head, CallContext call)
    {
        if (call is { UpstreamHeaders: { } upstream, Target: { } target }) ResponseHeaderRules.Forward(target.ResponseHeaders, upstream, target.Provider.Border, head);
        call.Target?.ResponseHeaders?.Apply(head);
    }

    /// <summary>The paths of what was lost, in ASCII, bounded.</summary>
    public static string Dropped(LossReport losses)
    {
        string text = string.Join(", ", losses.Losses.Select(l => l.Path));
        return text.Length > MaxDropped ? Ascii(text, MaxDropped - 4) + " ..." : Ascii(text, MaxDropped);
    }

    // Header values: printable ASCII only, whatever a provider or a client wrote.
    internal static string Ascii(string text, int max) => string.Create(Math.Min(text.Length, max), text, static (target, source) =>
    {
        for (int i = 0; i < target.Length; i++) target[i] = source[i] is >= ' ' and < '\x7f' ? source[i] : '?';
    });
}
