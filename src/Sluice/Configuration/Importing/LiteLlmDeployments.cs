using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>Reads the entries of <c>model_list</c>. Each becomes a deployment, or a note says why it is left out.</summary>
internal sealed class LiteLlmDeployments(LiteLlmAccounts accounts, IReadOnlyDictionary<string, MapNode> credentials, IEnvironment environment)
{
    internal LiteLlmDeployment? Read(LiteLlmReader entry, string group)
    {
        var info = entry.Map("model_info");
        var parameters = WithCredentials(entry.Map("litellm_params"));
        var read = Read(parameters, info, group);
        info.Skip("id", "mode", "description", "max_tokens", "max_input_tokens", "max_output_tokens", "litellm_provider");
        info.SkipWhere(key => key.StartsWith("supports_", StringComparison.Ordinal));
        parameters.Skip("drop_params", "use_in_pass_through", "stream", "input_cost_per_token", "output_cost_per_token");
        if (read is null) return null;
        info.NoteRest();
        parameters.NoteRest();
        return read;
    }

    private LiteLlmReader WithCredentials(LiteLlmReader parameters)
    {
        if (parameters.Text("litellm_credential_name") is not { } name) return parameters;
        if (credentials.TryGetValue(name, out var values))
        {
            parameters = parameters.Over(values);
            parameters.Skip("litellm_credential_name");
            return parameters;
        }

        parameters.Note("litellm_credential_name", $"there is no '{name}' in credential_list: it may be one of LiteLLM's database; write its api_key");
        return parameters;
    }

    private LiteLlmDeployment? Read(LiteLlmReader parameters, LiteLlmReader info, string group)
    {
        if (!parameters.Has("model"))
        {
            parameters.Note("model", "is missing; the entry is left out");
            return null;
        }

        if (parameters.Name("model", environment) is not { } written) return null;
        var mode = info.Text("mode");
        var (prefix, model) = Split(parameters, written);
        if (LiteLlmVendor.Unserved(mode, model) is { } what) return Leave($"{what} is not served by this version");
        if (model is "" or "*" && prefix is null) return Leave("a wildcard over all providers needs no route: clients ask for provider/model of every provider that is configured");
        if (prefix is null) return Leave($"nothing says whose model '{Shown(written)}' is; write it as provider/model");
        var vendor = LiteLlmVendor.Find(prefix);
        if (vendor is null && Address(parameters) is null)
            return Leave($"Sluice has no provider '{Shown(prefix)}'; the entry is left out. If it has an address that speaks OpenAI's language, add it as type: openai-compatible");
        if (vendor is { Type: null }) return Leave($"'{prefix}' speaks a language of its own that Sluice does not");
        if (RoutePattern.CountStars(model) > RoutePattern.CountStars(group)) return Leave($"'{Shown(model)}' has a '*', and model_name has none that it could stand for");
        var account = new LiteLlmAccountReader(parameters, environment, prefix, vendor ?? new LiteLlmVendor("openai-compatible"));
        if (account.Read(ref model) is { } reason) return Leave(reason);
        if (model.Length == 0) return Leave("names no model");
        var isEmbedding = mode is "embedding" or "embeddings" || model.Contains("embed", StringComparison.OrdinalIgnoreCase);
        var settings = LiteLlmTarget.Read(parameters, info, isEmbedding);
        var (name, deployment) = (BaseModel(info, account.Type, model), model);
        var shares = new[] { parameters.Number("weight"), parameters.Number("rpm"), parameters.Number("tpm") };
        return new LiteLlmDeployment(accounts.Add(account.Type, prefix, account.Settings, name, deployment), name, settings, shares, parameters.Number("order") ?? decimal.MaxValue);

        LiteLlmDeployment? Leave(string reason)
        {
            parameters.Note("model", reason.Contains("left out", StringComparison.Ordinal) ? reason : $"{reason}; the entry is left out");
            return null;
        }
    }

    // 'provider/model' where the first word is a provider's; a name with an address of its own may be anything.
    private static (string? Prefix, string Model) Split(LiteLlmReader parameters, string model)
    {
        if (parameters.Text("custom_llm_provider") is { } said) return (said, model.StartsWith(said + "/", StringComparison.Ordinal) ? model[(said.Length + 1)..] : model);
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        var hasAddress = Address(parameters) is not null;
        if (slash > 0 && (LiteLlmVendor.Find(model[..slash]) is not null || !hasAddress) && LiteLlmVendor.Owner(model) is not "bedrock") return (model[..slash], model[(slash + 1)..]);
        return (hasAddress && LiteLlmVendor.Owner(model) is null or "openai" ? "openai" : LiteLlmVendor.Owner(model), model);
    }

    private static string? Address(LiteLlmReader parameters) => parameters.Text("api_base") ?? parameters.Text("base_url");

    // Azure's deployments have names of their own; the base model is what prices and limits go by.
    private static string BaseModel(LiteLlmReader info, string type, string model)
    {
        if (info.Text("base_model") is not { } written) return model;
        var name = written[(written.LastIndexOf('/') + 1)..];
        if (type == "azure" && name.Length > 0 && !RoutePattern.IsPattern(model)) return name;
        if (name != model) info.Note("base_model", "is left out: prices and limits go by the model's own name; where the catalogue does not know it, write price: at the target");
        return model;
    }

    private static string Shown(string text) => Schema.Shown.LooksSecret(text) ? "..." : text;
}
