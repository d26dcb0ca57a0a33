namespace Sluice.Simulator.Hosting;

/// <summary>One vendor: from a request to an answer, without any waiting and without faults.</summary>
internal interface IProvider
{
    /// <summary>The vendor's name, which is also the first segment of its path.</summary>
    string Name { get; }

    Reply Answer(SimulatedCall call);

    Reply Error(SimulatedCall call, ProviderError error);
}
