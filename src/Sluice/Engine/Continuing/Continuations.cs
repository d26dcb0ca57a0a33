using Sluice.Errors;
using Sluice.Routing;
using Sluice.Streaming;

namespace Sluice.Engine.Continuing;

/// <summary>Lets another target go on with a stream that broke off, for routes with <c>continue: true</c>. Where none can, the stream ends with the error.</summary>
internal sealed class Continuations(TargetAttempts attempts)
{
    /// <summary>True where a break of this call's stream may be mended: the stream is then written by us from its first byte.</summary>
    public static bool Concern(CallContext call) =>
        call is { Head.Stream: true, Route.Config.Continue: true } && call.Inbound.Format is Wire.IChatServerFormat && call.Chat is { IsSuccess: true } chat && Prefills.Fits(chat.Value);

    /// <summary>Finishes the stream that <see cref="CallContext.Broken"/> tells of.</summary>
    public async ValueTask<GatewayError?> RunAsync(CallFlow flow, IReadOnlyList<TargetModel> targets, CallDeadline deadline)
    {
        var call = flow.Call;
        foreach (var target in Order(targets, call.Current!.Target))
        {
            var broken = call.Broken!;
            if (call.Inbound.Aborted.IsCancellationRequested || !broken.SoFar.CanGoOn) break;
            if (!Prefills.Can(target, call.Gateway)) continue;
            var visit = new TargetVisit(target);
            var end = await attempts.VisitAsync(flow with { Continues = broken }, visit, deadline, TimeSpan.Zero).ConfigureAwait(false);
            if (end == VisitEnd.Answered) return null;
            if (visit.Error is { StopsCall: true }) break;
        }
        var left = call.Broken!;
        if (call.Inbound.Aborted.IsCancellationRequested) return left.Error;
        left.Output.Write(new StreamFailed(left.Error));
        await left.Gate.FlushLastAsync().ConfigureAwait(false);
        return left.Error;
    }

    // Those after the one that broke, those before it, and at last itself: the break may have been the network's.
    private static IEnumerable<TargetModel> Order(IReadOnlyList<TargetModel> targets, TargetModel broken)
    {
        int at = targets.ToList().IndexOf(broken);
        return targets.Skip(at + 1).Concat(targets.Take(Math.Max(0, at))).Append(broken);
    }
}
