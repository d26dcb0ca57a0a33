namespace Sluice.Routing;

/// <summary>Which models a provider is known to have.</summary>
internal interface IModelNames
{
    /// <summary>True when the provider is known to have the model.</summary>
    bool Knows(ProviderModel provider, string model);

    /// <summary>The models that are known of a provider; empty where nothing is known yet.</summary>
    IReadOnlyCollection<string> Of(ProviderModel provider);

    /// <summary>Another number each time that a list came in.</summary>
    long Revision { get; }

    /// <summary>Asks those providers for their models that nobody has asked, or not lately; the wait is bounded.</summary>
    ValueTask LearnAsync(IReadOnlyList<ProviderModel> providers, CancellationToken cancellationToken);
}
