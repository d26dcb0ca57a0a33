using System.Text.Encodings.Web;
using System.Text.Json;

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

    /// <summary>A cost that is not known.</summary>
    public static Cost NotKnown(string reason) => new() { Unknown = reason };

    /// <summary>The prices that were used, as JSON, to be kept with the call: <c>{"basis","origin","lines":[{"kind","count","price","per","usd"}]}</c>.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("basis", Basis);
            writer.WriteString("origin", Origin);
            if (Unknown is not null) writer.WriteString("unknown", Unknown);
            writer.WriteStartArray("lines");
            foreach (var line in Lines)
            {
                writer.WriteStartObject();
                writer.WriteString("kind", line.Kind);
                writer.WriteNumber("count", line.Count);
                writer.WriteString("price", Money.Text(line.Price));
                writer.WriteNumber("per", line.Per);
                writer.WriteString("usd", Money.Text(line.Usd));
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
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
