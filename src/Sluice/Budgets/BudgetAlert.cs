using Sluice.Configuration;

namespace Sluice.Budgets;

/// <summary>A threshold that was crossed.</summary>
/// <param name="At">When.</param>
/// <param name="Event"><c>budget.warning</c>, <c>budget.spent</c>, or <c>budget.webhook_failed</c>.</param>
/// <param name="Budget">The budget in words.</param>
/// <param name="Scope">Its scope: <c>gateway</c>, <c>key:ID</c> ...</param>
/// <param name="Period"><c>daily</c>, <c>weekly</c>, <c>monthly</c> or <c>total</c>.</param>
/// <param name="SpentUsd">USD spent.</param>
/// <param name="LimitUsd">The cap in USD.</param>
/// <param name="ResetsAt">When the period ends; <see langword="null"/> for never.</param>
internal sealed record BudgetAlert(DateTimeOffset At, string Event, string Budget, string Scope, string Period, decimal SpentUsd, decimal LimitUsd, DateTimeOffset? ResetsAt)
{
    public const string Warning = "budget.warning";
    public const string Spent = "budget.spent";
    public const string WebhookFailed = "budget.webhook_failed";

    /// <summary>Who is told by POST.</summary>
    public Secret? Webhook { get; init; }
}
