using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sluice.Access;
using Sluice.Client;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Gateway.Admin;
using Sluice.Gateway.Endpoints;
using Sluice.Gateway.Http;
using Sluice.Routing;
using Sluice.Telemetry;

namespace Sluice.Gateway.Hosting;

/// <summary>A running gateway.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GatewayLifetime _lifetime;
    private readonly HostTelemetry _telemetry;
    private readonly SluiceRuntime _runtime;

    // Who was told to end has only an error event to write; who reads slower than this is cut off.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    // Slow readers are held back, not cut off. Within a call its deadline bounds that; this is for who never takes the end of an answer.
    private static readonly MinDataRate SlowestReader = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromMinutes(1));

    private GatewayHost(WebApplication app, SluiceRuntime runtime, GatewayLifetime lifetime, HostTelemetry telemetry) => (_app, _runtime, _lifetime, _telemetry) = (app, runtime, lifetime, telemetry);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where the administration API is served: <c>admin.listen</c>, else the same address.</summary>
    public Uri AdminAddress { get; private set; } = null!;

    /// <summary>The admin key, where this start has made it: it is told once, and kept as a hash only. <see langword="null"/> otherwise.</summary>
    public string? MadeAdminKey { get; private init; }

    /// <summary>The configuration in force.</summary>
    public GatewayState State => _runtime.State;

    /// <summary>Where administrative acts are written down.</summary>
    public IAuditLog Audit => _telemetry.Audit;

    /// <summary>Starts a gateway.</summary>
    /// <param name="config">A valid configuration.</param>
    /// <param name="options">What the host brings along.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="ArgumentException">Keys are required, and there is no store that holds them.</exception>
    /// <exception cref="SluiceException">The store cannot be used.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<GatewayHost> StartAsync(SluiceConfig config, GatewayHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        options ??= new GatewayHostOptions();
        if (config.Keys.Required && options.Store is null) throw new ArgumentException("keys.required is true, and there is no store that holds keys", nameof(options));
        var state = new GatewayState(config, options.Time);
        var telemetry = new HostTelemetry(config, options, state);
        var callers = new CallerCheck(options.Store is { } store ? new KeyAuthenticator(store.Keys, state, options.Time) : null, state);
        ICallObserver[] observers = [.. options.Observers, .. telemetry.Observers];
        var runtime = new SluiceRuntime(state, new RuntimeOptions { Store = options.Store, Time = options.Time, Random = options.Random, Guards = options.Guards, Observers = observers, Tell = telemetry.Tell });
        var engine = runtime.Engine;
        telemetry.Watch(engine);
        var lifetime = new GatewayLifetime();
        var readiness = new Readiness([.. options.Store is not null ? new IReadinessCheck[] { new StoreCheck(options.Store) } : [], .. options.ReadinessChecks], lifetime, options.Time);
        var (admin, madeKey) = await AdminParts.BuildAsync(options, state, engine, telemetry.Audit, cancellationToken);
        var readers = new ReaderCheck(callers, admin);
        var dispatcher = new Dispatcher(
            new CallEndpoint(engine, new RefusedCalls(observers, options.Time), state, callers, new AdmissionGate(state, options.Time), lifetime), new ModelEndpoints(state, options.Time, callers), new HealthEndpoints(state, readiness, readers),
            new StoredResponseEndpoints(engine, runtime.Ledger, state, callers, options.Time), new MetricsEndpoint(telemetry.Prometheus, readers), admin, engine, state);
        var app = Build(config);
        app.Run(config.Admin is { Enabled: true, Listen: not null } ? dispatcher.HandleByListenerAsync : dispatcher.HandleAsync);
        var host = new GatewayHost(app, runtime, lifetime, telemetry) { MadeAdminKey = madeKey };
        await runtime.StartAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        (host.Address, host.AdminAddress) = Listeners.Of(app);
        return host;
    }

    /// <summary>
    /// Takes no new calls and says so under <c>/health/ready</c>; lets open ones end within the grace of the configuration; ends the rest with an error
    /// in their own format; then stops.
    /// </summary>
    public async Task StopAsync()
    {
        _lifetime.Stop();
        if (!await DrainAsync(_runtime.Engine, State.Current.Config.Server.ShutdownGrace))
        {
            _runtime.Engine.EndCalls();
            await DrainAsync(_runtime.Engine, LastWords);
        }
        using var close = new CancellationTokenSource(LastWords);
        await _app.StopAsync(close.Token);
    }

    private static async Task<bool> DrainAsync(CallEngine engine, TimeSpan most)
    {
        using var end = new CancellationTokenSource(most);
        try
        {
            await engine.DrainAsync(end.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _runtime.DisposeAsync();
        await _telemetry.DisposeAsync();
    }

    private static WebApplication Build(SluiceConfig config)
    {
        var server = config.Server;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (server.Https is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = server.ShutdownGrace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // bounded in RequestBody, with an error in the client's dialect
            kestrel.Limits.MaxRequestHeaderCount = HeaderLimit.OfServer(server.MaxHeaders);
            kestrel.Limits.MinResponseDataRate = SlowestReader;
            Listeners.Add(kestrel, config);
        });
        return builder.Build();
    }
}
