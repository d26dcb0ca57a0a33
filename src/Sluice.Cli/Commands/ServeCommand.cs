using System.CommandLine;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve</c>: the gateway.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var listen = new Option<string?>("--listen") { Description = "Address to listen on (overrides server.listen)", HelpName = "HOST:PORT" };
        var command = new Command("serve", "Run the gateway.")
            .WithNotes("A changed configuration is taken up while it runs, at once on SIGHUP; one with faults is reported and the old one stays. Ctrl-C lets open streams finish; a second one does not.")
            .WithExamples("sluice serve", "sluice serve --config ./sluice.yaml --listen 0.0.0.0:4000", "sluice serve --profile team", "kill -HUP $(pidof Sluice.Cli)    # load the configuration again now");
        configuration.AddTo(command);
        command.Options.Add(listen);
        command.SetAction(async (parsed, _) =>
        {
            ConfigurationOverride[] overrides = parsed.GetValue(listen) is { } address ? [new ConfigurationOverride(["server", "listen"], address, "--listen")] : [];
            return configuration.LoadWhole(parsed, overrides) is { } loaded ? await RunAsync(loaded) : ExitCodes.ConfigurationInvalid;
        });
        return command;
    }

    private static Task<int> RunAsync(LoadedConfiguration loaded) => GatewayRunner.RunAsync(loaded.Config, host =>
    {
        var gateway = host.State.Current;
        string url = host.Address.GetLeftPart(UriPartial.Authority);
        Console.WriteLine($"Sluice listens on {url}");
        foreach (var provider in gateway.Providers) Console.WriteLine($"  {provider.Name}/...  {provider.Vendor.Name}");
        foreach (var route in gateway.Routes) Console.WriteLine($"  {route.Name}  -> {string.Join(", ", route.Targets.Select(t => t.Id))}");
        foreach (var pattern in gateway.Patterns) Console.WriteLine($"  {pattern.Name}  -> {string.Join(", ", pattern.Targets.Where(t => t.Enabled).Select(t => t.Model))}");
        if (gateway.Providers.Count > 0)
        {
            Console.WriteLine($"Base URL for SDKs: {url}/v1 (OpenAI), {url} (Anthropic, Google, Ollama)");
            return;
        }
        Console.WriteLine(ProviderNames.None);
        Console.WriteLine(ProgramName.In("To try it without any key: sluice demo"));
    }, loaded);
}
