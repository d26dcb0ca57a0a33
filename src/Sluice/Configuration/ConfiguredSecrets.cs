using Sluice.Upstream;

namespace Sluice.Configuration;

/// <summary>Every secret that a configuration holds, for the mask.</summary>
internal static class ConfiguredSecrets
{
    public static IEnumerable<string> Of(SluiceConfig config)
    {
        var secrets = new List<Secret?> { config.Admin.Key, config.Keys.Pepper, config.Server.Https?.Password };
        secrets.AddRange(config.Telemetry.OtlpHeaders.Values);
        foreach (var budget in Budgets(config)) secrets.Add(budget.Webhook);
        foreach (var provider in config.Providers.Values)
        {
            secrets.AddRange(provider.ApiKeys.Select(k => k.Value));
            secrets.Add(provider.Entra?.ClientSecret);
            secrets.AddRange(Binding.CloudCredentials.SecretVariables(provider.IdentityVariables));
            secrets.AddRange([provider.Proxy?.Password, provider.Tls.ClientCertificate?.Password, provider.Aws?.SecretAccessKey, provider.Aws?.SessionToken]);
        }
        return secrets.OfType<Secret>().Select(s => s.Reveal()).Concat(Headers(config)).Concat(Addresses(config));
    }

    /// <summary>What one provider is sent as credentials, and may quote.</summary>
    public static IEnumerable<string> Of(SluiceConfig config, ProviderConfig provider)
    {
        IEnumerable<Secret?> secrets = [.. provider.ApiKeys.Select(k => k.Value), provider.Aws?.SecretAccessKey, provider.Aws?.SessionToken];
        var rules = config.Routes.Values.SelectMany(r => r.Targets).Where(t => string.Equals(t.Provider, provider.Name, StringComparison.OrdinalIgnoreCase)).Select(t => t.Headers);
        return secrets.OfType<Secret>().Select(s => s.Reveal()).Concat(Credentials(rules.Prepend(provider.Headers)));
    }

    private static IEnumerable<BudgetConfig> Budgets(SluiceConfig config) =>
        [config.Budgets, .. config.Providers.Values.Select(p => p.Budget), .. config.Routes.Values.Select(r => r.Budget), .. config.Keys.Groups.Values.Select(g => g.Budget)];

    private static IEnumerable<string> Headers(SluiceConfig config) =>
        Credentials(config.Providers.Values.Select(p => p.Headers).Concat(config.Routes.Values.SelectMany(r => r.Targets.Select(t => t.Headers))));

    // A credential that is set by a header rule; with "Bearer" before it, the key alone is a secret too.
    private static IEnumerable<string> Credentials(IEnumerable<HeaderRulesConfig> rules)
    {
        foreach (var (name, value) in rules.SelectMany(r => r.Add.Concat(r.Set)))
        {
            if (!HeaderNames.OfCredentials.Contains(name)) continue;
            yield return value;
            if (value.LastIndexOf(' ') is > 0 and var space) yield return value[(space + 1)..];
        }
    }

    // Addresses may hold a password: of the database, and of a provider whose address was written with one.
    private static IEnumerable<string> Addresses(SluiceConfig config)
    {
        var addresses = config.Providers.Values.Select(p => p.BaseUrl?.OriginalString).Append(config.Telemetry.Otlp?.OriginalString);
        foreach (string address in addresses.OfType<string>())
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon) yield return Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]);
            foreach (string part in address.Split(';'))
            {
                if (part.Trim() is var setting && setting.StartsWith("password=", StringComparison.OrdinalIgnoreCase)) yield return setting["password=".Length..].Trim('\'', '"');
            }
        }
    }
}
