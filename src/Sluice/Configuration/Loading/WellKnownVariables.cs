using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Loading;

/// <summary>Makes providers from the variables that every SDK knows, for a start without any configuration.</summary>
internal static class WellKnownVariables
{
    internal const string OllamaName = "ollama";

    internal static MapNode Read(IEnvironment environment, ListenAddress listen, FaultList faults)
    {
        var providers = new List<MapEntry>();
        foreach (var type in ProviderTypes.Discovered)
        {
            if (First(environment, ProviderTypes.KeyVariables(type)) is not { } key) continue;
            var address = First(environment, ProviderTypes.BaseUrlVariables(type));
            if (ProviderTypes.NeedsBaseUrl(type) && address is null)
            {
                faults.Warn(key.Origin, "", $"no {type} provider: {string.Join(" or ", ProviderTypes.BaseUrlVariables(type))} is not set");
                continue;
            }

            List<MapEntry> settings = [Entry("api_key", key)];
            if (address is not null && IsSelf(address.Text, listen)) faults.Warn(address.Origin, "", "ignored: it is the address of this gateway");
            else if (address is not null) settings.Add(Entry("base_url", address));
            providers.Add(new MapEntry(type, key.Origin, new MapNode(key.Origin, settings)));
        }

        var ollama = Ollama(environment);
        providers.Add(new MapEntry(OllamaName, ollama.Origin, new MapNode(ollama.Origin, [Entry("base_url", ollama)])));
        return new MapNode(ConfigurationOrigin.BuiltIn, [new MapEntry("providers", ConfigurationOrigin.BuiltIn, new MapNode(ConfigurationOrigin.BuiltIn, providers))]);
    }

    private static MapEntry Entry(string key, ScalarNode value) => new(key, value.Origin, value);

    private static ScalarNode? First(IEnvironment environment, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (environment.GetVariable(name)?.Trim() is { Length: > 0 } value) return Scalar(name, value);
        }

        return null;
    }

    private static ScalarNode Scalar(string variable, string value) =>
        new(new ConfigurationOrigin(ConfigurationOriginKind.Environment, variable), value) { Plain = true, Substituted = true, Variables = [variable] };

    // Ollama itself reads OLLAMA_HOST as the address to listen on: it may lack a scheme or a port, and may name every interface.
    private static ScalarNode Ollama(IEnvironment environment)
    {
        const string byDefault = "http://127.0.0.1:11434";
        if (environment.GetVariable("OLLAMA_HOST")?.Trim().Trim('"', '\'') is not { Length: > 0 } host) return new ScalarNode(ConfigurationOrigin.BuiltIn, byDefault);
        var hasScheme = host.Contains("://", StringComparison.Ordinal);
        if (host.StartsWith(':')) host = "127.0.0.1" + host;
        if (!Uri.TryCreate(hasScheme ? host : "http://" + host, UriKind.Absolute, out var uri)) return Scalar("OLLAMA_HOST", host);
        var address = new UriBuilder(uri);
        if (uri.IsDefaultPort && !hasScheme) address.Port = 11434;
        if (address.Host is "0.0.0.0" or "[::]") address.Host = "127.0.0.1";
        return Scalar("OLLAMA_HOST", address.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/'));
    }

    // Who points an SDK at Sluice often sets OPENAI_BASE_URL for the whole shell; Sluice must not call itself.
    private static bool IsSelf(string address, ListenAddress listen) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port == listen.Port && (uri.IsLoopback || string.Equals(uri.Host, listen.Host, StringComparison.OrdinalIgnoreCase));
}
