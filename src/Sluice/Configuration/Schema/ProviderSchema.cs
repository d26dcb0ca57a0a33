namespace Sluice.Configuration.Schema;

/// <summary>Keys of a provider.</summary>
internal static class ProviderSchema
{
    internal static readonly ObjectType ApiKey = new(
        "API key",
        "One of several API keys.",
        Key.Secret("key", "The key.", "${ANTHROPIC_KEY_A}"),
        Key.Path("file", "A file that holds it, e.g. a mounted secret.", "/run/secrets/anthropic-a"),
        Key.Text("name", "A name for messages and metrics; never the key itself.", example: "team-a"),
        Key.Integer("weight", 1, "Its share under `key_strategy: weighted`.", 0, 1_000_000))
    {
        OneOf = ["key", "file"],
    };

    internal static readonly ObjectType Auth = new(
        "auth",
        "How the key travels; without it as the vendor wants it.",
        Key.Of("scheme", new EnumType("bearer", "query", "none", "passthrough", "entra"), "`bearer`: Authorization header; `query`: parameter `key`; `none`: nothing is sent; `passthrough`: the client's own credential; `entra`: a token of Microsoft Entra ID.", "bearer"),
        Key.Of("header", ShapeType.HeaderName, "A header of its own.", "X-Lab-Key"),
        Key.Text("query", "A query parameter of its own.", example: "api_key"),
        Key.Text("prefix", "Text put before the key in the header.", example: "\"Token \""))
    {
        Exclusive = [["scheme", "header", "query"]],
    };

    internal static readonly ObjectType Tls = new(
        "tls",
        "TLS towards the provider.",
        Key.Bool("verify", TlsConfig.Default.Verify, "Verify its certificate. `false` is warned about at every start."),
        Key.Path("ca_file", "PEM file of further authorities.", "/etc/ssl/lab-ca.pem"),
        Key.Object("client_certificate", ServerSchema.Certificate, "The certificate that the gateway shows."));

    internal static readonly ObjectType Aws = new(
        "aws",
        "AWS credentials; what is not written comes from the AWS variables, else from the profile `default`, else from the role of the container or the instance.",
        Key.Text("access_key_id", "Access key id.", example: "${AWS_ACCESS_KEY_ID}"),
        Key.Secret("secret_access_key", "Secret access key.", "${AWS_SECRET_ACCESS_KEY}"),
        Key.Secret("session_token", "Session token of temporary credentials.", "${AWS_SESSION_TOKEN}"),
        Key.Text("profile", "Profile of `~/.aws/credentials` and `~/.aws/config` (`AWS_SHARED_CREDENTIALS_FILE`, `AWS_CONFIG_FILE`): keys, a role, single sign-on or a process. Default: AWS_PROFILE.", example: "research"));

    internal static readonly ObjectType Entra = new(
        "entra",
        "An identity in Microsoft Entra ID in place of a key; written as `auth: entra` it comes from the Azure variables, else from the managed identity of the machine.",
        Key.Text("tenant_id", "The tenant. Default: AZURE_TENANT_ID.", example: "${AZURE_TENANT_ID}"),
        Key.Text("client_id", "The application, or the managed identity where the machine has several. Default: AZURE_CLIENT_ID.", example: "${AZURE_CLIENT_ID}"),
        Key.Secret("client_secret", "The application's secret. Default: AZURE_CLIENT_SECRET.", "${AZURE_CLIENT_SECRET}"),
        Key.Path("token_file", "A file with a federated token. Default: AZURE_FEDERATED_TOKEN_FILE.", "/var/run/secrets/azure/tokens/azure-identity-token"),
        Key.Text("scope", $"What the token is for. Default: {EntraConfig.AzureOpenAIScope}.", example: "https://ai.azure.com/.default"));

    internal static readonly ObjectType Quirks = new(
        "quirks",
        "How its servers differ from their format. It wins over what Sluice knows of the vendor.",
        Key.Of("roles", new MapType(new EnumType("system", "developer", "user", "assistant")) { Placeholder = "ROLE" }, "Roles of messages that are refused, and the role sent in place of each. The same role again means that it is taken.", "{ developer: system }"),
        Key.Of("lengths", new MapType(new IntegerType(16, 1_000_000)) { KeyType = new EnumType("user", "prompt_cache_key", "safety_identifier"), Placeholder = "PARAMETER" }, "The most characters of `user`, `prompt_cache_key` and `safety_identifier`; a longer text is sent as its digest.", "{ user: 64 }"),
        Key.Of("reasoning_back", new EnumType("reasoning_content", "reasoning"), "The member of an assistant's message in which the server wants its own reasoning back within a tool loop. What a client leaves out is put back.", "reasoning_content"));

    internal static readonly ObjectType Provider = new(
        "provider",
        "A named upstream. What it does not say comes from `defaults`.",
        Key.Of("type", new EnumType([.. ProviderTypes.All]), "Vendor or wire format. Default: the provider's name, where that is a known type.", "openai-compatible"),
        Key.Bool("enabled", true, "Use it. A provider that is off is not checked for missing variables."),
        Key.Url("base_url", "Its address, with or without the version segment. Default: the vendor's own.", "https://lab.example/v1"),
        Key.List("formats", ShapeType.Identifier, "Wire formats that it serves itself. Default: what its type says.", "[openai-chat, openai-responses]"),
        Key.Secret("api_key", "The API key. Default: the vendor's variable, e.g. OPENAI_API_KEY.", "${LAB_KEY}"),
        Key.List("api_keys", new EitherType(SecretType.Instance, ApiKey), "Several keys, rotated; a limited or refused one rests.", "[\"${KEY_A}\", { key: \"${KEY_B}\", weight: 2 }]"),
        Key.Path("api_key_file", "A file that holds the key. A new content is taken up without a restart.", "/run/secrets/lab-key"),
        Key.Enum<KeyStrategy>("key_strategy", KeyStrategy.RoundRobin, "How one of several keys is chosen."),
        Key.Of("auth", new EitherType(new EnumType("bearer", "query", "none", "passthrough", "entra"), Auth), "How the key travels; without it as the vendor wants it.", "{ header: X-Lab-Key }"),
        Key.List("models", TextType.Any, "Models that are offered. Default: whatever the provider lists.", "[gpt-5.4-mini, gpt-5.4]"),
        Key.Object("timeout", SharedSchema.Timeout).Inherited(),
        Key.Object("retry", SharedSchema.Retry).Inherited(),
        Key.Object("breaker", SharedSchema.Breaker).Inherited(),
        Key.Object("limits", SharedSchema.Limits, "Rates of all calls to it.").Inherited(),
        Key.Object("budget", SharedSchema.Budget),
        Key.FreeMap("params", "Request parameters used where the client gives none, by their names in Chat Completions. Each is sent where the provider's format has it; a name that no format has is sent with chat calls as it is.", "{ temperature: 0.7, max_tokens: 1000 }").Inherited(),
        Key.FreeMap("provider_specific", "Members merged into every body sent there, in its own format.", "{ top_k: 40 }"),
        Key.Object("quirks", Quirks),
        Key.Object("headers", SharedSchema.Headers, "Rules for headers sent there.").Inherited(),
        Key.Object("response_headers", SharedSchema.Headers, "Rules for headers sent back to the client.").Inherited(),
        Key.Object("price", SharedSchema.Price),
        Key.Enum<UnknownPricePolicy>("unknown_price", UnknownPricePolicy.Refuse, "What a budget does with a model whose price nobody knows.").Inherited(),
        Key.Object("tls", Tls),
        Key.Of("proxy", UrlType.Proxy, "Proxy; `none` means no proxy even if HTTPS_PROXY names one. Default: the environment's.", "http://proxy.example:3128"),
        Key.Bool("strict", false, "Refuse with status 400 what the provider cannot express, instead of dropping it.").Inherited(),
        Key.Enum<DisconnectPolicy>("on_disconnect", DisconnectPolicy.Cancel, "What happens upstream when the client goes away: `cancel` ends the call, `finish` reads an answer that has been asked for to its end, for the ledger.").Inherited(),
        Key.Bool("wait", false, "Let a call over a limit wait for room within its deadline, instead of status 429.").Inherited(),
        Key.Text("api_version", "API version, where the vendor has one (Azure, Anthropic).", example: "2026-01-01"),
        Key.Of("deployments", new MapType(TextType.Any) { Placeholder = "MODEL" }, "Azure: deployment by model name.", "{ gpt-5.4: prod-gpt }"),
        Key.Text("organization", "OpenAI: the organization that is charged (`OpenAI-Organization`).", example: "org-lab"),
        Key.Text("project", "Vertex: Google Cloud project.", example: "my-project").OnlyFor("vertex"),
        Key.Text("location", "Vertex: location.", example: "europe-west4").OnlyFor("vertex"),
        Key.Path("credentials_file", "Vertex: JSON file of a service account or of workload identity federation. Default: the application default credentials, else the machine's service account.", "/run/secrets/vertex.json").OnlyFor("vertex"),
        Key.Text("region", "Bedrock: region. Default: AWS_REGION.", example: "eu-central-1").OnlyFor("bedrock"),
        Key.Object("aws", Aws).OnlyFor("bedrock"),
        Key.Object("entra", Entra))
    {
        Exclusive = [["api_key", "api_keys", "api_key_file"], ["auth", "entra"], ["api_key", "entra"], ["api_keys", "entra"], ["api_key_file", "entra"]],
    };
}
