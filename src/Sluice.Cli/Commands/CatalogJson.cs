using System.Text.Json;
using Sluice.Catalog;
using Sluice.Cli.Output;
using Sluice.Parameters;
using Sluice.Pricing;

namespace Sluice.Cli.Commands;

/// <summary>Catalogue records as JSON or YAML. Prices are texts: USD per million tokens, exact.</summary>
internal static class CatalogJson
{
    public static string WriteList(IEnumerable<CatalogModel> models, DateTimeOffset now, string format) => Write(format, w =>
    {
        w.WriteStartArray();
        foreach (var model in models)
        {
            w.WriteStartObject();
            WriteHead(w, model);
            w.WritePropertyName("prices");
            WriteTokens(w, model.Prices.At(now)?.Tokens);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    public static string WriteModel(CatalogModel model, ModelParameterRules rules, string format) => Write(format, w =>
    {
        w.WriteStartObject();
        WriteHead(w, model);
        WriteReasoning(w, model.Reasoning);
        WritePrices(w, model.Prices);
        w.WriteStartArray("parameter_rules");
        foreach (var rule in rules.Rules)
        {
            w.WriteStartObject();
            w.WriteString("id", rule.Id);
            w.WriteString("why", rule.Why);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        Texts(w, "disputed", model.Disputed);
        if (model.Note is not null) w.WriteString("note", model.Note);
        w.WriteStartObject("sources");
        foreach (var (fact, sources) in model.Sources) Texts(w, fact, sources);
        w.WriteEndObject();
        w.WriteEndObject();
    });

    public static string WriteDifferences(IEnumerable<CatalogDifference> differences, string format) => Write(format, w =>
    {
        w.WriteStartArray();
        foreach (var difference in differences)
        {
            w.WriteStartObject();
            w.WriteString("model", difference.Model);
            w.WriteString("member", difference.Member);
            w.WriteString("before", difference.Before);
            w.WriteString("after", difference.After);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    private static string Write(string format, Action<Utf8JsonWriter> write) => OutputFormat.Write(write, format);

    private static void WriteHead(Utf8JsonWriter w, CatalogModel model)
    {
        w.WriteString("id", $"{model.Provider}/{model.Id}");
        w.WriteString("provider", model.Provider);
        w.WriteString("model", model.Id);
        w.WriteString("name", model.Name);
        w.WriteString("kind", model.Kind);
        w.WriteString("status", model.Status);
        w.WriteString("released", model.Released?.ToString("yyyy-MM-dd"));
        w.WriteString("retires", model.Retires?.ToString("yyyy-MM-dd"));
        Count(w, "context_window", model.ContextWindow);
        Count(w, "max_input_tokens", model.MaxInputTokens);
        Count(w, "max_output_tokens", model.MaxOutputTokens);
        if (model.Dimensions is { } dimensions) w.WriteNumber("dimensions", dimensions);
        Texts(w, "input", model.Input);
        Texts(w, "output", model.Output);
        w.WriteStartObject("capabilities");
        foreach (var (name, can) in model.Capabilities) w.WriteBoolean(name, can);
        w.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter w, ReasoningFacts? facts)
    {
        if (facts is null) return;
        w.WriteStartObject("reasoning");
        Texts(w, "ways", facts.Ways);
        Texts(w, "efforts", facts.Efforts);
        if (facts.DefaultEffort is not null) w.WriteString("default_effort", facts.DefaultEffort);
        if (facts.OnByDefault is { } on) w.WriteBoolean("on_by_default", on);
        if (facts.CanBeOff is { } off) w.WriteBoolean("can_be_off", off);
        if (facts.BudgetMin is { } min) w.WriteNumber("budget_min", min);
        if (facts.BudgetMax is { } max) w.WriteNumber("budget_max", max);
        w.WriteEndObject();
    }

    private static void WritePrices(Utf8JsonWriter w, PriceList prices)
    {
        w.WriteStartArray("prices");
        foreach (var period in prices.Periods)
        {
            w.WriteStartObject();
            if (period.From is { } from) w.WriteString("from", from);
            if (period.Until is { } until) w.WriteString("until", until);
            w.WritePropertyName("tokens");
            WriteTokens(w, period.Tokens);
            foreach (var step in period.Long)
            {
                w.WritePropertyName($"from_{step.FromInput}_input_tokens");
                WriteTokens(w, step.Tokens);
            }
            foreach (var hours in period.Hours)
            {
                w.WritePropertyName($"hours_{hours.From:HH\\:mm}_{hours.Until:HH\\:mm}_utc");
                WriteTokens(w, hours.Tokens);
            }
            WriteFees(w, period);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteStartObject("tiers");
        foreach (var (name, tier) in prices.Tiers)
        {
            w.WritePropertyName(name);
            if (tier.Tokens is { } own) WriteTokens(w, own);
            else w.WriteStringValue($"x{Money.Text(tier.Factor)}");
        }
        w.WriteEndObject();
        w.WriteStartObject("factors");
        foreach (var (name, factor) in prices.Factors) w.WriteString(name, Money.Text(factor));
        w.WriteEndObject();
        w.WriteString("origin", prices.Origin);
    }

    private static void WriteFees(Utf8JsonWriter w, PricePeriod period)
    {
        if (period.Calls.Count == 0 && period.Units.Count == 0) return;
        w.WriteStartObject("fees");
        foreach (var (name, fee) in period.Calls)
        {
            w.WritePropertyName($"{name}_per_1k");
            if (fee.Flat is { } flat && !fee.IsOncePerPrompt)
            {
                w.WriteStringValue(Money.Text(flat));
                continue;
            }
            w.WriteStartObject();
            if (fee.Flat is { } once) w.WriteString("once", Money.Text(once));
            foreach (var (size, amount) in fee.BySize) w.WriteString(size, Money.Text(amount));
            w.WriteEndObject();
        }
        foreach (var (name, amount) in period.Units) w.WriteString(name, Money.Text(amount));
        w.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter w, TokenPrices? tokens)
    {
        if (tokens is null || tokens.IsEmpty)
        {
            w.WriteNullValue();
            return;
        }
        w.WriteStartObject();
        foreach (var (kind, price) in tokens.Listed()) w.WriteString(kind.Name(), Money.Text(price));
        w.WriteEndObject();
    }

    private static void Count(Utf8JsonWriter w, string name, long? value)
    {
        if (value is { } known) w.WriteNumber(name, known);
        else w.WriteNull(name);
    }

    private static void Texts(Utf8JsonWriter w, string name, IReadOnlyList<string> texts)
    {
        w.WriteStartArray(name);
        foreach (string text in texts) w.WriteStringValue(text);
        w.WriteEndArray();
    }
}
