using System.CommandLine;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Pricing;

namespace Sluice.Cli.Hosting;

/// <summary>The catalogue that a command works with: the embedded one, the files of the configuration, and those named on the command line.</summary>
internal sealed class CatalogSource
{
    private readonly ConfigurationOptions _configuration = new();

    private readonly Option<string[]> _files = new("--catalog") { Description = "A catalogue file over the built-in one (docs/catalogue.md); may be repeated", HelpName = "FILE", DefaultValueFactory = _ => [] };

    public void AddTo(Command command)
    {
        _configuration.AddTo(command);
        command.Options.Add(_files);
    }

    /// <summary>Reads it. On faults, tells all of them and gives null.</summary>
    public PricedCatalog? Load(ParseResult parsed)
    {
        var error = parsed.InvocationConfiguration.Error;
        var config = SluiceConfig.Default;
        var result = ConfigurationLoader.Load(_configuration.Source(parsed), new ProcessEnvironment());
        if (result.Config is { } loaded)
        {
            config = loaded;
        }
        else if (IsNamed(parsed))
        {
            foreach (var fault in result.Faults) error.WriteLine(fault);
            return null;
        }
        else
        {
            // Prices must be told where a gateway cannot start, too: a file that only lies here is not insisted on.
            error.WriteLine("sluice: the configuration here has faults and is left aside (see: sluice config validate)");
        }
        var catalog = ModelCatalog.Embedded.With(config.Catalog.Files.Concat(parsed.GetValue(_files)!.Select(Path.GetFullPath)), out var faults);
        foreach (string fault in faults) error.WriteLine(fault);
        return faults.Count > 0 ? null : new PricedCatalog(config, new PriceBook(catalog));
    }

    private bool IsNamed(ParseResult parsed) =>
        parsed.GetValue(_configuration.Config) is not null || parsed.GetValue(_configuration.ConfigDir) is not null || parsed.GetValue(_configuration.Profile) is not null
        || parsed.GetValue(_configuration.Set) is { Length: > 0 } || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("SLUICE_CONFIG"));
}

/// <summary>A catalogue, and the prices that the configuration sets over it.</summary>
internal sealed record PricedCatalog(SluiceConfig Config, PriceBook Prices)
{
    /// <summary>Where a bare model name is looked for, makers before resellers.</summary>
    private static readonly string[] Order =
        ["openai", "anthropic", "google", "mistral", "cohere", "xai", "deepseek", "perplexity", "groq", "together", "fireworks", "openrouter", "azure", "google-vertex"];

    public ModelCatalog Catalog => Prices.Catalog;

    /// <summary>The prices of a model at a provider of the configuration or of the catalogue; null where nobody knows any.</summary>
    public PriceList? PricesOf(string provider, string model) =>
        Config.Providers.TryGetValue(provider, out var configured) && (configured.Price is not null || Catalog.Find(provider, model) is null)
            ? Prices.For(configured, model)
            : Catalog.Find(provider, model)?.Prices;

    /// <summary>Takes <c>provider/model</c>, a route's name or a bare model name apart; null where nothing of the kind is known.</summary>
    public (string Provider, string Model)? Resolve(string name)
    {
        if (Config.Routes.TryGetValue(name, out var route) && route.Targets.FirstOrDefault(t => t.Enabled && t.Provider is not null) is { } target) return (target.Provider!, target.ModelName!);
        int slash = name.IndexOf('/');
        if (slash > 0 && PricesOf(name[..slash], name[(slash + 1)..]) is not null) return (name[..slash], name[(slash + 1)..]);
        foreach (string provider in Config.Providers.Keys.Concat(Order).Concat(Catalog.Providers))
        {
            // A record for whatever a local server serves says nothing of where a model is to be had.
            if (Catalog.Find(provider, name) is { Id: not "*" }) return (provider, name);
        }
        return null;
    }
}
