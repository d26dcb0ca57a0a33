using Sluice.Errors;

namespace Sluice.Storage;

/// <summary>The durable record of what every call used and cost.</summary>
public interface ILedgerStore
{
    /// <summary>
    /// Why entries that were taken do not get to where they are read; <see langword="null"/> while all is well. They are not lost.
    /// </summary>
    GatewayError? Failure { get; }

    /// <summary>
    /// Takes an entry. Returns when a killed process would no longer lose it; reports of this store have it from then on, those of others a moment later. In the same transaction
    /// the reservation of the same id becomes what was spent, before any later reservation of this store. An id that is already there is left as it is, so that a repeated write
    /// bills nothing twice.
    /// </summary>
    ValueTask<GatewayError?> WriteAsync(LedgerEntry entry, CancellationToken cancellationToken);

    /// <summary>Adds up what matches.</summary>
    ValueTask<Outcome<SpendReport>> SpendAsync(SpendQuery query, CancellationToken cancellationToken);

    /// <summary>Entries that match, oldest first.</summary>
    /// <exception cref="SluiceException">The store failed on the way.</exception>
    IAsyncEnumerable<LedgerEntry> ReadAsync(LedgerFilter filter, CancellationToken cancellationToken);

    /// <summary>Replaces the cost of entries, and corrects the budgets that they counted against, in one transaction.</summary>
    ValueTask<GatewayError?> RepriceAsync(IReadOnlyList<Repricing> entries, CancellationToken cancellationToken);

    /// <summary>Deletes entries that began before a time, at most <paramref name="most"/> of them; so many were deleted.</summary>
    ValueTask<Outcome<DeletedEntries>> DeleteBeforeAsync(DateTimeOffset time, int most, CancellationToken cancellationToken);
}

/// <summary>How many entries a deletion took away.</summary>
/// <param name="Count">The number.</param>
public sealed record DeletedEntries(int Count);

/// <summary>A new cost of an entry.</summary>
/// <param name="Id">The entry.</param>
/// <param name="CostUsd">USD; <see langword="null"/> where it is unknown.</param>
/// <param name="Price">The prices used, as JSON (<see cref="LedgerEntry.Price"/>).</param>
public sealed record Repricing(string Id, decimal? CostUsd, string? Price);
