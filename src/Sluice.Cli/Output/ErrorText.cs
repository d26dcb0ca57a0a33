using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Providers;
using Sluice.Routing;

namespace Sluice.Cli.Output;

/// <summary>An error for a person: the provider's own words, then what to do about it.</summary>
internal static class ErrorText
{
    /// <summary>What to do about an error; empty where nothing is known.</summary>
    public static IEnumerable<string> Remedies(GatewayError error, ProviderModel? provider)
    {
        if (error.Guidance is { } guidance) yield return guidance;
        if (provider is null) yield break;
        if (error.Kind == ErrorKind.Authentication || error.Kind == ErrorKind.Permission) yield return $"The key is sent as {CredentialOf(provider)}; providers.{provider.Name}.auth changes that.";
        string address = (provider.Address.Models() ?? provider.Address.Of(provider.Vendor.PrimaryFormat, "model")).GetLeftPart(UriPartial.Authority);
        if (error.Kind == ErrorKind.Network || error.Kind == ErrorKind.Timeout) yield return Reach(error.Code, provider, address);
        if (error.Kind == ErrorKind.MalformedAnswer) yield return $"Something else than {provider.Vendor.Name} may listen at {address}: check base_url.";
        if (error is { Kind.Value: "rate_limited", RetryAfter: { } wait }) yield return $"Try again in {Math.Ceiling(wait.TotalSeconds):0} s.";
    }

    /// <summary>Writes a failed call to standard error and gives the exit code.</summary>
    public static async Task<int> WriteAsync(GatewayError error, GatewayModel gateway)
    {
        // A provider's own words seldom say whose they are.
        string who = error.Provider is { } name && !error.Message.Contains($"'{name}'", StringComparison.Ordinal) ? $"{name}: " : "";
        await Console.Error.WriteLineAsync($"sluice: {who}{error.Message}");
        var provider = gateway.Providers.FirstOrDefault(p => p.Name == error.Provider);
        foreach (string remedy in Remedies(error, provider)) await Console.Error.WriteLineAsync(remedy);
        return ExitCode(error);
    }

    /// <summary>The exit code of a failed call.</summary>
    public static int ExitCode(GatewayError error) => error.Kind.Value switch
    {
        "network" or "timeout" => ExitCodes.ProviderUnreachable,
        "budget_spent" => ExitCodes.BudgetSpent,
        _ => ExitCodes.Failed,
    };

    private static string Reach(string? code, ProviderModel provider, string address) => (code, provider.Vendor.Id) switch
    {
        ("refused", "ollama") => $"Start it with 'ollama serve' (to install it: https://ollama.com/download), or correct its base_url, or OLLAMA_HOST where none is written; it was looked for at {address}.",
        ("refused", _) => $"Nothing listens at {address}: start it, or correct base_url.",
        ("dns", _) when !provider.Address.IsOwn => $"{new Uri(address).Host} is not found from here: check the network and, behind a proxy, set HTTPS_PROXY or providers.{provider.Name}.proxy.",
        ("dns", _) => $"The name in {address} does not resolve here: check base_url and the network.",
        ("tls", _) => $"The certificate of {address} is not trusted here: set tls.ca_file to its authority.",
        _ => $"{address} did not answer: check the network and, behind a proxy, providers.{provider.Name}.proxy.",
    };

    private static string CredentialOf(ProviderModel provider)
    {
        var own = provider.Config.Auth;
        string name = own?.Name ?? provider.Vendor.Auth.Name ?? "Authorization";
        var scheme = own?.Scheme switch
        {
            AuthScheme.Bearer => VendorAuthScheme.Bearer,
            AuthScheme.Header => VendorAuthScheme.Header,
            AuthScheme.Query => VendorAuthScheme.Query,
            AuthScheme.None => VendorAuthScheme.None,
            AuthScheme.Entra => VendorAuthScheme.Entra,
            _ => provider.Vendor.Auth.Scheme,
        };
        return scheme switch
        {
            VendorAuthScheme.Bearer => "'Authorization: Bearer KEY'",
            VendorAuthScheme.Header => $"the header '{name}: {own?.Prefix}KEY'",
            VendorAuthScheme.Query => $"the query parameter '{name}=KEY'",
            VendorAuthScheme.SigV4 => "a signature made with the AWS credentials",
            VendorAuthScheme.GoogleOAuth => "a Google access token",
            VendorAuthScheme.Entra => "an access token of Entra ID",
            _ => "nothing at all (auth: none)",
        };
    }
}
