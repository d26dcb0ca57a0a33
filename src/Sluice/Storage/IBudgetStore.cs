using Sluice.Errors;

namespace Sluice.Storage;

/// <summary>
/// What is spent and reserved of each budget. A reservation is atomic over all its caps and over all gateways that share the store: together they never let pass more than a
/// cap holds. It ends when the ledger entry of the same id is written, when it is released, or when its owner is gone: then it is settled as an estimate.
/// </summary>
public interface IBudgetStore
{
    /// <summary>Reserves an amount under every cap, or under none.</summary>
    ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken);

    /// <summary>Gives back the reservation of a call that never reached a provider.</summary>
    ValueTask<GatewayError?> ReleaseAsync(string id, CancellationToken cancellationToken);

    /// <summary>Settles the reservation of one call whose end nobody will see: an estimated ledger entry of the most that it can have cost.</summary>
    ValueTask<GatewayError?> SettleLostAsync(string id, CancellationToken cancellationToken);

    /// <summary>Settles what gateways that are gone had reserved: an estimated ledger entry for each. So many were settled.</summary>
    ValueTask<Outcome<SettledReservations>> SettleOrphansAsync(CancellationToken cancellationToken);

    /// <summary>What is spent and reserved, in the order asked for.</summary>
    ValueTask<Outcome<IReadOnlyList<BudgetStanding>>> StandingsAsync(IReadOnlyList<BudgetPeriod> periods, CancellationToken cancellationToken);
}

/// <summary>How many reservations were settled.</summary>
/// <param name="Count">The number.</param>
public sealed record SettledReservations(int Count);
