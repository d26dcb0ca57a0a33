using Sluice.Configuration.Binding;
using Sluice.Configuration.Yaml;
using Sluice.Providers;

namespace Sluice.Configuration.Validation;

/// <summary>Checks that a provider has what its type needs.</summary>
internal sealed class ProviderValidator(ProviderConfig provider, MapNode tree, BindingContext context)
{
    private readonly ConfigurationOrigin origin = NodePath.KeyOrigin(tree, "providers", provider.Name);
    private readonly string path = NodePath.Text("providers", provider.Name);

    internal void Validate()
    {
        var reader = new ObjectReader(Schema.ProviderSchema.Provider, (tree["providers"] as MapNode)?[provider.Name], path, context);
        if (provider.Type.Length == 0)
        {
            if (!reader.IsKeyWritten("type")) Fail($"the provider '{provider.Name}' has no type, and its name is not one", TypeRemedy());
            return;
        }

        CheckAddress(reader);
        CheckKey(reader);
        foreach (var key in Schema.ProviderSchema.Provider.Keys.Where(key => key.OnlyFor is not null && key.OnlyFor != provider.Type && reader.IsKeyWritten(key.Name)))
            context.Faults.Add(reader.OriginOf(key.Name), reader.PathOf(key.Name), $"{reader.PathOf(key.Name)} is read for type: {key.OnlyFor} alone, and '{provider.Name}' is of type {provider.Type}", "take it out");
        CheckModels(reader);
        if (provider.Type == "vertex" && (provider.Project is null || provider.Location is null))
            Fail($"the provider '{provider.Name}' has no {(provider.Project is null ? "project" : "location")}", "write project and location, or set GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION");
        if (provider.Type == "bedrock" && provider.Aws?.Region is null)
            Fail($"the provider '{provider.Name}' has no region", "write region, or set AWS_REGION");
        if (reader.Items("api_keys") is { Count: 0 }) context.Faults.Add(reader.OriginOf("api_keys"), reader.PathOf("api_keys"), $"{reader.PathOf("api_keys")} is an empty list", "write at least one key");
    }

    // What is written here goes into addresses and bodies as it is.
    private void CheckModels(ObjectReader reader)
    {
        foreach (var model in provider.Models ?? [])
        {
            if (ModelName.Fault(model) is { } fault) context.Faults.Add(reader.OriginOf("models"), reader.PathOf("models"), $"the model {Schema.Shown.Quote(model)} {fault}", "write a name in plain segments; deployments gives such a model one");
        }

        foreach (var (model, deployment) in provider.Deployments)
        {
            if (ModelName.DeploymentFault(deployment) is { } fault) context.Faults.Add(reader.OriginOf("deployments"), reader.PathOf("deployments"), $"the deployment {Schema.Shown.Quote(deployment)} of '{model}' {fault}", "write the name as the provider knows it");
        }
    }

    private void CheckAddress(ObjectReader reader)
    {
        if (ProviderTypes.NeedsBaseUrl(provider.Type) && !reader.IsKeyWritten("base_url"))
        {
            var example = provider.Type == "azure" ? "https://NAME.openai.azure.com" : "https://host/v1";
            Fail($"the provider '{provider.Name}' of type {provider.Type} has no address", $"write base_url: {example}");
        }

        if (provider.BaseUrl is { Scheme: "http" } address && provider.ApiKeys.Count > 0 && !IsPrivate(address))
            context.Faults.Warn(reader.OriginOf("base_url"), reader.PathOf("base_url"), $"the key of '{provider.Name}' goes to {address.Host} without encryption");
    }

    private void CheckKey(ObjectReader reader)
    {
        // An address of one's own may need no key; a vendor's always does.
        if (!ProviderTypes.NeedsKey(provider.Type) || provider.ApiKeys.Count > 0 || CredentialBinder.IsWritten(reader)) return;
        if (provider.BaseUrl is not null && !ProviderTypes.NeedsBaseUrl(provider.Type)) return;
        if (provider.Auth is { Scheme: AuthScheme.None or AuthScheme.Passthrough or AuthScheme.Entra }) return;
        var page = Vendors.Get(provider.Type).KeyUrl is { } url ? $" (keys are made at {url})" : "";
        Fail($"the provider '{provider.Name}' has no API key", $"set {string.Join(" or ", ProviderTypes.KeyVariables(provider.Type))}{page}, or write api_key, or take the provider out (enabled: false)");
    }

    private string TypeRemedy()
    {
        if (Nearest.Find(provider.Name, ProviderTypes.All) is { } nearest && provider.BaseUrl is null) return $"did you mean '{nearest}'? Else write type: openai-compatible and base_url";
        return $"write type: openai-compatible, or one of {string.Join(", ", ProviderTypes.All.Where(type => type != "openai-compatible"))}";
    }

    private static bool IsPrivate(Uri address) => address.IsLoopback || !address.Host.Contains('.', StringComparison.Ordinal) || address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
        || address.Host.EndsWith(".local", StringComparison.OrdinalIgnoreCase) || address.Host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase);

    private void Fail(string what, string remedy) => context.Faults.Add(origin, path, what, remedy);
}
