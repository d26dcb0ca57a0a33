using System.CommandLine;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Simulator;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice simulate</c>: the provider APIs alone.</summary>
internal static class SimulateCommand
{
    private static readonly string[] Prefixes = ["/openai/v1", "/anthropic", "/gemini", "/ollama", "/cohere", "/mistral"];

    public static Command Create()
    {
        var listen = new Option<string>("--listen") { Description = "Address to listen on", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:4010" };
        var delay = new Option<int>("--chunk-delay-ms") { Description = "Pause between two pieces of a stream", HelpName = "MS", DefaultValueFactory = _ => 20 };
        var command = new Command("simulate", "Run simulated provider APIs (OpenAI, Anthropic, Gemini, Ollama, Cohere, Mistral), with faults on demand.")
            .WithExamples("sluice simulate", "sluice simulate --listen 127.0.0.1:0 --chunk-delay-ms 0", "OPENAI_BASE_URL=http://127.0.0.1:4010/openai/v1 OPENAI_API_KEY=any sluice serve    # in another terminal");
        command.Options.Add(listen);
        command.Options.Add(delay);
        command.SetAction(async (parsed, token) =>
        {
            using var signals = new ShutdownSignals();
            var options = new SimulatorOptions { Listen = parsed.GetValue(listen)!, ChunkDelay = TimeSpan.FromMilliseconds(Math.Clamp(parsed.GetValue(delay), 0, 60_000)) };
            SimulatorServer simulator;
            try
            {
                simulator = await SimulatorServer.StartAsync(options, token);
            }
            catch (Exception e) when (e is IOException or FormatException or ArgumentException)
            {
                await Console.Error.WriteLineAsync($"sluice: cannot listen on {options.Listen}: {e.Message}");
                return ExitCodes.Failed;
            }
            await using (simulator)
            {
                string url = simulator.BaseAddress.GetLeftPart(UriPartial.Authority);
                Console.WriteLine($"Simulated providers on {url}:");
                foreach (string path in Prefixes) Console.WriteLine($"  {url}{path}");
                Console.WriteLine($"Faults: POST {url}/__control, or the header x-sim-fault");
                await signals.WaitAsync();
            }
            return ExitCodes.Done;
        });
        return command;
    }
}
