using System.Text.Json;

namespace Sluice.Configuration;

/// <summary>A named upstream (<c>providers.NAME</c>), with everything it inherits filled in.</summary>
public sealed record ProviderConfig
{
    /// <summary>The name in <c>provider/model</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The vendor entry or wire format, e.g. <c>openai</c>; where the file gives none it is the name.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it is used. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether it is used only if it answers at start (Ollama found without any configuration). Default false.</summary>
    public bool OnlyIfReachable { get; init; }

    /// <summary>The address as the user wrote it, with or without the version segment; null means the vendor's own.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Further wire formats that this upstream serves itself, e.g. <c>openai-responses</c>; null means what its type says.</summary>
    public IReadOnlyList<string>? Formats { get; init; }

    /// <summary>The API keys; empty where none is needed. With several, <see cref="KeyStrategy"/> chooses.</summary>
    public IReadOnlyList<ProviderKeyConfig> ApiKeys { get; init; } = [];

    /// <summary>How one of several keys is chosen. Default <see cref="KeyStrategy.RoundRobin"/>.</summary>
    public KeyStrategy KeyStrategy { get; init; }

    /// <summary>How the key travels; null means as the vendor wants it.</summary>
    public AuthConfig? Auth { get; init; }

    /// <summary>The models that are offered; null means whatever the provider lists.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Timeouts; <see cref="TimeoutsConfig.Total"/> is that of one attempt.</summary>
    public TimeoutsConfig Timeouts { get; init; } = TimeoutsConfig.Default;

    /// <summary>When and how often an attempt is repeated.</summary>
    public RetryConfig Retry { get; init; } = RetryConfig.Default;

    /// <summary>When a model of it rests.</summary>
    public BreakerConfig Breaker { get; init; } = BreakerConfig.Default;

    /// <summary>Rates of all calls to it.</summary>
    public LimitsConfig Limits { get; init; } = LimitsConfig.None;

    /// <summary>Its budget.</summary>
    public BudgetConfig Budget { get; init; } = BudgetConfig.None;

    /// <summary>Request parameters used where the client gives none.</summary>
    public IReadOnlyDictionary<string, JsonElement> Params { get; init; } = Empty<JsonElement>.Map;

    /// <summary>Members merged into every body sent there, in the upstream's own format.</summary>
    public IReadOnlyDictionary<string, JsonElement> ProviderSpecific { get; init; } = Empty<JsonElement>.Map;

    /// <summary>Rules for headers sent upstream.</summary>
    public HeaderRulesConfig Headers { get; init; } = HeaderRulesConfig.None;

    /// <summary>What its servers refuse, beside what is known of the vendor.</summary>
    public QuirksConfig Quirks { get; init; } = QuirksConfig.None;

    /// <summary>Rules for headers sent back.</summary>
    public HeaderRulesConfig ResponseHeaders { get; init; } = HeaderRulesConfig.None;

    /// <summary>A price for all its models; null means the catalogue's.</summary>
    public PriceConfig? Price { get; init; }

    /// <summary>What a budget does with a model of unknown price.</summary>
    public UnknownPricePolicy UnknownPrice { get; init; }

    /// <summary>TLS settings.</summary>
    public TlsConfig Tls { get; init; } = TlsConfig.Default;

    /// <summary>The proxy; null means that of the environment (HTTPS_PROXY and its like).</summary>
    public ProxyConfig? Proxy { get; init; }

    /// <summary>Whether a field that it cannot express refuses the call.</summary>
    public bool Strict { get; init; }

    /// <summary>What happens upstream when the client goes away.</summary>
    public DisconnectPolicy OnDisconnect { get; init; }

    /// <summary>Whether a call over a limit waits.</summary>
    public bool Wait { get; init; }

    /// <summary>The API version where the vendor has one in the address or a header (Azure, Anthropic).</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Azure: deployment by model name; a model not named is its own deployment.</summary>
    public IReadOnlyDictionary<string, string> Deployments { get; init; } = Empty<string>.Map;

    /// <summary>OpenAI: the organization that is charged, sent as <c>OpenAI-Organization</c>.</summary>
    public string? Organization { get; init; }

    /// <summary>Vertex: the Google Cloud project.</summary>
    public string? Project { get; init; }

    /// <summary>Vertex: the location, e.g. <c>europe-west4</c>.</summary>
    public string? Location { get; init; }

    /// <summary>Vertex: the path of a service account's JSON file; null means the application default credentials.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Bedrock: region and credentials; null for other types.</summary>
    public AwsConfig? Aws { get; init; }

    /// <summary>The identity in Entra ID where <see cref="Auth"/> is <see cref="AuthScheme.Entra"/>; null elsewhere.</summary>
    public EntraConfig? Entra { get; init; }

    /// <summary>The variables by which a cloud tells a program who it is, for providers that may ask for that; empty for others.</summary>
    public IReadOnlyDictionary<string, string> IdentityVariables { get; init; } = Empty<string>.Map;
}
