using System.Globalization;

namespace Sluice.Pricing;

/// <summary>Amounts in USD as text.</summary>
public static class Money
{
    /// <summary>All digits and no trailing zeros: <c>0.0003589</c>, <c>12</c>, <c>0</c>.</summary>
    public static string Text(decimal usd) => usd.ToString("0.############################", CultureInfo.InvariantCulture);
}
