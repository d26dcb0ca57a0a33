using Sluice.Formats.Json;

namespace Sluice.Pricing;

/// <summary>What a call cost, and how that came about.</summary>
public sealed record Cost
{
    /// <summary>USD, exact; <see langword="null"/> where it is unknown. Unknown is never zero.</summary>
    public decimal? Usd { get; init; }

    /// <summary>Why it is unknown; <see langword="null"/> where it is known.</summary>
    public string? Unknown { get; init; }

    /// <summary>The sum's parts; what had a count of zero is left out.</summary>
    public IReadOnlyList<CostLine> Lines { get; init; } = [];

    /// <summary>Which prices were used: <c>base</c>, <c>long context from 200001</c>, <c>hours 06:00-10:00 UTC</c>, with the class of service and factors.</summary>
    public string Basis { get; init; } = "";

    /// <summary>Where the prices come from.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The class of service as the answer named it; <see langword="null"/> where it did not. Kept with the call, for it often stands beside the usage object.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Calls of the provider's own tools, which often show in the answer's content alone; <see langword="null"/> for none.</summary>
    public IReadOnlyDictionary<string, long>? ToolCalls { get; init; }

    /// <summary>A cost that is not known.</summary>
    public static Cost NotKnown(string reason) => new() { Unknown = reason };

    /// <summary>The prices that were used, as JSON, to be kept with the call: <c>{"basis","origin","service_tier","tool_calls","lines":[{"kind","count","price","per","usd"}]}</c>.</summary>
    public string ToJson() => JsonOutput.ToText(this, static (w, cost) =>
    {
        w.WriteStartObject();
        w.WriteString("basis"u8, cost.Basis);
        w.WriteString("origin"u8, cost.Origin);
        if (cost.Unknown is { } unknown) w.WriteString("unknown"u8, unknown);
        if (cost.ServiceTier is { } tier) w.WriteString("service_tier"u8, tier);
        if (cost.ToolCalls is { Count: > 0 } calls)
        {
            w.WriteStartObject("tool_calls"u8);
            foreach (var (tool, count) in calls) w.WriteNumber(tool, count);
            w.WriteEndObject();
        }
        w.WriteStartArray("lines"u8);
        foreach (var line in cost.Lines)
        {
            w.WriteStartObject();
            w.WriteString("kind"u8, line.Kind);
            w.WriteNumber("count"u8, line.Count);
            w.WriteString("price"u8, Money.Text(line.Price));
            w.WriteNumber("per"u8, line.Per);
            w.WriteString("usd"u8, Money.Text(line.Usd));
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    });
}

/// <summary>A part of a cost.</summary>
/// <param name="Kind">The kind of token (<see cref="TokenKinds"/>) or the tool.</param>
/// <param name="Count">How many.</param>
/// <param name="Price">USD for <paramref name="Per"/> of them.</param>
/// <param name="Per">1 000 000 for tokens, 1 000 for calls.</param>
public sealed record CostLine(string Kind, long Count, decimal Price, int Per)
{
    /// <summary>USD. Exact: the divisor is a power of ten.</summary>
    public decimal Usd => Count * Price / Per;
}
