using Sluice.Cli.Hosting;
using Sluice.Engine;
using Sluice.Pricing;
using Sluice.Routing;

namespace Sluice.Cli.Chatting;

/// <summary>Keeps the record of the last call, for <c>--stats</c>.</summary>
internal sealed class LastCall : ICallObserver
{
    private volatile CallRecord? _record;

    public void Completed(CallRecord call) => _record = call;

    /// <summary>One line: who answered, tokens, cost, times, lane; null where there was no call.</summary>
    public string? Describe(GatewayModel gateway)
    {
        if (_record is not { } call) return null;
        List<string> parts = [call.Provider is null ? "no provider" : $"{call.Provider}/{call.Model}"];
        if (call.Route is { } route) parts[0] += $" by route {route}";
        if (call.AnsweredModel is { Length: > 0 } answered && answered != call.Model) parts.Add($"answered by {answered}");
        parts.Add(Tokens(call));
        parts.Add(Cost(call, gateway));
        if (call.FirstContent is { } first) parts.Add($"first token {Seconds(first)}");
        parts.Add($"{Seconds(call.Duration)} in all");
        if (call.Lane is { } lane) parts.Add(lane.Name());
        if (call.SentAttempts is > 1 and var sent) parts.Add($"{sent} attempts");
        if (call.Losses.Count > 0) parts.Add($"not carried: {string.Join(", ", call.Losses.Select(l => l.Path))}");
        return string.Join(" | ", parts);
    }

    private static string Tokens(CallRecord call)
    {
        if (call.Usage is not { } usage) return "tokens not reported";
        string cached = usage.CacheReadTokens is > 0 ? $" ({usage.CacheReadTokens} cached)" : "";
        string reasoning = usage.ReasoningTokens is > 0 ? $" ({usage.ReasoningTokens} reasoning)" : "";
        return $"{usage.InputTokens?.ToString() ?? "?"} tokens in{cached}, {usage.OutputTokens?.ToString() ?? "?"} out{reasoning}";
    }

    private static string Cost(CallRecord call, GatewayModel gateway)
    {
        if (call.Usage is not { } usage || call.Model is null || gateway.Providers.FirstOrDefault(p => p.Name == call.Provider) is not { } provider) return "cost not known";
        if (usage.ProviderCost is { } told) return $"${Money.Text(told)} as the provider says";
        var price = gateway.Routes.FirstOrDefault(r => r.Name == call.Route)?.Targets.FirstOrDefault(t => t.Provider == provider && t.Model == call.Model)?.Config?.Price;
        var cost = CostCalculator.Calculate(new PriceBook(ConfiguredCatalog.Load(gateway.Config)).For(provider.Config, call.Model, call.AnsweredModel, price), usage, new CostQuery { At = call.StartedAt });
        return cost.Usd is { } usd ? $"${Money.Text(usd)}" : $"cost not known ({cost.Unknown})";
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0.00} s";
}
