using Sluice.Engine;
using Sluice.Gateway.Admin;
using Sluice.Storage;

namespace Sluice.Gateway.Hosting;

/// <summary>What a host brings along beside the configuration.</summary>
public sealed record GatewayHostOptions
{
    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For ids and jitter. Default: seeded by the system.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Asked in order whether a call may go on. Default: none.</summary>
    public IReadOnlyList<ICallGuard> Guards { get; init; } = [];

    /// <summary>What outlives the process: keys, ledger, budgets, audit log. The host does not dispose it. Default: none, and with it no virtual keys.</summary>
    public ISluiceStore? Store { get; init; }

    /// <summary>Where the configuration came from, for the administration API. Default: none, and it shows none.</summary>
    public ConfigurationAccess? Configuration { get; init; }

    /// <summary>What <c>/health/ready</c> asks beside the configuration and the store. Default: nothing.</summary>
    public IReadOnlyList<IReadinessCheck> ReadinessChecks { get; init; } = [];

    /// <summary>Told of every finished call. Default: none.</summary>
    public IReadOnlyList<ICallObserver> Observers { get; init; } = [];

    /// <summary>Reads the <c>OTEL_*</c> variables. Default: the process's.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where the line of each call is written (<c>logging</c>). Default: nowhere.</summary>
    public Stream? LogOutput { get; init; }
}
