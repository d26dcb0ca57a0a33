using Sluice.Configuration.Yaml;
using Sluice.Errors;

namespace Sluice.Cli.Keys;

/// <summary>
/// Keys to work on: those of a store, or those of a gateway elsewhere. Both take the settings and tell the JSON of the administration API, so that a command prints the
/// same of either. A version that is not <see langword="null"/> makes a change conditional.
/// </summary>
internal interface IKeyRing : IAsyncDisposable
{
    /// <summary>The address for SDKs; <see langword="null"/> where it is not known.</summary>
    string? Address { get; }

    ValueTask<Outcome<IReadOnlyList<ShownKey>>> ListAsync(CancellationToken cancellationToken);

    ValueTask<Outcome<ShownKey>> GetAsync(string idOrName, CancellationToken cancellationToken);

    /// <summary>Makes a key; its JSON has the key itself as <c>key</c>.</summary>
    ValueTask<Outcome<ShownKey>> CreateAsync(MapNode settings, CancellationToken cancellationToken);

    ValueTask<Outcome<ShownKey>> UpdateAsync(string idOrName, MapNode patch, long? version, CancellationToken cancellationToken);

    /// <summary>Gives a key a new secret, which is in its JSON as <c>key</c>.</summary>
    ValueTask<Outcome<ShownKey>> RotateAsync(string idOrName, TimeSpan grace, long? version, CancellationToken cancellationToken);

    ValueTask<Outcome<ShownKey>> RevokeAsync(string idOrName, long? version, CancellationToken cancellationToken);

    /// <summary>Makes a new admin key.</summary>
    ValueTask<Outcome<string>> RotateAdminAsync(CancellationToken cancellationToken);
}
