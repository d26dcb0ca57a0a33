using Sluice.Errors;
using Sluice.Pricing;
using Sluice.Routing;

namespace Sluice.Budgets;

/// <summary>Why a budget refuses.</summary>
internal static class BudgetErrors
{
    // What calls under way hold comes back when they end.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>A cap has no room for a call.</summary>
    /// <param name="refusal">The cap and where it stands.</param>
    /// <param name="amount">What the call may cost.</param>
    /// <param name="fitting">The most output tokens with which there would be room.</param>
    /// <param name="now">The time.</param>
    public static GatewayError NoRoom(BudgetRefusal refusal, decimal amount, long fitting, DateTimeOffset now)
    {
        var (line, standing) = refusal;
        var period = standing.Period;
        bool isHeld = standing.Reserved > 0 && standing.Spent + amount <= line.Limit;
        bool isSpent = standing.Spent >= line.Limit;
        string held = standing.Reserved > 0 ? $", calls under way may cost {Usd(standing.Reserved)}" : "";
        string reset = period.End == DateTimeOffset.MaxValue ? "It is never reset." : $"It resets at {period.End.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z.";
        string remedy = isSpent ? "Its administrator can raise it."
            : fitting > 0 ? $"With max_tokens of {fitting} or less there would be room{(isHeld ? " now, and with more when calls under way have ended" : "")}."
            : isHeld ? "Try again when calls under way have ended."
            : "Send a shorter request, or have its administrator raise it.";
        return new GatewayError(ErrorKind.BudgetSpent, $"the {line.Name} has no room for this call: {Usd(standing.Spent)} of {Usd(line.Limit)} USD are spent{held}, and this one may cost up to {Usd(amount)}. {reset} {remedy}")
        {
            Status = 402,
            Code = "budget_spent",
            RetryAfter = isHeld ? Soon : period.End == DateTimeOffset.MaxValue ? null : period.End > now ? period.End - now : Soon,
        };
    }

    /// <summary>A cap cannot hold what nobody can price.</summary>
    public static GatewayError Unpriced(TargetModel target) =>
        new(ErrorKind.Permission, $"the price of {target.Id}, or of a hosted tool or class of service that is asked for, is not known, and a budget caps this call: write 'price' at the provider or target, or 'unknown_price: allow'") { Status = 403, Code = "price_unknown" };

    /// <summary>A cap cannot hold what may be read as any number.</summary>
    public static GatewayError Unreadable(string member) =>
        new(ErrorKind.InvalidRequest, $"{member}: a budget caps this call, and what this says of how much it may cost cannot be read; write a whole number, such as 1000, or leave it out") { Param = member, Code = "invalid_value" };

    private static string Usd(decimal amount) => Money.Text(amount);
}
