using System.Text.Json;
using Sluice.Pricing;
using Sluice.Storage;

namespace Sluice.Accounting.Ledger;

/// <summary>A report of spending as JSON: <c>{"total":{"calls","input_tokens","output_tokens","cost_usd"},"groups":[{"key",...}]}</c>.</summary>
internal static class SpendJson
{
    public static void Write(Utf8JsonWriter json, SpendReport report)
    {
        json.WriteStartObject();
        json.WriteStartObject("total"u8);
        Sum(json, report.Total);
        json.WriteEndObject();
        json.WriteStartArray("groups"u8);
        foreach (var group in report.Groups)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, group.Key);
            Sum(json, group.Sum);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Sum(Utf8JsonWriter json, SpendSum sum)
    {
        json.WriteNumber("calls"u8, sum.Calls);
        json.WriteNumber("input_tokens"u8, sum.InputTokens);
        json.WriteNumber("output_tokens"u8, sum.OutputTokens);
        json.WriteString("cost_usd"u8, Money.Text(sum.CostUsd));
        if (sum.UnknownCosts > 0) json.WriteNumber("unknown_cost_calls"u8, sum.UnknownCosts);
    }
}
