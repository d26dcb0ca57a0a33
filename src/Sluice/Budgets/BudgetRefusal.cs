using Sluice.Storage;

namespace Sluice.Budgets;

/// <summary>A cap that had no room.</summary>
/// <param name="Line">The cap.</param>
/// <param name="Standing">Where it stands.</param>
internal sealed record BudgetRefusal(BudgetLine Line, BudgetStanding Standing)
{
    /// <summary>USD that it still has for one call.</summary>
    public decimal Room => Math.Max(0, Line.Limit - Standing.Spent - Standing.Reserved);
}
