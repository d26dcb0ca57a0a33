using System.Globalization;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Validation;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Binding;

/// <summary>Binds one provider over the defaults.</summary>
internal static class ProviderBinder
{
    internal static ProviderConfig Bind(MapEntry entry, DefaultsConfig defaults, BindingContext context)
    {
        var reader = new ObjectReader(ProviderSchema.Provider, entry.Value, StructureValidator.Join("providers", entry.Key), context);
        var type = reader.Text("type") ?? TypeOf(entry.Key);
        var enabled = reader.Bool("enabled") ?? true;
        return new ProviderConfig
        {
            Name = entry.Key,
            Type = type ?? "",
            Enabled = enabled,
            OnlyIfReachable = context.ZeroConfiguration && entry.Key == Loading.WellKnownVariables.OllamaName,
            BaseUrl = reader.Url("base_url"),
            Formats = reader.Texts("formats"),
            ApiKeys = CredentialBinder.ApiKeys(reader, entry.Key, type, enabled),
            KeyStrategy = reader.Enum<KeyStrategy>("key_strategy") ?? KeyStrategy.RoundRobin,
            Auth = CredentialBinder.Auth(reader),
            Models = reader.Texts("models"),
            Timeouts = SharedBinder.Timeouts(reader.Object("timeout"), defaults.Timeouts),
            Retry = SharedBinder.Retry(reader.Object("retry"), defaults.Retry),
            Breaker = SharedBinder.Breaker(reader.Object("breaker"), defaults.Breaker),
            Limits = SharedBinder.Limits(reader.Object("limits"), defaults.Limits),
            Budget = SharedBinder.Budget(reader.Object("budget")),
            Params = reader.FreeMap("params", defaults.Params),
            ProviderSpecific = reader.FreeMap("provider_specific", Empty<System.Text.Json.JsonElement>.Map),
            Quirks = Quirks(reader.Object("quirks")),
            Headers = SharedBinder.Headers(reader.Object("headers"), defaults.Headers),
            ResponseHeaders = SharedBinder.Headers(reader.Object("response_headers"), defaults.ResponseHeaders),
            Price = SharedBinder.Price(reader.Object("price"), inherited: null),
            UnknownPrice = reader.Enum<UnknownPricePolicy>("unknown_price") ?? defaults.UnknownPrice,
            Tls = Tls(reader.Object("tls"), entry.Key, enabled),
            Proxy = CredentialBinder.Proxy(reader),
            Strict = reader.Bool("strict") ?? defaults.Strict,
            OnDisconnect = reader.Enum<DisconnectPolicy>("on_disconnect") ?? defaults.OnDisconnect,
            Wait = reader.Bool("wait") ?? defaults.Wait,
            ApiVersion = reader.Text("api_version"),
            Deployments = reader.TextMap("deployments") ?? Empty<string>.Map,
            Organization = reader.Text("organization"),
            Project = reader.Text("project") ?? (type == "vertex" ? Variable(reader, "project", "GOOGLE_CLOUD_PROJECT") : null),
            Location = reader.Text("location") ?? (type == "vertex" ? Variable(reader, "location", "GOOGLE_CLOUD_LOCATION") : null),
            CredentialsFile = reader.File("credentials_file") is { } credentials ? SharedBinder.Existing(reader, "credentials_file", credentials) : type == "vertex" ? CloudCredentials.GoogleFile(reader) : null,
            Aws = Aws(reader, type),
            Entra = CredentialBinder.Entra(reader),
            IdentityVariables = CloudCredentials.IdentityVariables(reader, type),
        };
    }

    /// <summary>A provider whose name is a known type needs no <c>type</c>.</summary>
    internal static string? TypeOf(string name) => ProviderTypes.All.Contains(name, StringComparer.Ordinal) ? name : null;

    private static QuirksConfig Quirks(ObjectReader reader) => new()
    {
        ReasoningBack = reader.Text("reasoning_back"),
        Roles = reader.TextMap("roles") ?? Empty<string>.Map,
        Lengths = reader.TextMap("lengths") is { } lengths ? lengths.ToDictionary(l => l.Key, l => int.Parse(l.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal) : Empty<int>.Map,
    };

    private static TlsConfig Tls(ObjectReader reader, string provider, bool enabled)
    {
        var verify = reader.Bool("verify") ?? true;
        if (!verify && enabled) reader.Context.Faults.Warn(reader.OriginOf("verify"), reader.PathOf("verify"), $"certificates of '{provider}' are not verified: anyone on the way can read its key and its answers");
        return new TlsConfig
        {
            Verify = verify,
            CaFile = reader.File("ca_file") is { } file ? SharedBinder.Authorities(reader, "ca_file", file) : null,
            ClientCertificate = SharedBinder.Certificate(reader.Object("client_certificate")),
        };
    }

    private static AwsConfig? Aws(ObjectReader reader, string? type)
    {
        var region = reader.Text("region");
        var aws = reader.Object("aws");
        var result = new AwsConfig
        {
            Region = region ?? (type == "bedrock" ? Variable(reader, "region", "AWS_REGION", "AWS_DEFAULT_REGION") : null),
            AccessKeyId = aws.Text("access_key_id"),
            SecretAccessKey = aws.Secret("secret_access_key"),
            SessionToken = aws.Secret("session_token"),
            Profile = aws.Text("profile"),
        };
        if (type == "bedrock") return CloudCredentials.Complete(result, reader);
        return region is not null || aws.IsWritten ? result : null;
    }

    private static string? Variable(ObjectReader reader, string key, params string[] names)
    {
        foreach (var name in names)
        {
            if (reader.Context.Environment.GetVariable(name) is not { Length: > 0 } value) continue;
            reader.Context.Implied[reader.PathOf(key)] = new ConfigurationOrigin(ConfigurationOriginKind.Environment, name);
            return value;
        }

        return null;
    }
}
