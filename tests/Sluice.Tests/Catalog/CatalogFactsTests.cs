using System.Text.Json;
using Sluice.Catalog;
using Sluice.Pricing;
using Sluice.TestKit;

namespace Sluice.Tests.Catalog;

/// <summary>Every price, limit and date of the collected facts beside the checkout is in the embedded catalogue, as it was collected.</summary>
public sealed class CatalogFactsTests
{
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["cached_input"] = "cache_read", ["cached_audio"] = "cache_read_audio", ["cached_image"] = "cache_read_image",
    };

    private static string FactsFile => Path.Combine(RepositoryPaths.Shared, "catalogue", "prices.json");

    public static IEnumerable<TheoryDataRow<string>> Providers() => !File.Exists(FactsFile)
        ? []
        : Facts().Select(f => f.GetProperty("provider").GetString()!).Distinct().Select(p => new TheoryDataRow<string>(p));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Providers))]
    public void Embedded_HasEveryFact(string provider)
    {
        var missing = new List<string>();
        var facts = Facts().Where(f => f.GetProperty("provider").GetString() == provider).ToList();
        var known = ModelCatalog.Embedded.Models(provider).ToDictionary(m => m.Id);

        foreach (var fact in facts)
        {
            string id = fact.GetProperty("id").GetString()!;
            if (!known.TryGetValue(id, out var model))
            {
                missing.Add(id);
                continue;
            }
            missing.AddRange(Expected(fact).Except(Found(model)).Select(line => $"{id}: {line}"));
            missing.AddRange(Found(model).Except(Expected(fact)).Select(line => $"{id}: {line}, of which the facts know nothing"));
        }

        missing.ShouldBeEmpty();
        known.Count.ShouldBe(facts.Count);
        known.Values.ShouldAllBe(m => m.Prices.Periods.Count == 0 || m.Sources.ContainsKey("prices"));
    }

    private static IEnumerable<JsonElement> Facts() => JsonDocument.Parse(File.ReadAllBytes(FactsFile)).RootElement.EnumerateArray();

    // One line a fact: order and spelling of the files do not matter, amounts do.
    private static IEnumerable<string> Expected(JsonElement fact)
    {
        foreach (var (name, ours) in new[] { ("context_window", "context"), ("max_input_tokens", "max input"), ("max_output_tokens", "max output"), ("status", "status"), ("retires", "retires") })
        {
            if (fact.TryGetProperty(name, out var value)) yield return $"{ours} {value}";
        }
        int index = 0;
        foreach (var period in fact.GetProperty("prices").EnumerateArray())
        {
            string span = $"period {index++}";
            foreach (var member in period.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "per_million":
                        foreach (string line in Amounts(member.Value)) yield return $"{span} {line}";
                        break;
                    case "long_context":
                        foreach (var step in member.Value.EnumerateArray())
                        {
                            foreach (string line in Amounts(step.GetProperty("per_million"))) yield return $"{span} from {step.GetProperty("min_input_tokens")} {line}";
                        }
                        break;
                    case "windows":
                        foreach (var window in member.Value.EnumerateArray())
                        {
                            foreach (string line in Amounts(window.GetProperty("per_million"))) yield return $"{span} at {window.GetProperty("utc")[0].GetString()} {line}";
                        }
                        break;
                    case "per_thousand":
                        foreach (string line in Fees(member.Value)) yield return $"{span} {line}";
                        break;
                    case "per_unit":
                        foreach (string line in Amounts(member.Value)) yield return $"{span} unit {line}";
                        break;
                    case "from" or "until":
                        yield return $"{span} {member.Name} {DateTimeOffset.Parse(member.Value.GetString()!, null, System.Globalization.DateTimeStyles.AssumeUniversal).UtcDateTime:u}";
                        break;
                }
            }
        }
        foreach (var tier in Members(fact, "service_tiers"))
        {
            if (tier.Value.TryGetProperty("multiplier", out var factor)) yield return $"tier {tier.Name} x{Amount(factor)}";
            if (!tier.Value.TryGetProperty("per_million", out var own)) continue;
            foreach (string line in Amounts(own)) yield return $"tier {tier.Name} {line}";
        }
        foreach (var modifier in Members(fact, "modifiers")) yield return $"factor {modifier.Name} {Amount(modifier.Value)}";
    }

    private static IEnumerable<string> Found(CatalogModel model)
    {
        if (model.ContextWindow is { } context) yield return $"context {context}";
        if (model.MaxInputTokens is { } input) yield return $"max input {input}";
        if (model.MaxOutputTokens is { } output) yield return $"max output {output}";
        yield return $"status {model.Status}";
        if (model.Retires is { } retires) yield return $"retires {retires:yyyy-MM-dd}";
        for (int i = 0; i < model.Prices.Periods.Count; i++)
        {
            var period = model.Prices.Periods[i];
            if (period.From is { } from) yield return $"period {i} from {from.UtcDateTime:u}";
            if (period.Until is { } until) yield return $"period {i} until {until.UtcDateTime:u}";
            foreach (string line in Amounts(period.Tokens)) yield return $"period {i} {line}";
            foreach (string line in period.Long.SelectMany(s => Amounts(s.Tokens), (s, l) => $"from {s.FromInput} {l}")) yield return $"period {i} {line}";
            foreach (string line in period.Hours.SelectMany(h => Amounts(h.Tokens), (h, l) => $"at {h.From:HH\\:mm} {l}")) yield return $"period {i} {line}";
            foreach (var (name, fee) in period.Calls)
            {
                // What every request pays is a search in the facts: OpenAI's search models search always.
                string tool = name == "request" && model.Provider == "openai" ? "web_search" : name;
                if (fee.Flat is { } flat) yield return $"period {i} fee {tool} {Money.Text(flat)}";
                foreach (var (size, amount) in fee.BySize) yield return $"period {i} fee {tool} {size} {Money.Text(amount)}";
            }
            foreach (var (unit, amount) in period.Units) yield return $"period {i} unit {unit} {Money.Text(amount)}";
        }
        foreach (var (name, tier) in model.Prices.Tiers)
        {
            if (tier.Tokens is null) yield return $"tier {name} x{Money.Text(tier.Factor)}";
            foreach (string line in Amounts(tier.Tokens ?? TokenPrices.None)) yield return $"tier {name} {line}";
        }
        foreach (var (name, factor) in model.Prices.Factors) yield return $"factor {name} {Money.Text(factor)}";
    }

    private static IEnumerable<string> Amounts(JsonElement prices) => prices.EnumerateObject().Select(p => $"{Kinds.GetValueOrDefault(p.Name, p.Name)} {Amount(p.Value)}");

    private static IEnumerable<string> Amounts(TokenPrices prices) => prices.Listed().Select(p => $"{p.Key.Name()} {Money.Text(p.Value)}");

    private static IEnumerable<string> Fees(JsonElement fees) => fees.EnumerateObject().SelectMany(f => f.Value.ValueKind == JsonValueKind.Object
        ? f.Value.EnumerateObject().Select(s => $"fee {f.Name} {s.Name} {Amount(s.Value)}")
        : [$"fee {f.Name} {Amount(f.Value)}"]);

    private static string Amount(JsonElement amount) => Money.Text(decimal.Parse(amount.GetString()!, System.Globalization.CultureInfo.InvariantCulture));

    private static IEnumerable<JsonProperty> Members(JsonElement fact, string name) => fact.TryGetProperty(name, out var members) ? members.EnumerateObject() : [];
}
