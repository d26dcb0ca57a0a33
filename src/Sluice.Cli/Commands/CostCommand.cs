using System.CommandLine;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice cost</c>: what a call would cost, and what recorded calls did cost.</summary>
internal static class CostCommand
{
    public static Command Create()
    {
        var command = new Command("cost", "Estimate what a call costs, or price recorded usage.").WithExamples("sluice cost estimate -m openai/gpt-5.4 --input-tokens 12000 --output-tokens 800", "sluice cost calculate usage.jsonl");
        command.Subcommands.Add(CostEstimateCommand.Create());
        command.Subcommands.Add(CostCalculateCommand.Create());
        return command;
    }
}
