using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Storage;
using Sluice.Wire;

namespace Sluice.Budgets;

/// <summary>
/// Holds calls to their budgets: reserves the most that a call can cost before any attempt. The ledger's entry for the call turns it into what was
/// spent; a call that reached no provider is released. Copies for shadows cost as well and are held too.
/// </summary>
internal sealed class BudgetGuard(ISluiceStore store, BudgetAlerts alerts, TimeProvider time) : ICallGuard
{
    private volatile Prepared? _prepared;

    /// <inheritdoc/>
    public bool GuardsShadows => true;

    /// <inheritdoc/>
    public ValueTask<GatewayError?> AdmitAsync(CallContext call, CancellationToken cancellationToken)
    {
        if (call.Inbound.Format.Operation == WireOperation.CountTokens) return default;
        var book = BookOf(call.Gateway);
        var lines = book.Of(call);
        return lines is null && !book.HasProviders ? default : HoldAsync(call, book, lines, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(CallContext call, CallRecord record, CancellationToken cancellationToken)
    {
        if (call.TargetGate is not CallBudget budget) return default;
        if (record.SentAttempts == 0) return budget.Lines.Count == 0 ? default : ReleaseAsync(call.Inbound.RequestId);
        foreach (var (line, standing) in budget.Lines) alerts.Spent(line, standing, standing.Spent + (record.CostUsd ?? 0m));
        return default;
    }

    /// <summary>Reserves under all lines or under none. All three are null where the store does not answer and calls go on all the same.</summary>
    internal async ValueTask<(GatewayError? Error, BudgetRefusal? Refusal, IReadOnlyList<BudgetStanding>? Standings)> ReserveAsync(CallContext call, string id, IReadOnlyList<BudgetLine> lines, decimal amount, TargetModel target, CancellationToken cancellationToken)
    {
        var caps = new BudgetCap[lines.Count];
        for (int i = 0; i < caps.Length; i++) caps[i] = lines[i].At(call.StartedAt);
        var reservation = new Reservation { Id = id, Amount = amount, Caps = caps, IfLost = IfLost(call, target, amount) };
        var result = await store.Budgets.ReserveAsync(reservation, cancellationToken).ConfigureAwait(false);
        if (result.Error is { } error)
        {
            // It may be written all the same, a moment too late for this call.
            _ = ReleaseAsync(id).AsTask();
            return (call.Gateway.Config.Storage.OnFailure == StorageFailurePolicy.Allow ? null : error, null, null);
        }
        return result.Refused is { } refused ? (null, new BudgetRefusal(lines[Array.IndexOf(caps, refused)], result.Standing!), null) : (null, null, result.Standings);
    }

    /// <summary>Tells of a refusal; what the client is told.</summary>
    internal GatewayError Refused(BudgetRefusal refusal, decimal amount, long fitting)
    {
        alerts.Refused(refusal.Line, refusal.Standing);
        return BudgetErrors.NoRoom(refusal, amount, fitting, time.GetUtcNow());
    }

    // The entry in the ledger ends what could not be released, and orphans are settled at the next start.
    internal async ValueTask ReleaseAsync(string id) => await store.Budgets.ReleaseAsync(id, CancellationToken.None).ConfigureAwait(false);

    private async ValueTask<GatewayError?> HoldAsync(CallContext call, BudgetBook book, List<BudgetLine>? lines, CancellationToken cancellationToken)
    {
        var bound = new CallBound(call);
        var budget = new CallBudget(this, book, call, bound, isCapped: lines is not null);
        call.TargetGate = budget;
        if (lines is null) return null;
        if (bound.Asked.Unreadable is { } member) return BudgetErrors.Unreadable(member);
        var targets = Reachable(call, bound);
        if (targets.Count == 0) return null;
        // A second attempt beside the first costs as well.
        int copies = call.Route!.Config?.Hedge is null ? 1 : 2;
        while (true)
        {
            var dearest = targets.MaxBy(t => bound.At(t) ?? 0m)!;
            decimal most = copies * (bound.At(dearest) ?? 0m);
            var (error, refusal, standings) = await ReserveAsync(call, call.Inbound.RequestId, lines, most, dearest, cancellationToken).ConfigureAwait(false);
            if (refusal is null)
            {
                if (standings is not null) budget.Keep(lines, standings);
                return error;
            }
            // Each round asks for less, under one cap more.
            if (!OutputFit.TryLimit(call, bound, targets, refusal.Room / copies)) return Refused(refusal, most, OutputFit.Fitting(bound, targets, refusal.Room / copies));
        }
    }

    // The targets that it may reach. One without a price is not reached, unless that is allowed: then it counts nothing.
    private static List<TargetModel> Reachable(CallContext call, CallBound bound) =>
    [
        .. call.Route!.Targets.Concat(call.Route.Canary?.Targets ?? []).Where(t => call.Restrictions?.TrueForAll(r => r.Allows(t)) != false && (bound.At(t) is not null || CallBound.MayBeUnknown(t))),
    ];

    private static LedgerEntry IfLost(CallContext call, TargetModel target, decimal amount) => new()
    {
        Id = call.Inbound.RequestId,
        StartedAt = call.StartedAt,
        Duration = TimeSpan.Zero,
        Format = call.Inbound.Format.Id.Value,
        Status = 499,
        Outcome = "lost",
        KeyId = call.Inbound.Caller?.KeyId,
        KeyName = call.Inbound.Caller?.Name,
        Groups = call.Inbound.Caller?.Groups ?? [],
        Route = call.Route?.IsNamed == true ? call.Route.Name : null,
        Provider = target.Provider.Name,
        Model = target.Model,
        Streamed = call.Head.Stream,
        CostUsd = amount,
        Estimated = true,
    };

    private BudgetBook BookOf(GatewayModel gateway)
    {
        if (_prepared is { } known && ReferenceEquals(known.Gateway, gateway)) return known.Book;
        var prepared = new Prepared(gateway, new BudgetBook(gateway.Config));
        _prepared = prepared;
        return prepared.Book;
    }

    private sealed record Prepared(GatewayModel Gateway, BudgetBook Book);
}
