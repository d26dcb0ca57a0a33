using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>One entry of <c>model_list</c>: a model at an account, with what holds for it alone.</summary>
/// <param name="Account">The account.</param>
/// <param name="Model">The model's name there; a <c>*</c> stands for what the group's name matched.</param>
/// <param name="Settings">What a target says beside its model; may be empty.</param>
/// <param name="Shares">Its <c>weight</c>, <c>rpm</c> and <c>tpm</c>: by the first that is written LiteLLM shuffles.</param>
/// <param name="Order">Its place in the group: lower ones are asked first.</param>
internal sealed record LiteLlmDeployment(LiteLlmAccount Account, string Model, MapNode Settings, IReadOnlyList<decimal?> Shares, decimal Order)
{
    /// <summary>The model id; known when the accounts have names.</summary>
    internal string Id => $"{Account.Name}/{Model}";

    /// <summary>Whether a route would say nothing but the model.</summary>
    internal bool IsBare => Settings.Entries.Count == 0;

    /// <summary>The target as it is written in a route.</summary>
    internal ConfigNode Target(decimal? weight = null)
    {
        if (IsBare && weight is null) return NodeBuilder.Text(Id);
        var target = new NodeBuilder().Set("model", Id).Set("weight", weight);
        foreach (var entry in Settings.Entries) target.Set(entry.Key, entry.Value);
        return target.Build();
    }
}

/// <summary>The deployments that share a name.</summary>
/// <param name="Name">What clients ask for; may be a pattern.</param>
/// <param name="Deployments">In the order written.</param>
internal sealed record LiteLlmGroup(string Name, List<LiteLlmDeployment> Deployments)
{
    /// <summary>The deployments by <c>order</c>, those that are asked first before the others.</summary>
    internal IReadOnlyList<List<LiteLlmDeployment>> Tiers => [.. Deployments.GroupBy(deployment => deployment.Order).OrderBy(tier => tier.Key).Select(tier => tier.ToList())];

    /// <summary>The same for one name that the group's pattern fits.</summary>
    internal LiteLlmGroup For(string name, IReadOnlyList<string> parts) => new(name, [.. Deployments.Select(deployment => deployment with { Model = RoutePattern.Fill(deployment.Model, parts) })]);
}
