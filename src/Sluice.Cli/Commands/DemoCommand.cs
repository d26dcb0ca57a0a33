using System.CommandLine;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Configuration;
using Sluice.Simulator;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice demo</c>: gateway and simulator together, no key needed.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var listen = new Option<string>("--listen") { Description = "Address of the gateway", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:4000" };
        var command = new Command("demo", "Run the gateway with simulated providers; no key needed.").WithExamples("sluice demo", "sluice demo --listen 127.0.0.1:5000");
        command.Options.Add(listen);
        command.SetAction((parsed, token) => RunAsync(parsed.GetValue(listen)!, token));
        return command;
    }

    private static async Task<int> RunAsync(string listen, CancellationToken cancellationToken)
    {
        if (!ListenAddress.TryParse(listen, out _))
        {
            await Console.Error.WriteLineAsync($"sluice: --listen {listen}: not an address; write HOST:PORT, such as 127.0.0.1:4000");
            return ExitCodes.WrongUsage;
        }
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(30) }, cancellationToken);
        // What the demo used and cost is gone with it.
        using var folder = new TemporaryFolder("sluice-demo-");
        var result = ConfigurationLoader.LoadText(DemoConfiguration.Text(simulator.BaseAddress, listen, Path.Combine(folder.Path, "sluice.db")), "demo", new ProcessEnvironment());
        if (result.Config is not { } config)
        {
            foreach (var fault in result.Faults) await Console.Error.WriteLineAsync(fault.ToString());
            return ExitCodes.ConfigurationInvalid;
        }
        return await GatewayRunner.RunAsync(config, host => DemoWelcome.Print(host.Address));
    }
}
