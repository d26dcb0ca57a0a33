using System.Globalization;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>What a deployment's parameters say of the target alone: rates, times, prices, parameters.</summary>
internal static class LiteLlmTarget
{
    private const long MaxRate = int.MaxValue;

    internal static MapNode Read(LiteLlmReader parameters, LiteLlmReader info, bool isEmbedding)
    {
        var target = new NodeBuilder();
        target.Set("timeout", new NodeBuilder().SetPlain("total", parameters.Seconds("timeout")).SetPlain("first_token", parameters.Seconds("stream_timeout")));
        if ((parameters.Number("max_retries") ?? parameters.Number("num_retries")) is { } retries) target.Set("retry", new NodeBuilder().Set("max_attempts", Attempts(retries)));
        target.Set("limits", new NodeBuilder().Set("rpm", Rate(parameters, "rpm", MaxRate)).Set("tpm", Rate(parameters, "tpm", 1_000_000_000_000)).Set("concurrency", Rate(parameters, "max_parallel_requests", 1_000_000)));
        target.Set("params", Parameters(parameters));
        if (parameters.Node("extra_body") is MapNode { Entries.Count: > 0 } body) target.Set("provider_specific", body);
        target.Set("price", Price(parameters, info, isEmbedding));
        return target.Build();
    }

    /// <summary>LiteLLM counts retries, Sluice attempts, of which there are at most 20.</summary>
    internal static decimal Attempts(decimal retries) => decimal.Clamp(decimal.Truncate(retries), 0, 19) + 1;

    private static decimal? Rate(LiteLlmReader parameters, string key, decimal most)
    {
        if (parameters.Number(key) is not { } rate) return null;
        if (rate >= 1) return decimal.Min(decimal.Truncate(rate), most);
        parameters.Note(key, "a rate below 1 lets nothing pass; left out");
        return null;
    }

    // Used where the client gives none, in both gateways.
    private static NodeBuilder Parameters(LiteLlmReader parameters)
    {
        var result = new NodeBuilder();
        foreach (var key in (string[])["temperature", "max_tokens", "max_completion_tokens", "top_p", "frequency_penalty", "presence_penalty", "seed"]) result.Set(key, parameters.Number(key));
        foreach (var key in (string[])["reasoning_effort", "user", "service_tier"])
        {
            if (parameters.Text(key) is { } text) result.Set(key, text);
        }

        return result;
    }

    private static NodeBuilder Price(LiteLlmReader parameters, LiteLlmReader info, bool isEmbedding)
    {
        var (input, output) = (Million("input_cost_per_token"), Million("output_cost_per_token"));
        var (read, write) = (Million("cache_read_input_token_cost"), Million("cache_creation_input_token_cost"));
        if (input is not null && isEmbedding) output ??= 0;
        if (input is null && output is null && read is null && write is null) return new NodeBuilder();
        if (input is not null && output is not null)
            return new NodeBuilder().Set("input", input).Set("output", output).Set("cache_read", read).Set("cache_write", write);
        var place = parameters.Has("input_cost_per_token") || parameters.Has("output_cost_per_token") ? parameters : info;
        place.Note(input is null ? "output_cost_per_token" : "input_cost_per_token", "a price needs both input and output; left out");
        return new NodeBuilder();

        decimal? Million(string key)
        {
            var (own, other) = (parameters.Number(key), info.Number(key));
            return (own ?? other) is { } price and >= 0 and <= 1_000 ? price * 1_000_000 : null;
        }
    }

    /// <summary>A number of weights that is whole, and keeps its proportions to a thousandth.</summary>
    internal static IReadOnlyList<decimal?> Weights(IReadOnlyList<decimal> shares)
    {
        var largest = shares.Max();
        if (largest <= 0 || shares.All(share => share == largest)) return [.. shares.Select(_ => (decimal?)null)];
        if (shares.All(share => share == decimal.Truncate(share)) && largest <= 1_000_000) return [.. shares.Select(share => (decimal?)decimal.Max(share, 0))];
        return [.. shares.Select(share => (decimal?)(share <= 0 ? 0 : decimal.Max(1, decimal.Round(share / largest * 1000))))];
    }

    internal static string Index(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}
