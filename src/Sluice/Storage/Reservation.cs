using Sluice.Errors;

namespace Sluice.Storage;

/// <summary>The most that a call can cost, held under every cap that it counts against.</summary>
public sealed record Reservation
{
    /// <summary>The call's request id, or for one attempt alone the request id, <c>#</c> and anything: the ledger entry of the request id settles both.</summary>
    public required string Id { get; init; }

    /// <summary>USD.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The caps.</summary>
    public required IReadOnlyList<BudgetCap> Caps { get; init; }

    /// <summary>What the ledger would say of the call if the process were killed now; its cost is <see cref="Amount"/>, estimated.</summary>
    public required LedgerEntry IfLost { get; init; }
}

/// <summary>One cap of one budget in one period.</summary>
/// <param name="Period">What it counts.</param>
/// <param name="Limit">USD; <see langword="null"/> for what is only counted.</param>
public sealed record BudgetCap(BudgetPeriod Period, decimal? Limit);

/// <summary>What one budget counts in one period of time.</summary>
/// <param name="Scope">Whose budget: <c>gateway</c>, <c>provider:NAME</c>, <c>route:NAME</c>, <c>group:NAME</c> or <c>key:ID</c>.</param>
/// <param name="Kind">The kind of period: <c>daily</c>, <c>weekly</c>, <c>monthly</c> or <c>total</c>.</param>
/// <param name="Start">When the period began; <see cref="DateTimeOffset.MinValue"/> for <c>total</c>. Spending recorded since then counts, also from before the budget was written.</param>
/// <param name="End">When it ends; <see cref="DateTimeOffset.MaxValue"/> for <c>total</c>.</param>
public sealed record BudgetPeriod(string Scope, string Kind, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The scope of the whole gateway.</summary>
    public const string Gateway = "gateway";

    /// <summary>The scope of a provider.</summary>
    public static string OfProvider(string name) => $"provider:{name}";

    /// <summary>The scope of a route.</summary>
    public static string OfRoute(string name) => $"route:{name}";

    /// <summary>The scope of a group of keys.</summary>
    public static string OfGroup(string name) => $"group:{name}";

    /// <summary>The scope of a key.</summary>
    public static string OfKey(string id) => $"key:{id}";
}

/// <summary>Where a budget stands.</summary>
/// <param name="Period">The period.</param>
/// <param name="Spent">USD that settled calls cost.</param>
/// <param name="Reserved">USD that calls under way may still cost.</param>
public sealed record BudgetStanding(BudgetPeriod Period, decimal Spent, decimal Reserved);

/// <summary>What became of a reservation.</summary>
public readonly record struct ReservationResult
{
    /// <summary>The first cap that had no room; <see langword="null"/> where all had.</summary>
    public BudgetCap? Refused { get; init; }

    /// <summary>Where the refusing budget stands.</summary>
    public BudgetStanding? Standing { get; init; }

    /// <summary>Where each budget stands after it, in the order of the caps; for thresholds.</summary>
    public IReadOnlyList<BudgetStanding>? Standings { get; init; }

    /// <summary>Why the store could not answer.</summary>
    public GatewayError? Error { get; init; }
}
