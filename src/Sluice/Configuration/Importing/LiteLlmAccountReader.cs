using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>Reads what a deployment says of its account: address, key, region. Knows where LiteLLM hides such things in a model's name.</summary>
internal sealed class LiteLlmAccountReader(LiteLlmReader parameters, IEnvironment environment, string prefix, LiteLlmVendor vendor)
{
    private readonly NodeBuilder auth = new();
    private string? address;
    private string? version;
    private string? region;
    private bool speaksResponses;

    internal string Type { get; private set; } = vendor.Type!;

    internal NodeBuilder Settings { get; } = new();

    /// <summary>Reads the account, and takes out of the model's name what is not the model's. A text says why the deployment must be left out.</summary>
    internal string? Read(ref string model)
    {
        address = Address();
        version = parameters.Text("api_version");
        if (model.StartsWith("responses/", StringComparison.Ordinal))
        {
            model = model["responses/".Length..];
            speaksResponses = true;
        }

        var reason = Type switch
        {
            "bedrock" => Bedrock(ref model),
            "vertex" => Vertex(ref model),
            "azure" => Azure(),
            "openai-compatible" => prefix == "azure_ai" ? Foundry(model) : null,
            _ => null,
        };
        if (reason is not null) return reason;
        if (Type == "openai" && address is not null && !address.Contains("api.openai.com", StringComparison.Ordinal)) Own();
        if (Type is not ("bedrock" or "vertex")) address ??= vendor.Address ?? (vendor.AddressVariable is { } variable && (ProviderTypes.NeedsBaseUrl(Type) || environment.GetVariable(variable) is { Length: > 0 }) ? "${" + variable + "}" : null);
        if (address is null && ProviderTypes.NeedsBaseUrl(Type)) return $"'{prefix}' needs an address: write api_base";
        Write();
        return null;
    }

    private string? Address()
    {
        var text = (parameters.Text("api_base") ?? parameters.Text("base_url") ?? (Type == "bedrock" ? parameters.Text("aws_bedrock_runtime_endpoint") : null))?.Trim();
        if (text is null or "" || text.StartsWith("${", StringComparison.Ordinal)) return text is "" ? null : text;
        if (!text.Contains("://", StringComparison.Ordinal)) text = "http://" + text;
        if (UrlType.Address.Check(text) is null) return text.TrimEnd('/');
        parameters.Note(parameters.Has("api_base") ? "api_base" : "base_url", "is not an address that Sluice can use; left out");
        return null;
    }

    // A server of one's own that speaks OpenAI's language, or Azure given as one.
    private void Own()
    {
        Type = "openai-compatible";
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase) && !uri.AbsolutePath.Contains("/v1", StringComparison.Ordinal))
        {
            Type = "azure";
            Azure();
        }
    }

    // A base that is the whole address of a deployment says no more than its host and its version.
    private string? Azure()
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return null;
        if (uri.Query.Contains("api-version=", StringComparison.Ordinal)) version ??= uri.Query[(uri.Query.IndexOf("api-version=", StringComparison.Ordinal) + 12)..].Split('&')[0];
        if (uri.Query.Length > 0 || uri.AbsolutePath.StartsWith("/openai", StringComparison.Ordinal)) address = uri.GetLeftPart(UriPartial.Authority);
        return null;
    }

    private string? Foundry(string model)
    {
        if (address is null) return null;
        if (model.StartsWith("claude", StringComparison.Ordinal) || address.EndsWith("/anthropic", StringComparison.Ordinal)) Type = "anthropic-compatible";
        else if (address.Contains(".openai.azure.com", StringComparison.OrdinalIgnoreCase)) (Type, _) = ("azure", Azure());
        else if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.EndsWith(".services.ai.azure.com", StringComparison.OrdinalIgnoreCase) && !uri.AbsolutePath.Contains("/v1", StringComparison.Ordinal))
        {
            address = uri.GetLeftPart(UriPartial.Authority) + "/openai/v1";
            auth.Set("header", "api-key");
        }

        return null;
    }

    private string? Bedrock(ref string model)
    {
        foreach (var route in (string[])["converse/", "converse_like/", "invoke/", "llama/", "deepseek_r1/"])
        {
            if (model.StartsWith(route, StringComparison.Ordinal)) model = model[route.Length..];
        }

        if (model.StartsWith("agent", StringComparison.Ordinal)) return "Bedrock's agents are not served by this version";
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && model[..slash].Split('-') is [_, .., { Length: 1 } number] && char.IsAsciiDigit(number[0])) (region, model) = (model[..slash], model[(slash + 1)..]);
        region = parameters.Text("aws_region_name") ?? region ?? "${AWS_REGION_NAME:-us-west-2}";
        return null;
    }

    // Models of other publishers than Google are asked for with the publisher's name.
    private static string? Vertex(ref string model)
    {
        if (model.StartsWith("claude", StringComparison.Ordinal)) model = "anthropic/" + model;
        else if (model.StartsWith("jamba", StringComparison.Ordinal)) model = "ai21/" + model;
        else if (model.StartsWith("google/", StringComparison.Ordinal)) model = model["google/".Length..];
        var name = model[(model.LastIndexOf('/') + 1)..];
        return name.Length > 0 && name.All(char.IsAsciiDigit) ? "endpoints of one's own on Vertex are not served by this version" : null;
    }

    private void Write()
    {
        Settings.Set("type", Type).Set("base_url", address);
        if (Type == "vertex") WriteGoogle();
        else if (Type == "bedrock") WriteAmazon();
        else WriteKey();
        Settings.Set("api_version", Type is "azure" or "anthropic" ? version : null).Set("organization", parameters.Text("organization") ?? parameters.Text("openai_organization"));
        if (speaksResponses) Settings.Set("formats", NodeBuilder.List([NodeBuilder.Text("openai-responses")]));
        Settings.Set("auth", auth).Set("headers", new NodeBuilder().Set("set", Headers()));
        if (parameters.Bool("ssl_verify") is false) Settings.Set("tls", new NodeBuilder().SetPlain("verify", "false"));
    }

    private void WriteKey()
    {
        var key = Secret("api_key");
        // A server of one's own gets no vendor's key that nobody wrote for it.
        var isOwn = Type == "openai-compatible" && vendor.Address is null && vendor.AddressVariable is null;
        if (key is null && !isOwn && vendor.KeyVariable is { } variable && (ProviderTypes.NeedsKey(Type) || vendor.Address is not null || environment.GetVariable(variable) is { Length: > 0 })) key = "${" + variable + "}";
        Settings.Set("api_key", key);
    }

    private string? Secret(string key)
    {
        if (parameters.Text(key)?.Trim() is not { Length: > 0 } secret) return null;
        if (SecretType.Instance.Check(secret) is null) return secret;
        parameters.Note(key, "is nothing that a header could carry; left out");
        return null;
    }

    private void WriteGoogle()
    {
        var credentials = parameters.Text("vertex_credentials");
        if (credentials?.TrimStart() is ['{', ..])
        {
            parameters.Note("vertex_credentials", "holds the credentials themselves; write them into a file and name it as credentials_file");
            credentials = null;
        }

        Settings.Set("project", parameters.Text("vertex_project") ?? "${VERTEXAI_PROJECT}").Set("location", parameters.Text("vertex_location") ?? "${VERTEXAI_LOCATION:-us-central1}").Set("credentials_file", credentials);
    }

    private void WriteAmazon()
    {
        Settings.Set("region", region).Set("api_key", Secret("api_key"));
        Settings.Set("aws", new NodeBuilder().Set("access_key_id", parameters.Text("aws_access_key_id")).Set("secret_access_key", Secret("aws_secret_access_key"))
            .Set("session_token", Secret("aws_session_token")).Set("profile", parameters.Text("aws_profile_name")));
    }

    private NodeBuilder Headers()
    {
        var headers = new NodeBuilder();
        foreach (var key in (string[])["extra_headers", "headers"])
        {
            foreach (var entry in (parameters.Node(key) as MapNode)?.Entries ?? [])
            {
                var value = entry.Value is ScalarNode scalar ? LiteLlmReader.Value(scalar.Text) : null;
                if (value is not null && ShapeType.HeaderName.Check(entry.Key) is null && !entry.Key.Contains('*', StringComparison.Ordinal) && Binding.HeaderChecks.MayBeSet(entry.Key, value)) headers.Set(entry.Key, value);
                else parameters.Note(key, $"the header '{entry.Key}' belongs to the connection, or is none; left out");
            }
        }

        return headers;
    }
}
