using System.Globalization;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Binding;

/// <summary>Binds what a provider needs to be let in: keys, the way they travel, the proxy.</summary>
internal static class CredentialBinder
{
    internal static IReadOnlyList<ProviderKeyConfig> ApiKeys(ObjectReader reader, string provider, string? type, bool enabled)
    {
        var single = reader.Secret("api_key");
        var file = reader.Text("api_key_file");
        var several = reader.Items("api_keys");
        if (!enabled) return [];
        if (single is not null) return [new ProviderKeyConfig { Name = provider, Value = single }];
        if (file is not null) return reader.Context.ReadSecretFile(file, reader.OriginOf("api_key_file"), reader.PathOf("api_key_file")) is { } secret ? [new ProviderKeyConfig { Name = provider, Value = secret }] : [];
        if (several is not null) return Several(reader, provider, several);
        if (IsWritten(reader) || Auth(reader) is { Scheme: AuthScheme.None or AuthScheme.Passthrough or AuthScheme.Entra }) return [];
        if (type == "bedrock") return CloudCredentials.BedrockKey(reader, provider);
        return type is not null && FromVariable(reader, type) is { } found ? [new ProviderKeyConfig { Name = provider, Value = found }] : [];
    }

    internal static AuthConfig? Auth(ObjectReader reader)
    {
        if (reader.Object("entra").IsWritten) return new AuthConfig { Scheme = AuthScheme.Entra };
        if (reader.Node("auth") is ScalarNode) return Enum(reader.Text("auth")) is { } scheme ? new AuthConfig { Scheme = scheme, Name = QueryName(scheme) } : null;
        var auth = new ObjectReader(ProviderSchema.Auth, reader.Node("auth"), reader.PathOf("auth"), reader.Context);
        var prefix = auth.Text("prefix");
        if (auth.Text("header") is { } header) return new AuthConfig { Scheme = AuthScheme.Header, Name = header, Prefix = prefix };
        if (auth.Text("query") is { } query) return new AuthConfig { Scheme = AuthScheme.Query, Name = query, Prefix = prefix };
        return Enum(auth.Text("scheme")) is { } named ? new AuthConfig { Scheme = named, Name = QueryName(named), Prefix = prefix } : null;
    }

    /// <summary>The identity in Entra ID; null where the provider has none.</summary>
    internal static EntraConfig? Entra(ObjectReader reader)
    {
        var entra = reader.Object("entra");
        var config = new EntraConfig
        {
            TenantId = entra.Text("tenant_id"),
            ClientId = entra.Text("client_id"),
            ClientSecret = entra.Secret("client_secret"),
            TokenFile = entra.File("token_file"),
            Scope = entra.Text("scope") ?? EntraConfig.AzureOpenAIScope,
        };
        return Auth(reader)?.Scheme == AuthScheme.Entra ? config : null;
    }

    internal static ProxyConfig? Proxy(ObjectReader reader)
    {
        if (reader.Text("proxy") is not { } text) return null;
        if (text == "none") return new ProxyConfig();
        var uri = new UriBuilder(text);
        var (user, password) = (Uri.UnescapeDataString(uri.UserName), Uri.UnescapeDataString(uri.Password));
        uri.UserName = uri.Password = "";
        return new ProxyConfig { Address = uri.Uri, User = user.Length > 0 ? user : null, Password = password.Length > 0 ? new Secret(password) : null };
    }

    /// <summary>Whether a key was written, be it a wrong one: then its fault is enough, and no variable takes its place.</summary>
    internal static bool IsWritten(ObjectReader reader) =>
        reader.IsKeyWritten("api_key") || reader.IsKeyWritten("api_keys") || reader.IsKeyWritten("api_key_file");

    private static AuthScheme? Enum(string? text) => text is null ? null : EnumNames<AuthScheme>.Parse(text);

    private static string? QueryName(AuthScheme scheme) => scheme is AuthScheme.Query ? "key" : null;

    private static List<ProviderKeyConfig> Several(ObjectReader reader, string provider, IReadOnlyList<ConfigNode> items)
    {
        var keys = new List<ProviderKeyConfig>();
        for (var i = 0; i < items.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{provider}#{i + 1}");
            if (items[i] is ScalarNode)
            {
                if (ObjectReader.Scalar(items[i], SecretType.Instance) is { } text) keys.Add(new ProviderKeyConfig { Name = name, Value = new Secret(text) });
                continue;
            }

            var item = new ObjectReader(ProviderSchema.ApiKey, items[i], string.Create(CultureInfo.InvariantCulture, $"{reader.PathOf("api_keys")}[{i}]"), reader.Context);
            var value = item.Secret("key") ?? (item.Text("file") is { } file ? reader.Context.ReadSecretFile(file, item.OriginOf("file"), item.PathOf("file")) : null);
            if (value is not null) keys.Add(new ProviderKeyConfig { Name = item.Text("name") ?? name, Value = value, Weight = item.Int("weight") ?? 1 });
        }

        return keys;
    }

    private static Secret? FromVariable(ObjectReader reader, string type)
    {
        foreach (var name in ProviderTypes.KeyVariables(type))
        {
            if (reader.Context.Environment.GetVariable(name)?.Trim() is not { Length: > 0 } value || SecretType.Instance.Check(value) is not null) continue;
            reader.Context.Implied[reader.PathOf("api_key")] = new ConfigurationOrigin(ConfigurationOriginKind.Environment, name);
            return new Secret(value);
        }

        return null;
    }
}
