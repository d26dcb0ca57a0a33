using System.CommandLine;
using Sluice.Catalog;
using Sluice.Cli.Hosting;
using Sluice.Cli.Listing;
using Sluice.Cli.Output;
using Sluice.Configuration;
using Sluice.Routing;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice models</c>: what every provider offers, asked live and at the same time.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var names = ProviderNames.Option(configuration);
        var capabilities = new Option<string[]>("--capability") { Description = $"Only models that can do this, by the catalogue; may be repeated: {string.Join(", ", Capability.Names)}", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
        capabilities.CompletionSources.Add([.. Capability.Names]);
        capabilities.Validators.Add(Capability.Check);
        var output = OutputFormat.Option();
        var command = new Command("models", "List the models of every provider, asked live.")
            .WithNotes("All are asked at once; one that fails is shown as such and harms no other. Piped, it prints one name a line. Exit code 4 where every provider failed.")
            .WithExamples("sluice models", "sluice models --provider openai --capability vision", "sluice models --capability tools --capability reasoning --output json", "sluice models | grep mini");
        configuration.AddTo(command);
        command.Options.Add(names);
        command.Options.Add(capabilities);
        command.Options.Add(output);
        command.SetAction(async (parsed, token) =>
        {
            if (configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
            if (!ProviderNames.TryChoose(config, parsed.GetValue(names), out var chosen)) return ExitCodes.WrongUsage;
            using var state = new GatewayState(config, TimeProvider.System);
            var listing = await AskAsync(state, chosen, ConfiguredCatalog.Load(config), parsed.GetValue(capabilities) ?? [], parsed.GetValue(names) is { Length: > 0 }, token);
            var writer = parsed.InvocationConfiguration;
            string format = parsed.GetValue(output)!;
            if (format != "table") writer.Output.Write(OutputFormat.Write(ModelListingReport.Describe(listing), format));
            else if (Terminal.HasOutput) ModelListingTable.Write(listing, parsed.InvocationConfiguration.Output);
            else ModelListingReport.WriteLines(listing, writer.Output);
            ModelListingReport.WriteFailures(listing, writer.Error);
            return listing.Providers.Count == 0 ? ExitCodes.ConfigurationInvalid : listing.Providers.All(p => p.Error is not null) ? ExitCodes.ProviderUnreachable : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<ModelListing> AskAsync(GatewayState state, IReadOnlyList<ProviderConfig> chosen, ModelCatalog catalog, IReadOnlyList<string> capabilities, bool some, CancellationToken cancellationToken)
    {
        var gateway = state.Current;
        var providers = gateway.Providers.Where(p => chosen.Any(c => c.Name == p.Name)).ToArray();
        var asked = providers.Select(p => state.Models.ListAsync(p, refresh: true, cancellationToken)).ToArray();
        var lists = await Terminal.WaitAsync(Task.WhenAll(asked), () => $"{asked.Count(a => a.IsCompleted)} of {asked.Length} providers have answered");
        return ModelListing.Of(gateway, providers.Zip(lists), catalog, capabilities, withRoutes: !some);
    }
}
