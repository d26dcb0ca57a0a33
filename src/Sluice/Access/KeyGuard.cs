using Sluice.Engine;
using Sluice.Errors;

namespace Sluice.Access;

/// <summary>Holds calls to what their key and every group above it allow, and to their rates. Calls without a key pass.</summary>
internal sealed class KeyGuard(TimeProvider time) : ICallGuard
{
    public ValueTask<GatewayError?> AdmitAsync(CallContext call, CancellationToken cancellationToken)
    {
        if (call.Inbound.Caller?.Rules is not { } rules) return default;
        if (rules.Apply(call) is { } refusal) return ValueTask.FromResult<GatewayError?>(refusal);
        return rules.Limits.IsEmpty ? default : EnterAsync(call, rules, cancellationToken);
    }

    public ValueTask SettleAsync(CallContext call, CallRecord record, CancellationToken cancellationToken)
    {
        if (call.CallerReserved is not { } reserved) return default;
        call.CallerReserved = null;
        var limits = call.Inbound.Caller!.Rules!.Limits;
        // A call that never went to a provider counts for nothing.
        if (call.AttemptCount == 0) limits.Undo(reserved);
        else limits.Exit(reserved, AttemptTokens.Used(call.Usage, new AttemptResult(record.Error, record.FirstContent is not null), reserved));
        return default;
    }

    private async ValueTask<GatewayError?> EnterAsync(CallContext call, CallerRules rules, CancellationToken cancellationToken)
    {
        var limits = rules.Limits;
        long tokens = limits.CountsTokens ? AttemptTokens.Estimate(call) : 0;
        bool waits = call.Route!.Config?.Wait ?? call.Gateway.Config.Defaults.Wait;
        var patience = waits ? new CallDeadline(time, call.Started, call.Route.Timeouts.Total).Left : TimeSpan.Zero;
        try
        {
            if (await limits.EnterAsync(tokens, patience, cancellationToken).ConfigureAwait(false) is { } refusal) return refusal.ToError();
        }
        catch (OperationCanceledException)
        {
            return new GatewayError(ErrorKind.Canceled, "the client went away");
        }
        call.CallerReserved = tokens;
        return null;
    }
}
