using Sluice.Errors;

namespace Sluice.Engine;

/// <summary>Decides whether a call may go on, and settles it afterwards. Guards are asked in order; those that admitted are settled in reverse.</summary>
public interface ICallGuard
{
    /// <summary>
    /// True for a guard that also admits and settles the copies that go to a route's shadow: one that counts what is spent, not who calls. The call's
    /// <see cref="CallContext.ShadowOf"/> tells them apart. Default false.
    /// </summary>
    bool GuardsShadows => false;

    /// <summary>Admits a call whose route is known, before any attempt; or says why not.</summary>
    ValueTask<GatewayError?> AdmitAsync(CallContext call, CancellationToken cancellationToken);

    /// <summary>
    /// Settles an admitted call, whatever became of it: when its outcome is certain, before the client has the last of a good answer or any of an
    /// error. Not cancelled when the client has left.
    /// </summary>
    ValueTask SettleAsync(CallContext call, CallRecord record, CancellationToken cancellationToken);
}
