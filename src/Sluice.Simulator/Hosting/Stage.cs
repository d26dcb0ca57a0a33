using Sluice.Simulator.Answers;

namespace Sluice.Simulator.Hosting;

/// <summary>What all vendors of one simulator share.</summary>
internal sealed class Stage(SimulatorOptions options)
{
    public SimulatorOptions Options { get; } = options;

    public RequestLimits Limits { get; } = new(options);

    public Ids Ids { get; } = new(options.Seed);

    public PromptCache Cache { get; } = new();

    public Signer Signer { get; } = new(options.Seed);
}
