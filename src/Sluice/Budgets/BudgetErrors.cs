using Sluice.Errors;
using Sluice.Pricing;
using Sluice.Routing;
using Sluice.Storage;

namespace Sluice.Budgets;

/// <summary>Why a budget refuses.</summary>
internal static class BudgetErrors
{
    // What calls under way hold comes back when they end.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>A cap has no room for a call.</summary>
    public static GatewayError NoRoom(BudgetLine line, BudgetStanding standing, decimal amount, DateTimeOffset now)
    {
        var period = standing.Period;
        bool isHeld = standing.Reserved > 0 && standing.Spent + amount <= line.Limit;
        string held = standing.Reserved > 0 ? $", calls under way may cost {Usd(standing.Reserved)}" : "";
        string reset = period.End == DateTimeOffset.MaxValue ? "It is never reset." : $"It resets at {period.End.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z.";
        return new GatewayError(ErrorKind.BudgetSpent, $"the {line.Name} has no room for this call: {Usd(standing.Spent)} of {Usd(line.Limit)} USD are spent{held}, and this one may cost up to {Usd(amount)}. {reset}")
        {
            Status = 402,
            Code = "budget_spent",
            RetryAfter = isHeld ? Soon : period.End == DateTimeOffset.MaxValue ? null : period.End - now,
            Guidance = isHeld ? "Try again when calls under way have ended, or allow less output (max_tokens)." : "Raise the budget, or allow less output (max_tokens).",
        };
    }

    /// <summary>A cap cannot hold what nobody can price.</summary>
    public static GatewayError Unpriced(TargetModel target) =>
        new(ErrorKind.Permission, $"the price of {target.Id} is not known, and a budget caps this call: write 'price' at the provider or target, or 'unknown_price: allow'") { Status = 403, Code = "price_unknown" };

    private static string Usd(decimal amount) => Money.Text(amount);
}
