using Sluice.Configuration.Yaml;
using Sluice.Providers;

namespace Sluice.Configuration.Importing;

/// <summary>Turns the parameters of LiteLLM's deployments into providers: one for each different account.</summary>
internal sealed class LiteLlmProviders
{
    // Only names that LiteLLM spells otherwise: a vendor of the same name is found in the vendor file.
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["text-completion-openai"] = "openai", ["anthropic_text"] = "anthropic", ["vertex_ai"] = "vertex", ["vertex_ai_beta"] = "vertex", ["ollama_chat"] = "ollama",
        ["cohere_chat"] = "cohere", ["together_ai"] = "together", ["fireworks_ai"] = "fireworks", ["bedrock_converse"] = "bedrock", ["hosted_vllm"] = "vllm",
        ["custom_openai"] = "openai-compatible", ["openai_like"] = "openai-compatible",
    };

    private readonly OrderedDictionary<string, ConfigNode> providers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> byContent = new(StringComparer.Ordinal);

    internal MapNode Build() => new(ConfigurationOrigin.BuiltIn, [.. providers.Select(entry => new MapEntry(entry.Key, ConfigurationOrigin.BuiltIn, entry.Value))]);

    /// <summary>The model id of a deployment; its provider is made where there is none like it. Null with a note where there is none in Sluice.</summary>
    internal string? Add(LiteLlmReader parameters)
    {
        if (parameters.Text("model") is not { Length: > 0 } model)
        {
            parameters.Note("model", "is missing; the entry is left out");
            return null;
        }

        var prefix = parameters.Text("custom_llm_provider");
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        if (prefix is null && slash > 0 && (TypeOf(model[..slash]) is not null || parameters.Node("api_base") is null)) (prefix, model) = (model[..slash], model[(slash + 1)..]);
        else if (prefix is not null && model.StartsWith(prefix + "/", StringComparison.Ordinal)) model = model[(prefix.Length + 1)..];
        prefix ??= Guess(model);
        var address = parameters.Text("api_base") ?? parameters.Text("base_url");
        var type = TypeOf(prefix);
        if (type == "openai" && address is not null && !address.Contains("api.openai.com", StringComparison.Ordinal)) type = "openai-compatible";
        if (type is null && address is not null)
        {
            parameters.Note("model", $"'{prefix}' is not known; its address is taken for one that speaks OpenAI's language");
            type = "openai-compatible";
        }

        if (type is null)
        {
            parameters.Note("model", $"Sluice has no provider '{prefix}'; the entry is left out. If it has an address that speaks OpenAI's language, add it as type: openai-compatible");
            return null;
        }

        // LiteLLM routes inside a model's name: vertex_ai/claude..., bedrock/converse/..., mistral via azure_ai.
        if (type == "bedrock" && model.StartsWith("converse/", StringComparison.Ordinal)) model = model["converse/".Length..];
        if (model == "*") model = "";
        return $"{NameOf(type, prefix, Settings(type, address, parameters))}/{model}";
    }

    private static string? TypeOf(string prefix) => OtherNames.GetValueOrDefault(prefix) ?? Vendors.Find(prefix)?.Id;

    private static string Guess(string model) => model switch
    {
        _ when model.StartsWith("claude", StringComparison.Ordinal) => "anthropic",
        _ when model.StartsWith("command", StringComparison.Ordinal) => "cohere",
        _ when model.StartsWith("gemini", StringComparison.Ordinal) => "vertex_ai",
        _ => "openai",
    };

    private static NodeBuilder Settings(string type, string? address, LiteLlmReader parameters)
    {
        var settings = new NodeBuilder().Set("type", type).Set("base_url", address?.TrimEnd('/')).Set("api_key", parameters.Text("api_key"))
            .Set("api_version", parameters.Text("api_version")).Set("organization", parameters.Text("organization"))
            .Set("project", parameters.Text("vertex_project")).Set("location", parameters.Text("vertex_location")).Set("credentials_file", parameters.Text("vertex_credentials"))
            .Set("region", parameters.Text("aws_region_name"));
        settings.Set("aws", new NodeBuilder().Set("access_key_id", parameters.Text("aws_access_key_id")).Set("secret_access_key", parameters.Text("aws_secret_access_key"))
            .Set("session_token", parameters.Text("aws_session_token")).Set("profile", parameters.Text("aws_profile_name")));
        if (parameters.Node("extra_headers") is MapNode headers) settings.Set("headers", new NodeBuilder().Set("set", Literal(headers)));
        if (parameters.Bool("ssl_verify") is false) settings.Set("tls", new NodeBuilder().SetPlain("verify", "false"));
        return settings;
    }

    private static MapNode Literal(MapNode map) => new(ConfigurationOrigin.BuiltIn, [.. map.Entries.Select(entry => entry with { Value = entry.Value is ScalarNode scalar ? NodeBuilder.Text(LiteLlmReader.Value(scalar.Text)) : entry.Value })]);

    private string NameOf(string type, string prefix, NodeBuilder settings)
    {
        var node = settings.Build();
        var content = Rendering.YamlText.Write(node);
        if (byContent.TryGetValue(content, out var name)) return name;
        var first = type is "openai-compatible" && prefix is not ("openai" or "custom_openai" or "openai_like") ? prefix.Replace('_', '-') : type is "openai-compatible" ? "custom" : type;
        name = first;
        for (var number = 2; providers.ContainsKey(name); number++) name = $"{first}-{number}";
        // Its name says its type where it can.
        providers.Add(name, name == type ? new MapNode(node.Origin, [.. node.Entries.Where(entry => entry.Key != "type")]) : node);
        byContent.Add(content, name);
        return name;
    }
}
