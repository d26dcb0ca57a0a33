using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>What model families do not take, as data: the embedded file <c>parameter-rules.json</c>, read once at the first use.</summary>
public static class ParameterRules
{
    private static readonly Lazy<IReadOnlyList<ParameterRule>> File = new(Load);

    /// <summary>All rules in the order in which they apply.</summary>
    public static IReadOnlyList<ParameterRule> All => File.Value;

    /// <summary>The rules of one model. Deciding this costs; callers keep the answer for as long as they keep the model.</summary>
    /// <param name="vendor">The vendor, by the name in a provider's <c>type</c>.</param>
    /// <param name="model">The model as the provider calls it.</param>
    public static ModelParameterRules For(string vendor, string model)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        ArgumentNullException.ThrowIfNull(model);
        var rules = All.Where(r => r.Covers(vendor, model)).ToArray();
        return rules.Length == 0 ? ModelParameterRules.None : new ModelParameterRules(rules);
    }

    /// <summary>Applies the rules of a model to a request that is translated.</summary>
    public static ChatRequest Apply(ChatRequest request, string vendor, string model, LossReport losses) => For(vendor, model).Apply(request, losses);

    private static IReadOnlyList<ParameterRule> Load()
    {
        using var stream = typeof(ParameterRules).Assembly.GetManifestResourceStream("Sluice.Parameters.parameter-rules.json")!;
        using var document = JsonDocument.Parse(stream);
        return ParameterRuleReader.Read(document.RootElement);
    }
}
